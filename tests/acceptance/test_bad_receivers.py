"""The service as a process among receivers that fail, each in its own way: all are told once they can be."""

import json
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.acceptance.conftest import Installation, Site
from tests.servers import LoopbackServer, Reply, drip
from tests.sinks import HANG_UP, SmtpSink, WebhookSink, refusing_port

#: How each webhook answers, in turn; the last one stays.
WAYS = {
    "well": [Reply()],
    "slow": [drip(b"taken", pause=0.2)],
    "500": [Reply(status=500), Reply()],
    "429": [Reply(status=429, headers={"Retry-After": "3"}), Reply()],
    "half-close": [HANG_UP, Reply()],
    "hang": [Reply(delay=6), Reply()],
    "cut": [Reply(raw=b"HTTP/1.1 20"), Reply()],
}
#: Those that may have had the message when they failed.
UNKNOWN = {"half-close", "hang", "cut"}
#: Seconds; the second attempt comes after half a minute at most.
PATIENCE = 90


def test_each_is_told_once_it_can_be_and_none_waits_for_another(installation: Installation, site: Site) -> None:
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.load_cert_chain(Path(__file__).parents[1] / "delivery" / "self-signed.pem")
    with ExitStack() as stack:
        hooks = {name: stack.enter_context(WebhookSink()) for name in WAYS}
        for name, replies in WAYS.items():
            hooks[name].answers(*replies)
        strange, mail = stack.enter_context(LoopbackServer(tls=certificate)), stack.enter_context(SmtpSink())
        mail.answer = "451 come again"
        never = [f"json://127.0.0.1:{refusing_port()}/hook", f"jsons://127.0.0.1:{strange.port}/hook"]
        to = [*(hook.address for hook in hooks.values()), mail.address("desk@example.org"), *never]
        (installation.folder / "subscribers.yaml").write_text(json.dumps({"subscribers": [{"name": "Desk", "to": to}]}))
        site.publish_past("one.xml")
        site.publish_past("two.xml")
        installation.run("poll", "--no-send")
        service = installation.start()
        try:
            site.publish("one.xml", slug="start", title="BTR breaks ground on its anode plant in Morocco", text=".")
            wait(lambda: hooks["well"].received)
            wait(lambda: mail.mails)
            mail.answer = "250 OK"
            # Before the service is asked, which costs a process each time.
            wait(lambda: len(mail.mails) > 1 and all(len(hooks[name].events) >= len(WAYS[name]) for name in WAYS))
            wait(lambda: len(told(installation)) == len(to) - len(never))
        finally:
            service.terminate()
            service.wait(20)

        for name, hook in hooks.items():
            assert [event["id"] for event in hook.events] == [hook.events[0]["id"]] * len(WAYS[name]), name
        assert [each["Message-ID"] for each in mail.mails] == [mail.mails[0]["Message-ID"]] * 2
        assert strange.requests == []
        histories = [[each["outcome"] for each in record["history"]] for record in installation.run("deliveries")]
        assert sum(history[0].startswith("unknown") for history in histories) == len(UNKNOWN)
        waiting = [history[-1] for history in histories if history[-1].startswith("failed")]
        assert sorted("certificate" in said for said in waiting) == [False, True]


def told(installation: Installation) -> list[object]:
    return [record for record in installation.run("deliveries") if record["state"] == "sent"]


def wait(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(1)
