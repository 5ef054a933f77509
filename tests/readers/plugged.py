"""A reader of an operator's own, as docs/reading.md shows it."""

import time
from collections.abc import Mapping, Sequence

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Claim, Project, Reading, State
from monitor.core.reading.lexicon import Lexicon
from tests.readers.hits import HitReader


class RibbonReader:
    """Knows that where a ribbon is cut, something was inaugurated; leaves all else to another reader."""

    def __init__(
        self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], lifecycles: Mapping[str, Lifecycle]
    ) -> None:
        self._plain = HitReader(projects, lexicons, lifecycles)

    def read(self, article: Article) -> Reading:
        reading = self._plain.read(article)
        if "ribbon" not in article.title:
            return reading
        claims = tuple(
            Claim(
                project=project,
                stage="operating",
                state=State.REACHED,
                date=article.published,
                confidence=0.6,
                evidence=article.title,
            )
            for project in reading.projects
        )
        return Reading(language=reading.language, projects=reading.projects, claims=claims, facts=reading.facts)


class SilentReader:
    """Takes every article for one on all projects, and claims nothing."""

    def __init__(
        self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], lifecycles: Mapping[str, Lifecycle]
    ) -> None:
        self._projects = tuple(project.id for project in projects)

    def read(self, article: Article) -> Reading:
        return Reading(language=article.language, projects=self._projects, claims=(), facts=())


class SlowReader(SilentReader):
    """Takes longer for an article than anybody waits."""

    def read(self, article: Article) -> Reading:
        end = time.process_time() + 5
        while time.process_time() < end:
            pass
        return super().read(article)


NO_READER = 42
