"""In which form a service gets a message, and how much of it. Apprise would cut or split it anywhere."""

from dataclasses import dataclass

from apprise.common import NotifyFormat
from apprise.plugins.base import NotifyBase

from monitor.core.message.markup import escaped
from monitor.core.news import Message
from monitor.core.plain import fit, shorten

#: What Apprise wants between a title and a body that share a limit, and for its count of pieces.
_ROOM = 32
#: By how much the text is cut further where what a service makes of it is still too long.
_LESS = 0.8
#: The least that is tried: a line.
_LEAST = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message as it is given to Apprise."""

    title: str
    body: str
    form: NotifyFormat


def written(message: Message, service: NotifyBase, *, is_shown: bool = True) -> Sheet:
    """The message in the richest form that the service shows well, cut to what it takes at the end of a line.

    A service without titles gets the title as the first line. The address has the last word (``?format=text``).
    What programs receive (``is_shown`` is false) is plain text.
    """
    # Asked for Markdown, a service says what it would make of it: its own form where it shows none.
    form = service.resolve_format(NotifyFormat.MARKDOWN if is_shown else NotifyFormat.TEXT)
    if form is NotifyFormat.MARKDOWN and message.markdown:
        return _fitted(message.title, message.markdown, form, service)
    if form is NotifyFormat.HTML and message.html and len(message.html) + len(message.title) < service.body_maxlen:
        return Sheet(message.title, message.html, form)
    return _fitted(message.title, message.body, NotifyFormat.TEXT, service)


def _fitted(title: str, body: str, form: NotifyFormat, service: NotifyBase) -> Sheet:
    if service.title_maxlen > 0:
        title = shorten(title, service.title_maxlen)
        most = service.body_maxlen - len(title) - _ROOM
    else:
        head = f"**{escaped(title)}**\n" if form is NotifyFormat.MARKDOWN else title
        title, body, most = "", f"{head}\n{body}", service.body_maxlen
    limit, fitted = most, fit(body, max(most, 1))
    # A service's own dialect may need more room than Markdown does.
    while len(service.dialect_convert(fitted, body_format=form)) > most and limit > _LEAST:
        limit = int(limit * _LESS)
        fitted = fit(body, limit)
    return Sheet(title, fitted, form)
