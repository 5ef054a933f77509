"""Chooses the format of a message for a service, and its length. Apprise would cut or split it anywhere."""

from dataclasses import dataclass

from apprise.common import NotifyFormat
from apprise.plugins.base import NotifyBase

from monitor.core.message.markup import escaped
from monitor.core.news import Message
from monitor.core.plain import fit, shorten

#: Characters that Apprise needs between a title and a body that share a limit, and for its count of parts.
_ROOM = 32
#: The factor by which the text is shortened further while the service's rendering of it is too long.
_LESS = 0.8
#: The shortest length that is tried: one line.
_LEAST = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message in the form that Apprise gets."""

    title: str
    body: str
    form: NotifyFormat


def written(message: Message, service: NotifyBase, *, is_shown: bool = True) -> Sheet:
    """The message in the richest format that the service shows well, cut at the end of a line to the service's limit.

    If a service has no titles, the title becomes the first line. The address may override the format
    (``?format=text``). Programs (``is_shown`` is false) get plain text.
    """
    # Ask for Markdown: a service without it answers with the format that it would show.
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
    # The service's own dialect may be longer than Markdown.
    while len(service.dialect_convert(fitted, body_format=form)) > most and limit > _LEAST:
        limit = int(limit * _LESS)
        fitted = fit(body, limit)
    return Sheet(title, fitted, form)
