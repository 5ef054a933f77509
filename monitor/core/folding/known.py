"""The operator's own word: what was known before, and decisions on what articles say.

A decision is an official source. What was known before is a source only if an article at its address was heard, or if
the configuration calls it official (``core.folding.fold``).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

from monitor.core.model import Claim, KnownMilestone, Project, State
from monitor.core.periods import Period
from monitor.core.state import Evidence, Report, Source

#: The prefix of the article keys of ``known:`` milestones in the configuration.
_KNOWN = "known:"
#: The prefix of the article keys of an operator's decisions on articles.
_WORD = "review:"


def known_reports(project: Project, *, as_of: datetime | None = None) -> tuple[Report, ...]:
    """The ``known:`` milestones of a project, each as a report.

    The source of an official one has official trust, the source of any other none.

    Args:
        project: the project.
        as_of: if given, only those that may have been known by this instant (``known_from``).
    """
    return tuple(
        _known_report(project, index)
        for index, known in enumerate(project.known)
        if as_of is None or ((day := known_from(project, known)) is not None and _start(day) <= as_of)
    )


def known_from(project: Project, known: KnownMilestone) -> date | None:
    """The first day on which a ``known:`` milestone of a project may have been known.

    That is the day of its source. Without one, nobody knew of a reached stage before its date, and what has no date or
    is still to come is taken to be as old as the last reached stage of the entries. None if there is none: then it is
    in no past.
    """
    if known.said is not None:
        return known.said.start
    if known.date is not None and known.state is not State.EXPECTED:
        return known.date.start
    reached = (each.date.start for each in project.known if each.date and each.state is State.REACHED)
    return max(reached, default=None)


def is_known(source: Source) -> bool:
    """Whether this is no article but a ``known:`` milestone of the configuration. Its instants then mean nothing."""
    return source.article.startswith(_KNOWN)


def operators_word(on: Source, *, claim: str, by: str, at: datetime) -> Source:
    """An operator's word on a claim of this article: published with the article, with official trust."""
    article = f"{_WORD}{claim}"
    return replace(on, article=article, story=article, trust=1.0, seen_at=at, decides_on=on.article, decided_by=by)


def is_operators_word(source: Source) -> bool:
    """Whether this is no article but an operator's decision on one. Outlet and address are those of the article."""
    return source.decided_by is not None


def is_operators(source: Source) -> bool:
    """Whether this is the operator's own word, of either kind."""
    return is_known(source) or is_operators_word(source)


def _known_report(project: Project, index: int) -> Report:
    known = project.known[index]
    instant = _start(known_from(project, known) or date.min)
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


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


# Chooses what proves a stage with its date, or an amount. Everything that shows a proof uses this choice. Pure --------


def proofs(
    evidence: Iterable[Evidence],
    told: Period | float | None,
    *,
    language: str | None = None,
    is_expected: bool = False,
) -> tuple[Evidence, ...]:
    """The evidence that tells exactly this, the best first.

    An article with a sentence is better than one without, then one in the reader's language, then the earliest. Of what
    is still expected the latest is better. What the operator knew counts only if no article tells this.

    Args:
        evidence: the evidence for one stage in one state, or for one quantity, the earliest published first.
        told: the believed date or amount. None if no date is believed; then the evidence may tell any date or none.
        language: the reader's language, as ISO 639-1 with or without region. None for any.
        is_expected: whether it is still to come.
    """
    detail = str(told) if isinstance(told, Period) else told
    exact = [each for each in evidence if detail is None or each.tells == detail]
    articles = [each for each in exact if each.sentence or not is_known(each.source)]
    if is_expected:
        articles.reverse()
    if language is not None:
        articles.sort(key=lambda each: not is_read(each.source.language, language))
    quoted = [each for each in articles if each.sentence]
    return (*quoted, *(each for each in articles if not each.sentence)) if articles else tuple(exact)


def is_read(language: str | None, reader: str) -> bool:
    """Whether text in this language is in the reader's language. If its language is not known, it is not."""
    return language is not None and _bare(language) == _bare(reader)


def _bare(language: str) -> str:
    return language.partition("-")[0].lower()
