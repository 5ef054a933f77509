"""Decides which of several projects the words of a stretch of text describe best."""

from collections.abc import Mapping

from monitor.core.model import Project
from monitor.core.reading.projects.mention import Role
from monitor.core.reading.text.document import Span

#: The words for what and where of a project in a stretch.
Words = frozenset[tuple[Role, Span]]


def best_described(words: Mapping[str, Words], projects: Mapping[str, Project]) -> list[str]:
    """The rival projects (siblings) that the words in a stretch of text speak for.

    These are the most fully described projects. If all of them have a configured product, also those that have words of
    their own.
    """
    most = most_fully_described(words, projects)
    best = [project for project in words if project in most]
    if all(projects[project].what for project in best):
        taken: Words = frozenset().union(*(words[project] for project in best))
        best += [project for project in words if words[project] - taken]
    return best


def most_fully_described(words: Mapping[str, Words], projects: Mapping[str, Project]) -> set[str]:
    """The projects with the largest share of their configured description: what and where beat one of the two."""
    fullness = {project: _fullness(projects[project], own) for project, own in words.items() if own}
    most = max(fullness.values(), default=0.0)
    return {project for project, full in fullness.items() if full == most}


def _fullness(project: Project, words: Words) -> float:
    """The share of the configured kinds of description (what, where) that the words contain."""
    configured = {role for role, given in ((Role.WHAT, project.what), (Role.WHERE, project.where)) if given}
    return len(configured & {role for role, _ in words}) / len(configured)
