"""Reads the translation catalogues, ``locale/<language>.po``.

They are parsed in the form that translators edit, so nothing has to be compiled after an edit. Parsing all five takes
less time than one page of a website.
"""

from collections.abc import Callable, Mapping
from functools import cache
from gettext import c2py
from importlib import resources

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from monitor.core.message.tongue import ENGLISH, Catalogue

#: The language of the code, which needs no catalogue.
SOURCE = "en"


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """The catalogues of all languages of messages, by ISO 639-1 code."""
    return {SOURCE: ENGLISH, **{language: _catalogue(language) for language in languages()}}


def languages() -> tuple[str, ...]:
    """The languages that messages are translated into."""
    files = (file.name for file in resources.files("monitor.wording.locale").iterdir())
    return tuple(sorted(name.removesuffix(".po") for name in files if name.endswith(".po")))


def read(language: str) -> Catalog:
    """The parsed file of a language, as translators see it."""
    with resources.files("monitor.wording.locale").joinpath(f"{language}.po").open("rb") as file:
        return read_po(file)


def _catalogue(language: str) -> Catalogue:
    written = read(language)
    messages = {}
    for message in written:
        id_, string = message.id, message.string
        forms = tuple(form or "" for form in (string if isinstance(string, list | tuple) else (string,)))
        # A missing or fuzzy translation falls back to English.
        if id_ and all(forms) and not message.fuzzy:
            messages[message.context or "", id_ if isinstance(id_, str) else id_[0]] = forms
    plural: Callable[[int], int] = c2py(written.plural_expr)
    return Catalogue(locale=str(written.locale), messages=messages, plural=plural)
