"""The article that the project began with, from a feed to a mail and a webhook."""

from pathlib import Path

from tests.acceptance.conftest import Installation, Site
from tests.sinks import SmtpSink, WebhookSink

SEED = (Path(__file__).parent / "seed.txt").read_text()


def test_the_seed_article_is_one_alert_for_each_change_with_its_proof_and_never_again(
    installation: Installation, site: Site, hook: WebhookSink, mail: SmtpSink
) -> None:
    title, _, text = SEED.partition("\n")
    site.publish_past("one.xml")
    site.publish_past("two.xml")
    installation.run("poll")
    assert (hook.events, mail.mails) == ([], [])

    site.publish("one.xml", slug="seed", title=title, text=text)
    installation.run("poll")

    told = {(event["subject"], event["data"]["type"], event["data"]["to"]) for event in hook.events}
    assert {("btr-cathode", "status", "approved"), ("btr-anode", "status", "approved")} <= told
    assert len(told) == len(hook.events)
    # People get what it tells of a project in one mail.
    assert len(mail.mails) == len({subject for subject, _, _ in told})
    for event in hook.events:
        assert event["data"]["sources"] == [site.server.url("/seed")]
        assert all(sentence in SEED for sentence in event["data"]["evidence"])
    before = len(hook.events), len(mail.mails)
    site.publish("two.xml", slug="seed", title=title, text=text)
    site.publish("one.xml", slug="other", title="Météo", text="Il fera beau.")
    installation.run("poll")
    assert (len(hook.events), len(mail.mails)) == before
