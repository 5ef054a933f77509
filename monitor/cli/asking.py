"""The fields of a project as options give them, or as they are asked for on a terminal."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from monitor.cli.output import err
from monitor.settings.searches import WrittenSearch
from monitor.settings.watching import Fields, Value, usual_editions
from monitor.settings.words import split_words

Words = list[str] | None
Name = Annotated[Words, typer.Option("--name", help="Of the project; fr=TEXT beside it is its French one.")]
Who = Annotated[Words, typer.Option("--who", help="Companies, in every spelling and script of the press.")]
What = Annotated[Words, typer.Option("--what", help="What is built.")]
Where = Annotated[Words, typer.Option("--where", help="Places, from the site to the country.")]
Not = Annotated[Words, typer.Option("--not", help="Words that show that a text is about something else.")]
Tag = Annotated[Words, typer.Option("--tag", help="Labels by which subscribers follow projects.")]
Lifecycle = Annotated[str | None, typer.Option("--lifecycle", help="Name of its lifecycle.")]

_LANGUAGE = re.compile(r"([a-z]{2,3})=(.*)")


def given_fields(
    *, name: Words, who: Words, what: Words, where: Words, not_: Words, tag: Words, lifecycle: str | None
) -> dict[str, Value]:
    """The given fields by their keys in projects.yaml, in the order in which they are written."""
    given: dict[str, Value | None] = {
        "name": _name(name),
        "who": given_words(who),
        "what": given_words(what),
        "where": given_words(where),
        "not": given_words(not_),
        "lifecycle": lifecycle,
        "tags": given_words(tag),
    }
    return {key: value for key, value in given.items() if value is not None}


def given_words(given: Words) -> list[str] | None:
    """The words of an option that may be repeated or hold several with commas. None if it is absent."""
    return split_words("\n".join(given)) if given is not None else None


def _name(given: Words) -> str | dict[str, str] | None:
    if given is None:
        return None
    found = [(match[1], match[2]) if (match := _LANGUAGE.fullmatch(each)) else ("", each) for each in given]
    by_language = {language: text.strip() for language, text in found}
    if len(by_language) < len(given) or {"", "en"} <= by_language.keys():
        example = "--name 'Acme plant' --name 'fr=Usine Acme'"
        raise typer.BadParameter(f"give one --name, and one for each other language: {example}")
    if by_language.keys() == {""}:
        return by_language[""]
    # The English name is shown in every language that has none of its own.
    return {language or "en": text for language, text in by_language.items()}


def ask(question: str, default: str = "") -> str:
    """What the operator answers on the terminal. There is no way round without a default."""
    return str(typer.prompt(question, default=default or None, err=True)).strip()


def asked_fields(fields: Fields) -> dict[str, Value]:
    """The fields, with those that are missing asked for."""
    questions = {
        "who": "Who builds it: companies in every spelling, with commas",
        "what": "What is built",
        "where": "Where, from the site to the country",
        "not": "Words that show that a text is about something else",
    }
    asked: dict[str, Value] = {"name": ask("Name of the project")}
    for key, question in questions.items():
        asked[key] = fields[key] if key in fields else _asked_words(question)
    return {**asked, **fields}


def _asked_words(question: str) -> list[str]:
    return given_words([str(typer.prompt(question, default="", show_default=False, err=True))]) or []


def asked_editions(searches: Sequence[WrittenSearch]) -> list[str]:
    """The editions that are wanted; those of the searches that are there unless said otherwise."""
    return given_words([ask("Languages of its news searches", ",".join(usual_editions(searches)))]) or []


def confirm(lines: Sequence[str]) -> None:
    """Show what is to be written, and go on only if the operator agrees."""
    err.print(Text("\n" + "\n".join(lines) + "\n", "dim"), soft_wrap=True)
    typer.confirm("Write this?", default=True, abort=True, err=True)
