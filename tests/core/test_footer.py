"""The link at the end of a mail, by which its reader manages the subscription."""

from monitor.core.message.footer import with_link
from monitor.core.news import Message
from tests.builders import VOICE

LINK = "https://m.example/subscription/a&b"
MESSAGE = Message(title="T", body="Text.\n", id="m", html="<html><body><p>Text</p></body></html>")


def test_the_link_ends_the_text_and_the_html() -> None:
    message = with_link(MESSAGE, LINK, voice=VOICE, language="en")

    assert message.body == f"Text.\n\nPause, change or end this subscription: {LINK}"
    assert message.html.endswith("</a></p></body></html>")
    assert 'href="https://m.example/subscription/a&amp;b"' in message.html


def test_without_an_address_a_message_stays_as_it_is() -> None:
    assert with_link(MESSAGE, "", voice=VOICE, language="en") is MESSAGE


def test_a_template_without_an_end_gets_the_link_too() -> None:
    message = with_link(Message(title="T", body="b", id="m", html="<p>x"), LINK, voice=VOICE, language="en")

    assert message.html.startswith("<p>x<p")


def test_a_message_of_text_alone_gets_no_html() -> None:
    assert with_link(Message(title="T", body="b", id="m"), LINK, voice=VOICE, language="ar").html == ""
