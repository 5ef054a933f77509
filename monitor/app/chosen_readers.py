"""The readers that a command uses, by name: the configured one, or several side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import InputError
from monitor.ports import Reader
from monitor.readers.checked import CheckedReader, checks
from monitor.readers.plug import MODEL, TRAINED, reader_factory, survey
from monitor.settings.config import Config
from monitor.watch.watch import Watch

if TYPE_CHECKING:
    from monitor.app.build import App

Readers = Annotated[
    list[str] | None,
    typer.Option(
        "--reader",
        metavar="NAME",
        help="trained, llm, or your own, package.module:Name; may be repeated. The configured one when absent.",
    ),
]


def configured(config: Config) -> str:
    """The name of the configured reader."""
    return MODEL if config.reader.llm else config.reader.use


def chosen(app: "App", names: Iterable[str]) -> tuple[Mapping[str, Watch], list[InputError]]:
    """Return the watch for each reader by its name, and an error for each reader that cannot be used.

    Raises:
        InputError: none of the readers can be used.
    """
    found: dict[str, Watch] = {}
    complaints: list[InputError] = []
    for name in dict.fromkeys(names):
        try:
            reader = app.watch.reader if name == configured(app.config) else _load(app, name)
            found[name] = replace(app.watch, reader=reader)
        except InputError as error:
            complaints.append(error)
    if complaints and not found:
        raise InputError("\n".join(map(str, complaints)))
    return found or {configured(app.config): app.watch}, complaints


def _load(app: "App", name: str) -> Reader:
    config = app.config
    if name == MODEL:
        raise InputError("--reader llm: no language model is configured; describe it in monitor.yaml: reader: {llm: …}")
    try:
        surveyor = survey(config.projects, app.setup().lexicons)
        factory = reader_factory(name, weights=config.reader.weights, surveyor=surveyor)
        reader = factory(config.projects, surveyor.lexicons, config.lifecycles)
        return CheckedReader(reader, checks(config.phrases, surveyor, config.lifecycles))
    except Exception as error:  # an operator's own reader may raise anything
        remedy = (
            "or name their folder in monitor.yaml: reader: {weights: FOLDER}"
            if name == TRAINED
            else f"there are {TRAINED}, {MODEL}, and your own as package.module:Name"
        )
        raise InputError(f"--reader {name}: {error}; {remedy}") from error
