"""The last line of a mail: where its reader manages the subscription. Pure."""

from dataclasses import replace
from html import escape

from monitor.core.message.tongue import Tongue
from monitor.core.message.voice import Voice
from monitor.core.news import Message

_STYLE = "font:13px sans-serif;color:#59616c;text-align:center;padding:8px"
_END = "</body>"


def with_link(message: Message, link: str, *, voice: Voice, language: str) -> Message:
    """The message with the address at which its reader manages the subscription. Unchanged if there is none."""
    if not link:
        return message
    tongue = Tongue.of(voice.catalogues, language)
    words = tongue.say("Pause, change or end this subscription")
    line = f'<p style="{_STYLE}"><a href="{escape(link)}" style="color:#59616c">{escape(words)}</a></p>'
    before, end, after = message.html.rpartition(_END)
    html = f"{before}{line}{end}{after}" if end else f"{message.html}{line}"
    body = f"{message.body.rstrip()}\n\n{tongue.mark}{words}: {link}"
    return replace(message, body=body, html=html if message.html else "")
