"""What is secret in an address is nowhere to be seen, whatever the services answer."""

import json
import sqlite3
import subprocess
from contextlib import closing

from tests.acceptance.conftest import Installation, Site, environment
from tests.servers import Reply
from tests.sinks import SmtpSink, WebhookSink

CANARY = "CANARY7secret"
COMMANDS = (
    ("poll",),
    ("deliveries", "--json"),
    ("deliveries", "--change", ""),
    ("check", "--json"),
    ("export", "changes"),
    ("notify", "Desk", "--test"),
)


def test_no_secret_is_in_any_output_log_or_table(
    installation: Installation, site: Site, hook: WebhookSink, mail: SmtpSink
) -> None:
    hook.routes["/message"] = hook.routes[f"/{CANARY}"] = Reply(status=403, body=CANARY.encode())
    hook.answers(Reply(status=500, body=CANARY.encode()))
    mail.answer = f"550 nobody knows {CANARY}"
    here = f"127.0.0.1:{hook.port}"
    to = [
        f"json://{CANARY}:{CANARY}@{here}/hook?+X-Key={CANARY}&-q={CANARY}",
        f"gotify://{here}/{CANARY}",
        f"form://{CANARY}:{CANARY}@{here}/{CANARY}",
        mail.address("desk@example.org", user="monitor", password=CANARY),
    ]
    subscribers = installation.folder / "subscribers.yaml"
    subscribers.write_text(json.dumps({"subscribers": [{"name": "Desk", "to": to}]}))
    site.publish_past("one.xml")
    site.publish_past("two.xml")
    installation.run("poll")
    site.publish("one.xml", slug="start", title="BTR breaks ground on its cathode plant in Morocco", text=".")

    said = []
    for command in COMMANDS:
        done = subprocess.run(
            installation.command(*command), check=False, capture_output=True, text=True, env=environment(), timeout=60
        )
        said += [done.stdout, done.stderr]
    with closing(sqlite3.connect(installation.folder.parent / "data" / "monitor.db")) as database:
        said += database.iterdump()

    assert any("HTTP 500" in text for text in said)
    assert any("550 nobody knows ***" in text for text in said)
    assert not [text for text in said if CANARY in text]
