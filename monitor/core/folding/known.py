"""The operator's own word: what was known before, and decisions on what articles say.

A decision is an official source. What was known before is a source only if an article at its address was heard, or if
the configuration calls it official (``core.folding.fold``).
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from monitor.core.model import Claim, Project, State
from monitor.core.state import Report, Source

#: The prefix of the article keys of ``known:`` milestones in the configuration.
_KNOWN = "known:"
#: The prefix of the article keys of an operator's decisions on articles.
_WORD = "review:"


def known_reports(project: Project, *, as_of: datetime | None = None) -> tuple[Report, ...]:
    """The ``known:`` milestones of a project, each as a report.

    The source of an official one has official trust, the source of any other none.

    Args:
        project: the project.
        as_of: if given, only those that had happened by this instant.
    """
    reports = (_known_report(project, index) for index in range(len(project.known)))
    return tuple(report for report in reports if as_of is None or report.source.seen_at <= as_of)


def is_known(source: Source) -> bool:
    """Whether this is no article but a ``known:`` milestone of the configuration. Its instants then mean nothing."""
    return source.article.startswith(_KNOWN)


def operators_word(on: Source, *, claim: str, by: str, at: datetime) -> Source:
    """An operator's word on a claim of this article: published with the article, with official trust."""
    article = f"{_WORD}{claim}"
    return replace(on, article=article, story=article, outlet=by, trust=1.0, seen_at=at)


def is_operators_word(source: Source) -> bool:
    """Whether this is no article but an operator's decision on one. The outlet is then the operator's name."""
    return source.article.startswith(_WORD)


def is_operators(source: Source) -> bool:
    """Whether this is the operator's own word, of either kind."""
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
        trust=1.0 if known.official else 0.0,
        published_at=instant,
        seen_at=instant,
        story=article,
    )
    claim = Claim(
        project=project.id, stage=known.stage, state=known.state, date=known.date, confidence=1.0, evidence=""
    )
    return Report(source=source, claims=(claim,))
