"""Everything that was ever said of a project, story by story. Copies of a story stand below its first telling."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.folding.fold import publication_order
from monitor.core.message.told import Place
from monitor.core.page.citing import Citing, article_of
from monitor.core.state import Correction, Report, Unverified


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that an article says."""

    words: str
    #: In quotation marks. "" if there is none.
    sentence: str
    #: Whether it is reported and not verified.
    is_waiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Another article that tells the same story."""

    day: str
    place: Place | None
    #: The key of the article. "" if it is none.
    article: str
    #: What it adds.
    said: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one story said, or what one source no longer says."""

    day: str
    place: Place | None
    #: The key of the article that told it first. "" if it is none.
    article: str
    said: tuple[Statement, ...]
    #: The other articles that tell it, in the order of their publication.
    copies: tuple[Copy, ...]
    is_withdrawn: bool
    #: The operator who decided it. "" if an article says it.
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """One page of it, the latest first."""

    entries: tuple[Entry, ...]
    #: All entries, on this page and the others.
    total: int


@dataclass(frozen=True, slots=True)
class _Event:
    """A story, or a correction if it has no copies and ``withdrawn`` is set."""

    at: tuple[datetime, str]
    told: Sequence[Report]
    withdrawn: datetime | None = None


def chronicle(
    reports: Iterable[Report],
    corrections: Iterable[Correction],
    citing: Citing,
    *,
    unverified: Iterable[Unverified] = (),
    first: int = 0,
    most: int = 1_000,
) -> Chronicle:
    """What was said, without the first so many entries, and at most so many.

    Args:
        reports: everything that was said.
        corrections: what publishers no longer say.
        citing: quotes the sources.
        unverified: what moves nothing yet. It is marked, also in copies of the same story.
        first: the number of entries before this page.
        most: the most entries of this page.
    """
    waiting = frozenset((each.source.story, each.said.told) for each in unverified)
    events = sorted((*_stories(reports), *_corrections(corrections)), key=lambda each: each.at, reverse=True)
    return Chronicle(
        entries=tuple(_entry(each, citing, waiting) for each in events[first : first + most]),
        total=len(events),
    )


def _stories(reports: Iterable[Report]) -> Iterator[_Event]:
    """The stories with a statement. The first of its articles with one leads it."""
    stories: dict[str, list[Report]] = {}
    for report in sorted(reports, key=publication_order):
        stories.setdefault(report.source.story, []).append(report)
    for told in stories.values():
        lead = next((report for report in told if report.said), None)
        if lead is not None:
            yield _Event(publication_order(lead), [lead, *(each for each in told if each is not lead)])


def _corrections(corrections: Iterable[Correction]) -> Iterator[_Event]:
    for each in corrections:
        report = Report(source=each.source, claims=each.claims, facts=each.facts)
        yield _Event((each.at, each.source.article), [report], withdrawn=each.at)


def _entry(event: _Event, citing: Citing, waiting: Collection[object]) -> Entry:
    lead, *copies = event.told
    source = lead.source
    doubtful = () if event.withdrawn else waiting
    return Entry(
        day=citing.day(event.withdrawn) if event.withdrawn else citing.published(source),
        place=None if source.decided_by else citing.place(source),
        article=article_of(source),
        said=_said(lead, citing, doubtful),
        copies=tuple(_copy(each, citing, doubtful) for each in copies),
        is_withdrawn=event.withdrawn is not None,
        decided_by=citing.tongue.foreign(source.decided_by) if source.decided_by else "",
    )


def _copy(report: Report, citing: Citing, waiting: Collection[object]) -> Copy:
    source = report.source
    return Copy(
        day=citing.published(source),
        place=citing.place(source),
        article=article_of(source),
        said=_said(report, citing, waiting),
    )


def _said(report: Report, citing: Citing, waiting: Collection[object]) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            words=citing.said(each),
            sentence=citing.sentence(each.evidence),
            is_waiting=(report.source.story, each.told) in waiting,
        )
        for each in report.said
    )
