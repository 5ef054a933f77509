"""Edits of the projects in ``projects.yaml`` and of their searches in ``feeds.yaml``, as texts of the files."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from monitor.core.model import Project
from monitor.core.searches import query_for
from monitor.errors import ConfigError, Problem
from monitor.settings.editing import EditError, flow_list, scalar, with_items, with_values, without_item
from monitor.settings.files import FEEDS, PROJECTS
from monitor.settings.searches import WrittenSearch
from monitor.settings.writing import read_text

#: What an option of the command line can change, by key of ``projects.yaml``. A name maps languages to texts.
Value = str | Sequence[str] | Mapping[str, str]
Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What becomes of the searches of a project that is removed."""

    #: Removed with it, for they are for no other project.
    removed: tuple[WrittenSearch, ...]
    #: They stay for other projects.
    kept: tuple[WrittenSearch, ...]


def slug(name: str) -> str:
    """An id made of a name. "" if it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")


def new_id(name: str, words: Sequence[str], taken: Collection[str]) -> str:
    """An id for a new project: made of its name, else of the first of its words that has a Latin letter or digit."""
    base = next(filter(None, map(slug, (name, *words))), "project")
    numbered = (f"{base[:56].rstrip('-')}-{number}" for number in count(2))
    return base if base not in taken else next(each for each in numbered if each not in taken)


def plain_name(fields: Fields) -> str:
    """The name, or the first one of several languages."""
    name = fields["name"]
    return str(next(iter(name.values())) if isinstance(name, Mapping) else name)


def words_in(fields: Fields) -> list[str]:
    """The words that a project is described by."""
    return [str(word) for key in ("who", "what", "where") for word in fields.get(key) or ()]


def search_for(fields: Fields, editions: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of the search for a new project, and the editions whose press writes none of its words."""
    who, what, where = (tuple(map(str, fields.get(key) or ())) for key in ("who", "what", "where"))
    project = Project(id=str(fields["id"]), name={"": plain_name(fields)}, who=who, what=what, where=where)
    found = queries(project, editions)
    lines = search_lines(plain_name(fields), project.id, found) if found else []
    return lines, [edition for edition in editions if edition not in found]


def usual_editions(searches: Sequence[WrittenSearch]) -> tuple[str, ...]:
    """The editions in which the searches that are there look for news; English if there are none."""
    found = dict.fromkeys(edition for search in searches for edition in search.settings.queries)
    return tuple(found) or ("en",)


def queries(project: Project, editions: Sequence[str]) -> dict[str, str]:
    """A query for each of these editions, without those whose press writes none of the project's words."""
    return {edition: query for edition in editions if (query := query_for(project, edition))}


def project_lines(fields: Fields) -> list[str]:
    """The lines of a project in ``projects.yaml``."""
    return [f"{key}: {_written(value)}" for key, value in fields.items() if value]


def search_lines(name: str, project: str, found: Mapping[str, str]) -> list[str]:
    """The lines of a search in ``feeds.yaml``."""
    return [
        f"name: {scalar(name)}",
        f"projects: [{project}]",
        "queries:",
        *(f"  {edition}: {scalar(query)}" for edition, query in found.items()),
    ]


def with_project(folder: Path, fields: Fields, search: Sequence[str] = ()) -> Mapping[str, str]:
    """The files with a project at the end, and with a search for it if it has lines. Raises ConfigError."""
    texts = {PROJECTS: _edited(folder, PROJECTS, lambda text: with_items(text, "projects", [project_lines(fields)]))}
    if search:
        texts[FEEDS] = _edited(folder, FEEDS, lambda text: with_items(text, "searches", [search]))
    return texts


def with_fields(folder: Path, index: int, fields: Fields) -> Mapping[str, str]:
    """The files with these fields of a project changed. Raises ConfigError."""
    values = [(key, _written(value)) for key, value in fields.items()]
    return {PROJECTS: _edited(folder, PROJECTS, lambda text: with_values(text, "projects", index, values))}


def removal(project: str, searches: Sequence[WrittenSearch]) -> Removal:
    """What becomes of the searches if this project is removed."""
    own = [search for search in searches if project in search.settings.projects]
    return Removal(
        removed=tuple(search for search in own if set(search.settings.projects) == {project}),
        kept=tuple(search for search in own if set(search.settings.projects) != {project}),
    )


def without_project(folder: Path, index: int, project: str, searches: Sequence[WrittenSearch]) -> Mapping[str, str]:
    """The files without a project, and without the searches that are for it alone. Raises ConfigError."""
    going = removal(project, searches)

    def without_searches(text: str) -> str:
        for number, search in reversed([*enumerate(searches)]):
            if search in going.removed:
                text = without_item(text, "searches", number)
            elif search in going.kept:
                rest = [each for each in search.settings.projects if each != project]
                text = with_values(text, "searches", number, [("projects", flow_list(rest))])
        return text

    texts = {PROJECTS: _edited(folder, PROJECTS, lambda text: without_item(text, "projects", index))}
    if going.removed or going.kept:
        texts[FEEDS] = _edited(folder, FEEDS, without_searches)
    return texts


def _edited(folder: Path, name: str, edit: Callable[[str], str]) -> str:
    try:
        return edit(read_text(folder / name))
    except EditError as error:
        raise ConfigError([Problem(file=str(folder / name), line=None, key="", message=str(error))]) from error


def _written(value: Value) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{language}: {scalar(text)}' for language, text in value.items())}}}"
    return scalar(value) if isinstance(value, str) else flow_list(value)
