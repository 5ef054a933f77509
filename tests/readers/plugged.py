"""A reader of an operator's own, as docs/reading.md shows it."""

from collections.abc import Mapping, Sequence

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Claim, Project, Reading, State
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.reader import RuleReader


class RibbonReader:
    """Knows that where a ribbon is cut, something was inaugurated; leaves all else to the built-in reader."""

    def __init__(
        self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], lifecycles: Mapping[str, Lifecycle]
    ) -> None:
        self._rules = RuleReader(projects, lexicons, lifecycles)

    def read(self, article: Article) -> Reading:
        reading = self._rules.read(article)
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


NO_READER = 42
