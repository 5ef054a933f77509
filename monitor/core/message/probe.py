"""Writes the message that proves an address: it reaches its reader, in the reader's language. Pure."""

from monitor.core.message.tongue import Tongue
from monitor.core.news import Message


def probe(subscriber: str, tongue: Tongue) -> Message:
    """The message that ``monitor notify --test`` sends to the addresses of this subscriber."""
    title = tongue.say("Milestone monitor: a test")
    said = tongue.say(
        "This is a test for {subscriber}. No project has moved; alerts will arrive here.",
        subscriber=tongue.foreign(subscriber),
    )
    return Message(
        title=title,
        body=f"{tongue.mark}{said}",
        id="test",
        event={"specversion": "1.0", "id": "test", "source": "/monitor", "type": "monitor.test"},
    )
