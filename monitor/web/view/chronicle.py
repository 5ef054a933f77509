"""Everything that was ever said of a project, story by story, and the chart of its milestones."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import starmap

from monitor.core.changes.comparison import proof_of
from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import is_known, is_operators, proofs
from monitor.core.message import words
from monitor.core.message.told import MAX_SENTENCE, ToldPlace, statement, where_said
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, Said
from monitor.core.news import Proof
from monitor.core.periods import Period
from monitor.core.plain import clean, shorten
from monitor.core.state import Correction, Evidence, Milestone, ProjectState, Report, Source, Unverified

# The milestone trend chart: which date was expected for a milestone (upwards), at which time (to the right) -----------
#
# A level line is a forecast that holds, a rising one a slip. On the diagonal a forecast has come true or has run out.


#: The size of the drawing, and the margins for its labels. It is as wide as the page.
WIDTH, HEIGHT = 800, 320
LEFT, RIGHT, TOP, BOTTOM = 96, 16, 12, 28
#: The most labels of an axis.
_MOST_TICKS = 7
_TWO_YEARS, _HALF_A_YEAR = 730, 180
#: Times before this are of what was known before monitoring; they have no place on the axis.
_EARLIEST = date(1900, 1, 1)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """The forecasts of one stage."""

    #: From 1, for its colour and its marks.
    number: int
    label: str
    #: From left to right.
    points: tuple[Point, ...]
    #: Where it was reached. None if it was not.
    reached: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The drawing, in units of its width and height."""

    lines: tuple[ChartLine, ...]
    across: tuple[Tick, ...]
    upwards: tuple[Tick, ...]
    #: The ends of the diagonal.
    diagonal: tuple[Point, Point] | None
    #: The present day on the axis of time.
    today: float
    #: The size of the drawing, and the edges of its plane.
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart(state: ProjectState, today: date, tongue: Tongue) -> Chart | None:
    """The trend of the milestones that were ever expected. None if there are none."""
    edge = min((time for milestone in state.milestones for time in _times(milestone)), default=today)
    told = [(milestone, found) for milestone in state.milestones if (found := _forecasts(milestone, edge))]
    if not told:
        return None
    times = [time for _, found in told for time, _ in found]
    dates = [each for milestone, found in told for each in (*(due for _, due in found), *_actual(milestone))]
    first = min(times) - timedelta(days=15)
    across = _Axis(first, max(today, *times) + timedelta(days=15), LEFT, WIDTH - RIGHT)
    upwards = _Axis(min(dates) - timedelta(days=30), max(dates) + timedelta(days=30), HEIGHT - BOTTOM, TOP)
    plane = _Plane(across, upwards)
    lines = (
        ChartLine(
            number=number,
            label=words.event(tongue, milestone.stage),
            points=tuple(starmap(plane.point, _course(milestone, found, today))),
            reached=plane.point(min(milestone.actual.end, today), milestone.actual.end) if milestone.actual else None,
        )
        for number, (milestone, found) in enumerate(told, 1)
    )
    return Chart(
        lines=tuple(lines),
        across=tuple(_ticks(across, tongue)),
        upwards=tuple(_ticks(upwards, tongue)),
        diagonal=_diagonal(plane),
        today=across.at(today),
    )


def _times(milestone: Milestone) -> Iterator[date]:
    """The days on which a date was told."""
    times = (forecast.said_at.date() for forecast in milestone.forecasts)
    return (time for time in times if time >= _EARLIEST)


def _forecasts(milestone: Milestone, edge: date) -> Sequence[tuple[date, date]]:
    """(the day on which it was told, the last day of what was expected), in order.

    What the operator knew before monitoring began stands at the edge.
    """
    return [(_told(forecast.said_at.date(), edge), forecast.period.end) for forecast in milestone.forecasts]


def _told(time: date, edge: date) -> date:
    return time if time >= _EARLIEST else edge


def _actual(milestone: Milestone) -> Iterator[date]:
    if milestone.actual is not None:
        yield milestone.actual.end


def _course(milestone: Milestone, found: Sequence[tuple[date, date]], today: date) -> Sequence[tuple[date, date]]:
    """The points of a line: a forecast holds until the next one, the last one until it is reached or until today."""
    points = list(_steps(found))
    end = min(milestone.actual.end, today) if milestone.actual else today
    if end > points[-1][0]:
        points.append((end, points[-1][1]))
    return points


def _steps(found: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """The forecasts, and before each change the date that held until then."""
    before: date | None = None
    for time, due in found:
        if before is not None and before != due:
            yield time, before
        yield time, due
        before = due


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class _Plane:
    across: _Axis
    upwards: _Axis

    def point(self, time: date, due: date) -> Point:
        return self.across.at(time), self.upwards.at(due)


def _ticks(axis: _Axis, tongue: Tongue) -> Iterator[Tick]:
    """The beginnings of years. If the axis is shorter than two years, those of quarters; then those of months."""
    years = range(axis.first.year, axis.last.year + 2)
    length = (axis.last - axis.first).days
    months = (1,) if length > _TWO_YEARS else (1, 4, 7, 10) if length > _HALF_A_YEAR else tuple(range(1, 13))
    days = [date(year, month, 1) for year in years for month in months]
    inside = [day for day in days if axis.first <= day <= axis.last]
    step = -(-len(inside) // _MOST_TICKS)
    for day in inside[:: max(step, 1)]:
        period = Period.year(day.year) if months == (1,) else Period.month(day.year, day.month)
        yield Tick(at=axis.at(day), label=tongue.short(period))


def _diagonal(plane: _Plane) -> tuple[Point, Point] | None:
    """Where the expected day is the present day. None if the axes have no day in common."""
    first = max(plane.across.first, plane.upwards.first)
    last = min(plane.across.last, plane.upwards.last)
    return (plane.point(first, first), plane.point(last, last)) if first < last else None


# What sources say, and where, in the reader's words -------------------------------------------------------------------


#: The most quotes of one milestone or figure, the best first.
_MOST_QUOTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A sentence with where it was published."""

    #: In quotation marks. "" if the source says it without one sentence.
    words: str
    place: ToldPlace | None


@dataclass(frozen=True, slots=True)
class Citing:
    """Quotes sources for one reader."""

    tongue: Tongue
    #: The time zone of the days of publication.
    zone: tzinfo

    def quotes(
        self, evidence: Sequence[Evidence], told: Period | float | None, *, is_expected: bool = False
    ) -> tuple[Cited, ...]:
        """What proves this, the best first."""
        found = proofs(evidence, told, language=self.tongue.language, is_expected=is_expected)
        return tuple(map(self.cited, proof_of(found[:_MOST_QUOTES])))

    def each(self, evidence: Sequence[Evidence]) -> tuple[Cited, ...]:
        """These sentences in their order."""
        return tuple(map(self.cited, proof_of(evidence[:_MOST_QUOTES])))

    def cited(self, proof: Proof) -> Cited:
        return Cited(words=self.sentence(proof.sentence), place=where_said(proof, self.tongue, self.zone))

    def sentence(self, sentence: str) -> str:
        """In quotation marks. "" if there is none."""
        shown = shorten(clean(sentence), MAX_SENTENCE)
        return self.tongue.quoted(shown) if shown else ""

    def place(self, source: Source) -> ToldPlace | None:
        """The outlet and the title."""
        found = proof_of((Evidence(source=source, sentence=""),))
        return where_said(replace(found[0], published=None), self.tongue, self.zone) if found else None

    def published(self, source: Source) -> str:
        """The day of publication."""
        return self.tongue.say("known before") if is_known(source) else self.day(source.published_at)

    def day(self, at: datetime) -> str:
        return self.tongue.date(Period.day(at.astimezone(self.zone).date()))

    def said(self, said: Said) -> str:
        """A statement in words."""
        return statement(said, self.tongue)


def article_of(source: Source) -> str:
    """The key of the article. "" if it is the operator's own word, and no article."""
    return "" if is_operators(source) else source.article


def quantity(kind: FactKind, phase: str | None, tongue: Tongue) -> str:
    """What is measured, and of which part: "capacity (first phase)"."""
    label = words.figure(tongue, kind)
    return tongue.say("{news} ({phase})", news=label, phase=tongue.part(phase)) if phase else label


# Everything that was ever said of a project, story by story. Copies of a story stand below its first telling ----------


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedStatement:
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
    place: ToldPlace | None
    #: The key of the article. "" if it is none.
    article: str
    #: What it adds.
    said: tuple[QuotedStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronicleEntry:
    """What one story said, or what one source no longer says."""

    day: str
    place: ToldPlace | None
    #: The key of the article that told it first. "" if it is none.
    article: str
    said: tuple[QuotedStatement, ...]
    #: The other articles that tell it, in the order of their publication.
    copies: tuple[Copy, ...]
    is_withdrawn: bool
    #: The operator who decided it. "" if an article says it.
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """One page of it, the latest first."""

    entries: tuple[ChronicleEntry, ...]
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


def _entry(event: _Event, citing: Citing, waiting: Collection[object]) -> ChronicleEntry:
    lead, *copies = event.told
    source = lead.source
    doubtful = () if event.withdrawn else waiting
    return ChronicleEntry(
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


def _said(report: Report, citing: Citing, waiting: Collection[object]) -> tuple[QuotedStatement, ...]:
    return tuple(
        QuotedStatement(
            words=citing.said(each),
            sentence=citing.sentence(each.evidence),
            is_waiting=(report.source.story, each.told) in waiting,
        )
        for each in report.said
    )
