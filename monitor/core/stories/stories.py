"""Groups articles that report the same news in nearly the same words: copies of one story, which are one source.

A story is all articles that are connected by copies. Its key is that of the earliest one. So stories depend only on the
set of articles, not on their order. A late article may join two stories.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.model import Article
from monitor.core.state import Report, Source
from monitor.core.stories.retelling import Telling, without_echoes
from monitor.core.stories.sketches import copies, sketch

#: News is copied within days. The same words after that are news again.
WINDOW = timedelta(days=10)


class Stories:
    """The stories of articles that arrive one by one, in memory."""

    def __init__(self) -> None:
        self._of_project: dict[str, list[Telling]] = defaultdict(list)
        #: The earliest article in the story of each article, and all members of its story.
        self._first: dict[str, Telling] = {}
        self._members: dict[Telling, list[Telling]] = {}

    def add(self, article: Article, source: Source, projects: Sequence[str]) -> None:
        """Join an article to the stories of its copies: articles from the same days that share a project with it."""
        if not projects or article.key in self._first:
            return
        new = Telling(
            source.published_at, article.key, source.outlet, source.trust, sketch(article.title, article.text)
        )
        self._first[new.article] = new
        self._members[new] = [new]
        nearby = {told for project in projects for told in self._near(project, new.published_at)}
        for copy in copies(new.sketch, ((told, told.sketch) for told in nearby)):
            self._join(self._first[copy.article], self._first[new.article])
        for project in projects:
            insort(self._of_project[project], new)

    def of(self, report: Report) -> Report:
        """The report of an added article, with its present story and without its echoes."""
        first = self._first[report.source.article]
        members = self._members[first]
        if len(members) == 1:
            return report
        return without_echoes(replace(report, source=replace(report.source, story=first.article)), members)

    def _near(self, project: str, at: datetime) -> list[Telling]:
        told = self._of_project[project]
        start = bisect_left(told, -WINDOW, key=lambda one: one.published_at - at)
        return told[start : bisect_right(told, WINDOW, key=lambda one: one.published_at - at)]

    def _join(self, one: Telling, other: Telling) -> None:
        first, later = sorted((one, other))
        if first != later:
            joining = self._members.pop(later)
            self._members[first] += joining
            self._first.update((told.article, first) for told in joining)
