"""Loads labels and articles from files, joins them and reads the articles."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.documents import articles, opened_file
from monitor.contracts.articles import GivenArticle
from monitor.contracts.labels import GivenLabel, fitted, parse_labels
from monitor.core.evaluation.scoring import Label
from monitor.core.model import Reading
from monitor.errors import InputError
from monitor.know.replay import read_article
from monitor.settings.scalars import suggest
from monitor.watch.watch import Watch

if TYPE_CHECKING:
    from monitor.app.build import App


@dataclass(slots=True)
class Labelled:
    """Labelled articles with their readings, and all errors in the files."""

    #: By the name of each reader, in the order of the articles.
    read: dict[str, list[tuple[Label, Reading]]]
    #: The headline of each article, by article id.
    titles: dict[str, str] = field(default_factory=dict)
    #: The number of articles without a label.
    unlabelled: int = 0
    #: Projects of the labels that are not in the configuration.
    strangers: set[str] = field(default_factory=set)
    complaints: list[InputError] = field(default_factory=list)


def read_labelled(
    app: "App",
    labels: Path,
    article_file: str,
    *,
    readers: Mapping[str, Watch],
    skip: frozenset[str],
    heard: Callable[[], None] = lambda: None,
) -> Labelled:
    """Read each labelled article with each of these readers. ``heard`` is called after each article.

    Raises:
        InputError: a file cannot be read.
    """
    result = Labelled(read={name: [] for name in readers})
    given = _labels(labels, result)
    _fit(app, given, result, skip)
    for article in _articles(app, article_file, result):
        if article.id not in given:
            result.unlabelled += 1
            continue
        result.titles[article.id] = article.article.title
        label = given.pop(article.id).label
        for name, watch in readers.items():
            result.read[name].append((label, read_article(article.article, watch)))
        heard()
    result.complaints += [
        InputError(f"{label.place}: article '{label.label.article}' is not in {article_file}; left out")
        for label in given.values()
    ]
    return result


def _labels(path: Path, result: Labelled) -> dict[str, GivenLabel]:
    given: dict[str, GivenLabel] = {}
    for item in parse_labels(path):
        if isinstance(item, InputError):
            result.complaints.append(item)
        elif (first := given.setdefault(item.label.article, item)) is not item:
            told = f"{item.place}: '{item.label.article}' has a label in {first.place} already; left out"
            result.complaints.append(InputError(told))
    return given


def _fit(app: "App", given: dict[str, GivenLabel], result: Labelled, skip: frozenset[str]) -> None:
    """Leave out what the configuration does not contain."""
    projects = app.watch.projects
    for id_, item in given.items():
        given[id_], complaints = fitted(item, projects, app.watch.lifecycles)
        result.complaints += complaints
        for project in sorted(item.label.projects - projects.keys() - skip):
            result.strangers.add(project)
            told = f"{item.place}: no project '{project}' in the configuration{suggest(project, projects)}; left out"
            result.complaints.append(InputError(told))


def _articles(app: "App", name: str, result: Labelled) -> Iterator[GivenArticle]:
    seen: set[str] = set()
    with opened_file(name) as lines:
        for item in articles(app, name, lines):
            if isinstance(item, InputError):
                result.complaints.append(item)
            elif item.id in seen:
                result.complaints.append(InputError(f"{item.place}: article '{item.id}' was given already; left out"))
            else:
                seen.add(item.id)
                yield item
