"""The rule-based reader: article → claims and facts, each with its sentence."""

from collections.abc import Mapping, Sequence

from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.matching import Matcher
from monitor.core.model import Article, Claim, Project, Reading
from monitor.core.reading.claims import Dated, assemble
from monitor.core.reading.dating import date_events
from monitor.core.reading.events import tell
from monitor.core.reading.facts import facts
from monitor.core.reading.focus import Focus
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.quantities import quantities
from monitor.core.reading.segment import segment, text_of
from monitor.core.reading.timex import time_expressions
from monitor.core.reading.tokens import Tokens


class RuleReader:
    """Reads by the phrases, cues and quantities of the lexicons. Build it once for a configuration; safe to share.

    Reading is pure, and linear in the length of the article. An article in a language without a lexicon is not read:
    its reading is empty.
    """

    def __init__(
        self,
        projects: Sequence[Project],
        lexicons: Mapping[str, Lexicon],
        lifecycles: Mapping[str, Lifecycle],
    ) -> None:
        self._projects = {project.id: project for project in projects}
        self._matcher = Matcher(projects)
        self._lexicons = lexicons
        self._lifecycles = lifecycles

    def read(self, article: Article) -> Reading:
        """All that the article says of the projects, in the order of the configuration and of the text."""
        lexicon = self._lexicons.get(article.language or "")
        if lexicon is None:
            return Reading(language=article.language, projects=(), claims=(), facts=())
        text = text_of(article)
        named = self._matcher.mentions(text)
        if not named:
            # Most news is on other things; it is not worth laying out.
            return Reading(language=article.language, projects=(), claims=(), facts=())
        document = segment(article, lexicon, text)
        mentions = lexicon.focus.with_adjectives(text, named, self._projects)
        concerned = self._matcher.concerns(document, mentions)
        if not concerned:
            return Reading(language=article.language, projects=(), claims=(), facts=())
        tokens = Tokens.of(document.text)
        focus = Focus(document, mentions, concerned, self._projects, lexicon.focus)
        told = tell(document, tokens, lexicon)
        datings = date_events(told, time_expressions(document, lexicon.dates), document)
        events = (
            Dated(project=project, told=event, dating=dating)
            for event, dates in zip(told, datings, strict=True)
            for dating in dates
            for project in focus.projects_at(event.head)
        )
        measured = facts(document, quantities(document, lexicon.numbers, lexicon.quantities), focus, lexicon.facts)
        claims = assemble(events, measured, document, concerned)
        return Reading(
            language=article.language,
            projects=concerned,
            claims=tuple(claim for claim in claims if self._has_stage(claim)),
            facts=measured,
        )

    def _has_stage(self, claim: Claim) -> bool:
        lifecycle = self._lifecycles[self._projects[claim.project].lifecycle]
        return lifecycle.has(claim.stage) or claim.stage in set(Condition)
