"""What the operator says himself, as a source that is official: what was known before, and of what articles say."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from monitor.core.model import Claim, Project, State
from monitor.core.state import Report, Source

#: Begins the article key of what the configuration says to be known.
_KNOWN = "known:"
#: Begins the article key of what an operator says of an article.
_WORD = "review:"


def known_reports(project: Project, *, as_of: datetime | None = None) -> tuple[Report, ...]:
    """The ``known:`` milestones of a project, each the report of a source that is trusted like an official one.

    With ``as_of`` those that had happened by that instant.
    """
    reports = (_known_report(project, index) for index in range(len(project.known)))
    return tuple(report for report in reports if as_of is None or report.source.seen_at <= as_of)


def is_known(source: Source) -> bool:
    """Whether this is no article but the operator's own word; its instants say nothing then."""
    return source.article.startswith(_KNOWN)


def operators_word(on: Source, *, claim: str, by: str, at: datetime) -> Source:
    """What an operator says of a claim that this article makes: published with it, and as good as official."""
    article = f"{_WORD}{claim}"
    return replace(on, article=article, story=article, outlet=by, trust=1.0, seen_at=at)


def is_operators_word(source: Source) -> bool:
    """Whether this is no article but what an operator says of one: the outlet is the operator's name then."""
    return source.article.startswith(_WORD)


def is_operators(source: Source) -> bool:
    """Whether this is the operator's own word, of one kind or the other."""
    return source.article.startswith((_KNOWN, _WORD))


def _known_report(project: Project, index: int) -> Report:
    known = project.known[index]
    day = known.date.start if known.date and known.state is not State.EXPECTED else date.min
    instant = datetime.combine(day, time(), UTC)
    article = f"{_KNOWN}{project.id}:{index}"
    source = Source(
        article=article,
        url=known.source,
        outlet="",
        trust=1.0,
        published_at=instant,
        seen_at=instant,
        story=article,
    )
    claim = Claim(
        project=project.id, stage=known.stage, state=known.state, date=known.date, confidence=1.0, evidence=""
    )
    return Report(source=source, claims=(claim,))
