"""The pages on alerts and subscribers: why a change was told or not, what was given up, and how a message looks."""

import re
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.news import Proof
from monitor.ports import OUTSIDE, DeliveryState, SignUp
from monitor.watch.watch import owing
from tests.builders import NOW, make_article, make_change, make_poll
from tests.ledger.decisions import nothing
from tests.sinks import SmtpSink, refusing_port
from tests.web.visiting import browsing, text

SUBSCRIBERS = """subscribers:
  - name: Desk    # the first
    to: ["{desk}"]
    language: fr
  - {{name: Press, to: ["json://127.0.0.1:9/hook"], projects: [other]}}
"""
ID = "c0ffee"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    (made / "projects.yaml").write_text(
        "projects:\n  - {id: plant, name: Nemo plant, who: [Nemo]}\n  - {id: other, name: Other, who: [Other]}\n"
    )
    (made / "monitor.yaml").write_text(
        "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\nfetch: {allow_private: [127.0.0.0/8]}\n"
    )
    subscribe(made, f"mailto://127.0.0.1:{refusing_port()}?from=m@x.org&to=desk@x.org")
    return made


def subscribe(folder: Path, desk: str) -> None:
    (folder / "subscribers.yaml").write_text(SUBSCRIBERS.format(desk=desk))


def tell(app: App) -> None:
    proof = Proof(sentence="Works <b>began</b>.", url="https://example.org/1", outlet="Daily", title="Works begin")
    change = make_change(id=ID, stage="construction", to="construction", proof=(proof,))
    app.ledger.note(owing([change], [change], app.watch, NOW))


def give_up(app: App) -> None:
    tell(app)
    [bundle] = app.outbox.acquire(worker="w", now=NOW, lease=timedelta(minutes=1), limit=1)
    app.outbox.mark_failed(
        [bundle.deliveries[0].id],
        worker="w",
        message=bundle.id,
        now=NOW,
        outcome="refused: no such user",
        retry_at=None,
        may_have_arrived=False,
    )


async def test_a_change_leads_to_how_its_article_was_read(folder: Path) -> None:
    async with browsing(folder) as browser:
        tell(browser.app)
        browser.app.ledger.record(make_poll(make_article("1", url="https://example.org/1")), nothing)
        _, shown = await browser.get(f"/alerts/changes/{ID}")

    assert 'href="/articles/1"' in shown


async def test_a_change_shows_who_was_told_who_not_and_why(folder: Path) -> None:
    async with browsing(folder) as browser:
        give_up(browser.app)
        _, listed = await browser.get("/alerts")
        _, shown = await browser.get(f"/alerts/changes/{ID}")
        missing, _ = await browser.get("/alerts/changes/feed")

    assert f'href="/alerts/changes/{ID}"' in listed
    said = text(shown).replace("\u2060", "")
    assert "refused: no such user" in said
    assert "Desk is told follows plant and wants status changes" in said.replace("\u2068", "").replace("\u2069", "")
    assert "follows other, not plant" in said
    assert 'href="/projects/plant"' in shown
    assert 'href="https://example.org/1"' in shown
    assert "<b>began" not in shown
    assert missing == 404


async def test_what_was_given_up_is_sent_again(folder: Path) -> None:
    async with browsing(folder) as browser:
        give_up(browser.app)
        number = str(browser.app.outbox.deliveries()[0].delivery.id)
        page = f"/alerts/changes/{ID}"
        answer = await browser.post("/alerts/retry", page, delivery=number, change=ID)
        states = [each.state for each in browser.app.outbox.deliveries()]
        (entry,) = browser.app.audit.entries(limit=9)

    assert answer == (303, f"{page}?retried=1")
    assert states == [DeliveryState.PENDING]
    assert (entry.action, entry.target, entry.detail) == ("alerts.retry", number, {"due": 1})


async def test_all_that_was_given_up_is_sent_again(folder: Path) -> None:
    async with browsing(folder) as browser:
        give_up(browser.app)
        answer = await browser.post("/alerts/retry", "/alerts?state=dead")

    assert answer == (303, "/alerts?retried=1")


async def test_deliveries_are_shown_by_subscriber(folder: Path) -> None:
    async with browsing(folder) as browser:
        tell(browser.app)
        _, desk = await browser.get("/alerts?subscriber=Desk")
        _, press = await browser.get("/alerts?subscriber=Press")

    assert f"/alerts/changes/{ID}" in desk
    assert f"/alerts/changes/{ID}" not in press


@pytest.mark.parametrize(
    ("form", "written"), [("text", "Works <b>began</b>."), ("chat", "[Daily](https://example.org/1)")]
)
async def test_a_message_is_shown_as_it_is_sent(folder: Path, form: str, written: str) -> None:
    async with browsing(folder) as browser:
        tell(browser.app)
        _, french = await browser.get(f"/alerts/changes/{ID}/message?form={form}&tongue=fr")

    assert "Réf. c0ffee" in french
    assert written in text(french)
    assert "<b>began" not in french


async def test_a_mail_is_shown_in_a_frame_that_can_do_nothing(folder: Path) -> None:
    async with browsing(folder) as browser:
        tell(browser.app)
        _, page = await browser.get(f"/alerts/changes/{ID}/message?tongue=ar")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{browser.address}/alerts/changes/{ID}/mail?tongue=ar") as answer,
        ):
            mail, policy = await answer.text(), answer.headers["Content-Security-Policy"]

    assert f'<iframe class="message" sandbox src="/alerts/changes/{ID}/mail?tongue=ar"' in page
    assert 'dir="rtl"' in mail
    assert "<b>began" not in mail
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "script" not in policy


async def test_subscribers_are_listed_with_what_they_get(folder: Path) -> None:
    async with browsing(folder) as browser:
        mail = browser.app.watch.subscribers[0].to[0]
        browser.app.departures.leave(browser.app.departures.token("Desk", mail.id, "t"), NOW)
        _, shown = await browser.get("/subscribers")
        back = await browser.post("/subscribers/readmit", "/subscribers", subscriber="Desk")
        left = browser.app.departures.all()

    said = text(shown)
    assert "set up by the operator" in said
    assert "unsubscribed on" in said
    assert "French" in said
    assert (back, list(left)) == ((303, "/subscribers?done=readmitted"), [])


async def test_a_test_message_reaches_its_destination(folder: Path) -> None:
    with SmtpSink() as mail:
        subscribe(folder, mail.address("desk@x.org"))
        async with browsing(folder) as browser:
            there = browser.app.watch.subscribers[0].to[0].id
            status, shown = await browser.post(
                "/subscribers/test", "/subscribers", subscriber="Desk", destination=there
            )
            nobody, _ = await browser.post("/subscribers/test", "/subscribers", subscriber="Desk", destination="x")

    assert (status, len(mail.mails), nobody) == (200, 1, 404)
    assert "The test message was taken by" in text(shown)


async def test_a_destination_that_does_not_answer_is_said(folder: Path) -> None:
    async with browsing(folder) as browser:
        there = browser.app.watch.subscribers[0].to[0].id
        _, shown = await browser.post("/subscribers/test", "/subscribers", subscriber="Desk", destination=there)

    assert "did not take the test message" in text(shown)


async def test_a_project_is_muted_for_a_subscriber_and_the_file_keeps_its_comments(folder: Path) -> None:
    async with browsing(folder) as browser:
        form = {"subscriber": "Desk", "project": "plant", "until": "2026-12-24"}
        muted = await browser.post("/subscribers/mute", "/subscribers", **form)
        tell(browser.app)
        (owed,) = browser.app.outbox.deliveries()
        ended = await browser.post("/subscribers/unmute", "/subscribers", subscriber="Desk")
        editors = [each.actor for each in browser.app.file_editions.editions(file="subscribers.yaml", limit=9)]

    assert (muted[0], ended) == (303, (303, "/subscribers?done=unmuted"))
    assert owed.due_at.date().isoformat() == "2026-12-24"
    assert editors == ["local", "local", OUTSIDE]
    assert "# the first" in (folder / "subscribers.yaml").read_text()
    assert load_folder(folder)[0].subscribers[0].mutes == ()


async def test_everything_is_muted_for_everybody(folder: Path) -> None:
    async with browsing(folder) as browser:
        await browser.post("/subscribers/mute", "/subscribers", subscriber="*", project="*", until="2026-12-24")
        muted = [each.mutes[0].projects for each in browser.app.watch.subscribers]

    assert muted == [("*",), ("*",)]


@pytest.mark.parametrize(
    "form",
    [{}, {"subscriber": "Desk"}, {"project": "plant"}, {"subscriber": "*", "project": "gone"}, {"subscriber": "Gone"}],
)
async def test_nobody_and_nothing_is_muted_unless_it_is_chosen(folder: Path, form: dict[str, str]) -> None:
    async with browsing(folder) as browser:
        status, shown = await browser.post("/subscribers/mute", "/subscribers", until="2026-12-24", **form)
        muted = [each.mutes for each in browser.app.watch.subscribers]

    assert status == 422
    assert "Choose for whom, and which project." in text(shown)
    assert 'value="2026-12-24"' in shown
    assert muted == [(), ()]


async def test_the_form_for_mutes_asks_and_chooses_the_project_from_whose_page_one_comes(folder: Path) -> None:
    async with browsing(folder) as browser:
        _, asking = await browser.get("/subscribers")
        _, project = await browser.get("/projects/plant")
        _, chosen = await browser.get("/subscribers?project=plant")

    assert " selected" not in asking
    assert asking.count('<option value="">please choose</option>') == 2
    assert '"/subscribers?project=plant#mute"' in project
    assert re.findall(r'value="([^"]*)" selected', chosen) == ["plant"]


async def test_the_page_of_a_project_shows_its_mutes_and_ends_them_one_by_one(folder: Path) -> None:
    async with browsing(folder) as browser:
        for project, until in (("plant", "2026-12-24"), ("*", "2026-12-31"), ("other", "2026-12-25")):
            form = {"subscriber": "*", "project": project, "until": until}
            await browser.post("/subscribers/mute", "/subscribers", **form)
        _, plant = await browser.get("/projects/plant")
        _, other = await browser.get("/projects/other")
        _, then = await browser.get("/projects/plant?as_of=2026-11-01")
        ended = [
            await browser.post("/subscribers/unmute", "/projects/plant", until="2026-12-24T00:00:00", projects="plant")
            for _ in range(2)
        ]
        wrong, _ = await browser.post("/subscribers/unmute", "/projects/plant", until="soon")
        left = [[each.projects for each in one.mutes] for one in browser.app.watch.subscribers]
        _, after = await browser.get("/projects/plant")

    shown = text(plant)
    assert "muted until 24 Dec 2026 · For whom: Desk · By whom: local" in shown
    assert "all projects muted until 31 Dec 2026 · For whom: Desk · By whom: local" in shown
    assert "25 Dec" not in shown
    assert "muted until 25 Dec 2026 · For whom: Desk, Press" in text(other)
    assert 'name="projects" value="plant"' in plant
    assert "muted until" not in text(then)
    assert ended == [(303, "/subscribers?done=unmuted")] * 2
    assert wrong == 404
    assert left == [[("*",), ("other",)]] * 2
    assert "24 Dec" not in text(after)


async def test_a_mute_that_is_over_or_of_many_is_shown_as_such(folder: Path) -> None:
    desks = "".join(f"  - {{name: Desk {n}, to: [console://], mute: {{until: 2026-12-24}}}}\n" for n in range(7))
    over = "  - {name: Past, to: [console://], mute: {until: 2026-01-01, projects: [plant]}}\n"
    (folder / "subscribers.yaml").write_text(f"subscribers:\n{desks}{over}")
    async with browsing(folder) as browser:
        _, shown = await browser.get("/projects/plant")

    assert "all projects muted until 24 Dec 2026 · For whom: 7 subscribers End" in text(shown)
    assert "1 Jan" not in text(shown)


async def test_a_day_that_is_none_is_refused(folder: Path) -> None:
    async with browsing(folder) as browser:
        form = {"subscriber": "*", "project": "*", "until": "soon"}
        status, shown = await browser.post("/subscribers/mute", "/subscribers", **form)

    assert status == 422
    assert "Choose a day." in text(shown)
    assert load_folder(folder)[0].subscribers[0].mutes == ()


async def test_who_subscribed_alone_is_told_apart_and_can_be_removed(folder: Path) -> None:
    account = "mailto://127.0.0.1?from=m@x.org"
    settings = (folder / "monitor.yaml").read_text()
    # Pages are not public here; who subscribed when they were is still told.
    offer = f"subscribe: {{from: '{account}', domains: [x.org]}}"
    (folder / "monitor.yaml").write_text(settings.replace("port: 0", f"port: 0, {offer}"))
    eve = SignUp(address="eve@x.org", projects=(), language="zh", digest=None, requested_at=NOW)
    async with browsing(folder) as browser:
        browser.app.readers.request(eve, "hash", forget_before=NOW)
        browser.app.readers.confirm("hash", NOW, since=NOW)
        tell(browser.app)
        _, shown = await browser.get("/subscribers")
        removed = await browser.post("/subscribers/remove", "/subscribers", subscriber="eve@x.org")
        named, _ = await browser.post("/subscribers/remove", "/subscribers", subscriber="Desk")
        states = {each.delivery.subscriber: each.state for each in browser.app.outbox.deliveries()}

    assert re.search(r"eve@x.org\W+subscribed alone", text(shown).replace("\u2060", ""))
    assert re.search(r"Desk\W+set up by the operator", text(shown))
    assert (removed, named) == ((303, "/subscribers?done=removed"), 404)
    assert states == {"Desk": DeliveryState.PENDING, "eve@x.org": DeliveryState.SUPERSEDED}
    assert [each.name for each in browser.app.watch.subscribers] == ["Desk", "Press"]
