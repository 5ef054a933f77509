"""Translates texts that this program has made in English before their reader was known."""

from collections.abc import Callable, Iterable
from string import Formatter

from monitor.core.message.tongue import Tongue


def recognised(
    text: str, templates: Iterable[str], context: str, tongue: Tongue, written: Callable[[str], str]
) -> str | None:
    """The text in the reader's language. None if it was made of none of these templates.

    Args:
        text: what was said in English.
        templates: what it may have been made of. Names in braces stand for what differs.
        context: that of their translations.
        tongue: the language of the reader.
        written: gives what stands for a name, as the reader sees it.
    """
    for template in templates:
        if (values := _values(template, text)) is not None:
            said = {name: written(value) for name, value in values.items()}
            return tongue.say_in(context, template, **said)
    return None


def _values(template: str, text: str) -> dict[str, str] | None:
    """What stands in a text for the names of a template. None if the text was not made of it."""
    values: dict[str, str] = {}
    name, rest = "", text
    for literal, following, *_ in Formatter().parse(template):
        before, _, behind = rest.partition(literal) if literal else ("", "", rest)
        if before + literal + behind != rest or bool(before) is not bool(name):
            return None
        values[name], rest = before, behind
        name = following or ""
    if bool(rest) is not bool(name):
        return None
    values[name] = rest
    return {name: value for name, value in values.items() if name}
