"""Finds the project that an operator means by an id, a name, or a part of one."""

from collections.abc import Mapping

import typer

from monitor.core.model import Project
from monitor.core.reading.projects.forms import plain
from monitor.settings.scalars import suggest


def project_meant(words: str, projects: Mapping[str, Project]) -> str:
    """The id of the project with this id or name, whatever its case and accents; else of the only one with it in them.

    Raises:
        typer.BadParameter: there is none, or there are several.
    """
    if words in projects:
        return words
    sought = plain(words)
    names = {id_: [plain(each) for each in (id_, *project.name.values())] for id_, project in projects.items()}
    found = [id_ for id_, forms in names.items() if sought in forms]
    found = found or [id_ for id_, forms in names.items() if sought and any(sought in form for form in forms)]
    if len(found) == 1:
        return found[0]
    if found:
        raise typer.BadParameter(f"'{words}' may be {', '.join(found)}; write more of it")
    near = suggest(words, [*projects, *(name for project in projects.values() for name in project.name.values())])
    raise typer.BadParameter(f"no project '{words}' in the configuration{near}; there are: {', '.join(projects)}")
