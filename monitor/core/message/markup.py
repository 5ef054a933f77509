"""Escapes text so that Markdown shows it literally (https://spec.commonmark.org/0.31.2/#backslash-escapes)."""

import re

#: Characters with a meaning anywhere in a line, in CommonMark or in the dialects of chat services.
_ANYWHERE = re.compile(r"([\\`*_{}\[\]<>~|&#])")
#: Markup at the beginning of a line: a list, a heading's underline, a number with its dot.
_AT_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
#: Characters that would end an address, or be read as markup in it.
_IN_ADDRESS = re.compile(r"[()\\|*`\[\]{}^~<>]")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def escaped(value: object) -> Markdown:
    """The value as text that no reader of Markdown takes for markup."""
    if isinstance(value, Markdown):
        return value
    text = _ANYWHERE.sub(r"\\\1", str(value))
    found = _AT_START.match(text)
    if found is None:
        return Markdown(text)
    sign = found[2]
    # A backslash escapes only punctuation: in a number, its dot.
    cut = found.end() if sign.isdigit() else found.start(2)
    return Markdown(f"{text[:cut]}\\{text[cut:]}")


def address(url: str) -> Markdown:
    """A web address, escaped as the destination of a link."""
    return Markdown(_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url))
