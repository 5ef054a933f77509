"""Takes back what was done at one time, such as a removal, and keeps what was edited since."""

from collections.abc import Mapping
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.operate.configuration import Edit
from monitor.ports import FileEdition, FileEditions
from monitor.settings.merging import taken_back
from monitor.settings.writing import read_text

#: So many edits are looked through for those that were made together.
_LATELY = 20


def last_edit(editions: FileEditions, file: str) -> str:
    """The number by which the newest edit of a file is put back. "" if there is none."""
    found = editions.last(file)
    return str(found.id) if found is not None else ""


def putting_back(editions: FileEditions, number: int) -> Edit | None:
    """The edit that takes back an edit, in all the files that it wrote. None if it is not known.

    The first edition of a file is what stood there before any edit. It cannot be taken back.
    It raises ConfigError if the same lines have changed since.
    """
    found = editions.edition(number)
    if found is None or editions.last(found.file, before=found.id) is None:
        return None
    newest = editions.editions(limit=_LATELY)
    together = {
        each.file: each for each in (*reversed(newest), found) if (each.at, each.actor) == (found.at, found.actor)
    }

    def texts(folder: Path, _: Mapping[str, str]) -> Mapping[str, str]:
        return {name: _taken_back(folder, each, editions) for name, each in together.items()}

    target = ", ".join(together)
    return Edit(texts=texts, action="configuration.undo", target=target, detail={"edition": number})


def _taken_back(folder: Path, edition: FileEdition, editions: FileEditions) -> str:
    former = editions.last(edition.file, before=edition.id)
    before, after = (each.decode("utf-8", "replace") for each in (former.content if former else b"", edition.content))
    text = taken_back(before, after, read_text(folder / edition.file))
    if text is None:
        message = "has changed at the same lines since; undo it in the history of edits"
        raise ConfigError([Problem(file=str(folder / edition.file), line=None, key="", message=message)])
    return text
