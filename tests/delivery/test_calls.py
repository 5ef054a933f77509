"""That no article can have a chat service call people, by what Apprise itself takes for a call."""

from dataclasses import replace

import pytest
from apprise.plugins.discord import NotifyDiscord

from monitor.core.message.compose import compose
from monitor.core.message.examples import EXAMPLES
from monitor.core.news import Proof
from monitor.delivery.apprise import _service, written
from tests.builders import VOICE

DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"


@pytest.mark.parametrize("form", ["markdown", "text"])
@pytest.mark.parametrize(
    ("sentence", "url"),
    [
        ("Works start, says press@everyone today.", None),
        ("Works start, says press@HERE today.", None),
        ("Works start, says _@here_ today.", None),
        ("Works start, says 1@123456789012345678 today.", None),
        ("Works start.", "https://example.org/@everyone/1"),
        ("Works start.", "https://example.org/1?by=@123456789012345678"),
    ],
)
def test_nobody_is_called(sentence: str, url: str | None, form: str) -> None:
    example = EXAMPLES["status"]
    proof = (Proof(sentence=sentence, url=url, outlet="Daily @everyone"),)
    briefing = replace(example, change=replace(example.change, proof=proof))
    service = _service(f"{DISCORD}?format={form}")
    assert isinstance(service, NotifyDiscord)

    sheet = written(compose(briefing, voice=VOICE, language="en"), service)

    assert "Works start" in sheet.body
    # What it would add to the message, as a call that rings.
    assert service.ping_payload(sheet.title, sheet.body) == {}
