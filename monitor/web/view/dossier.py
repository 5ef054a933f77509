"""All that is known about one project, in the reader's words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import is_known
from monitor.core.folding.listing import late
from monitor.core.lifecycle import ENDED, Condition, Lifecycle
from monitor.core.message import words
from monitor.core.message.outlook import how_late
from monitor.core.message.told import UnverifiedNews, borne_out, in_words
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, State
from monitor.core.news import Change
from monitor.core.periods import Period
from monitor.core.state import (
    Correction,
    Delay,
    Evidence,
    KnownFact,
    Milestone,
    PhaseState,
    ProjectState,
    Report,
    Rival,
    Source,
)
from monitor.web.view.chronicle import Chart, Chronicle, Cited, Citing, chart, chronicle, quantity
from monitor.web.view.overview import Known, OverviewRow, row, since

# The amounts of a project over time: which were told, since when, and by how many sources -----------------------------


#: The most amounts of one quantity. The last told ones are shown.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAmount:
    """One amount."""

    value: str
    #: The days on which it was first and last told. The second is "" if it was told on one day only.
    first: str
    last: str
    sources: str
    #: Whether it is what is believed.
    is_believed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The amounts of one quantity, of the whole or of one part, in the order in which they were first told."""

    label: str
    told: tuple[CourseAmount, ...]


#: What is measured, in which unit, and of which part.
_Quantity = tuple[FactKind, str, str | None]


def courses(state: ProjectState, reports: Iterable[Report], citing: Citing) -> tuple[Course, ...]:
    """The quantities of which more than one amount was told. Those of the whole come first."""
    found: dict[_Quantity, dict[float, list[Source]]] = {}
    for report in sorted(reports, key=publication_order):
        for fact in report.facts:
            found.setdefault((fact.kind, fact.unit, fact.phase), {}).setdefault(fact.value, []).append(report.source)
    kinds = list(FactKind)
    ordered = sorted(found.items(), key=lambda each: (each[0][2] or "", kinds.index(each[0][0]), each[0][1]))
    believed = list(_believed(state))
    return tuple(
        Course(
            label=quantity(of[0], of[2], citing.tongue),
            told=tuple(_told(of, value, sources, believed, citing) for value, sources in _last(amounts)),
        )
        for of, amounts in ordered
        if len(amounts) > 1
    )


def _last(amounts: dict[float, list[Source]]) -> Sequence[tuple[float, list[Source]]]:
    """The amounts that were told last, in the order in which they were first told."""
    kept = sorted(amounts, key=lambda value: amounts[value][-1].published_at, reverse=True)[:_MOST]
    return [(value, sources) for value, sources in amounts.items() if value in kept]


def _believed(state: ProjectState) -> Iterator[tuple[_Quantity, float]]:
    for fact in state.facts:
        yield (fact.kind, fact.unit, fact.phase), fact.value
    for phase in state.phases:
        for fact in phase.facts:
            yield (fact.kind, fact.unit, phase.phase), fact.value


def _told(
    of: _Quantity,
    value: float,
    sources: Sequence[Source],
    believed: Sequence[tuple[_Quantity, float]],
    citing: Citing,
) -> CourseAmount:
    tongue, first, last = citing.tongue, citing.published(sources[0]), citing.published(sources[-1])
    return CourseAmount(
        value=tongue.value(value, of[0], of[1]),
        first=first,
        last=last if last != first else "",
        sources=tongue.count("one source", "{n} sources", len({source.story for source in sources})),
        is_believed=(of, value) in believed,
    )


# What sources contradict each other about: the sides, each with its sentences -----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What some of the sources say."""

    label: str
    sources: str
    #: The last said first.
    quotes: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A stage, a condition or an amount about which credible sources contradict each other."""

    label: str
    sides: tuple[Side, ...]


def disputes(
    known: ProjectState, reports: Iterable[Report], lifecycle: Lifecycle, citing: Citing
) -> tuple[Dispute, ...]:
    """What is disputed: stages and conditions first, then amounts."""
    told = sorted(reports, key=publication_order, reverse=True)
    stages = (
        Dispute(label=words.status(citing.tongue, stage), sides=tuple(_sides(stage, told, lifecycle, citing)))
        for stage in known.disputed
    )
    amounts = (
        Dispute(
            label=quantity(fact.kind, fact.phase, citing.tongue),
            sides=tuple(_amounts(fact, told, citing)),
        )
        for fact in known.facts
        if fact.standing.disputed
    )
    return (*stages, *amounts)


def _sides(stage: str, told: Sequence[Report], lifecycle: Lifecycle, citing: Citing) -> Iterator[Side]:
    for which in State:
        yield from _side(words.state(citing.tongue, which, stage), _claims(stage, which, told), citing)
    if stage in ENDED:
        yield from _side(citing.tongue.say("the project goes on"), _works_after(stage, told, lifecycle), citing)


def _claims(stage: str, which: State, told: Iterable[Report]) -> list[Evidence]:
    return [
        Evidence.of(claim, report.source)
        for report in told
        for claim in report.claims
        if claim.stage == stage and claim.state is which
    ]


def _works_after(end: str, told: Sequence[Report], lifecycle: Lifecycle) -> list[Evidence]:
    """The stages that were reported after the first report of the end."""
    ends = [
        report.source.published_at
        for report in told
        if any(claim.stage == end and claim.state is State.REACHED for claim in report.claims)
    ]
    return [
        Evidence.of(claim, report.source)
        for report in told
        if ends and report.source.published_at > ends[-1]
        for claim in report.claims
        if claim.state is State.REACHED and lifecycle.has(claim.stage)
    ]


def _amounts(fact: KnownFact, told: Iterable[Report], citing: Citing) -> Iterator[Side]:
    found: dict[float, list[Evidence]] = {fact.value: []}
    for report in told:
        for each in report.facts:
            if (each.kind, each.unit, each.phase) == (fact.kind, fact.unit, fact.phase):
                found.setdefault(each.value, []).append(Evidence.of(each, report.source))
    for value, evidence in found.items():
        yield from _side(citing.tongue.value(value, fact.kind, fact.unit), evidence, citing)


def _side(label: str, evidence: Sequence[Evidence], citing: Citing) -> Iterator[Side]:
    """Nothing if nobody says so."""
    if evidence:
        stories = {each.source.story for each in evidence}
        yield Side(
            label=label,
            sources=citing.tongue.count("one source", "{n} sources", len(stories)),
            quotes=citing.each(evidence),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage or condition that something is known about."""

    label: str
    #: reached, expected or denied
    state: str
    #: The same in the reader's words.
    stands: str
    when: str
    #: The date that was first expected. "" if there is none, or if it is the present one.
    first: str
    #: How late it is, against each date that was expected.
    slips: tuple[str, ...]
    sureness: str
    #: Dates that are reported but not believed, each with its number of sources.
    rivals: tuple[str, ...]
    quotes: tuple[Cited, ...]
    #: Whether it is what is expected next of the whole project.
    is_next: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One quantity."""

    label: str
    value: str
    sureness: str
    rivals: tuple[str, ...]
    quotes: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPart:
    """The whole project, or one phase of it."""

    #: "" for the whole.
    name: str
    #: "" for the whole, and for a phase if nobody says that it has begun.
    status: str
    stages: tuple[Stage, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastView:
    """A date that was expected at some time."""

    stage: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One project."""

    head: OverviewRow
    #: The proof of its status.
    proof: tuple[Cited, ...]
    parts: tuple[ProjectPart, ...]
    chart: Chart | None
    forecasts: tuple[ForecastView, ...]
    #: What was read and moves nothing yet, the latest first.
    waiting: tuple[UnverifiedNews, ...]
    disputes: tuple[Dispute, ...]
    #: The amounts over time.
    courses: tuple[Course, ...]
    #: Everything that was ever said, the latest first.
    said: Chronicle


def dossier(
    known: Known,
    reports: Iterable[Report],
    corrections: Iterable[Correction],
    *,
    tongue: Tongue,
    zone: tzinfo,
    today: date,
    last: Sequence[Change] = (),
    first: int = 0,
    most: int = 1_000,
) -> Dossier:
    """All that is known about a project.

    Args:
        known: its full state.
        reports: everything that was said of it.
        corrections: what publishers no longer say.
        tongue: the language of the reader.
        zone: the time zone of the days of publication.
        today: the present day.
        last: what changed last.
        first: the number of entries before those that are shown of everything that was said.
        most: the most entries that are shown.
    """
    state, citing, reports = known.state, Citing(tongue, zone), tuple(reports)
    told = _Telling(citing, today, known.soonest[1] if known.soonest else None)
    delay = (told.delay(state.delay),) if state.delay else ()
    whole = ProjectPart(
        name="",
        status="",
        stages=(*(told.stage(milestone, state) for milestone in state.milestones), *delay),
        figures=tuple(map(told.figure, state.present_facts)),
    )
    phases = (
        ProjectPart(
            name=tongue.part(phase.phase),
            status=words.status(tongue, phase.status) if phase.status else "",
            stages=tuple(told.stage(milestone, phase) for milestone in phase.milestones),
            figures=tuple(map(told.figure, phase.present_facts)),
        )
        for phase in state.phases
    )
    return Dossier(
        head=row(known, tongue, today, zone=zone, last=last),
        proof=citing.quotes(state.evidence, state.since),
        parts=(whole, *phases),
        chart=chart(state, today, tongue),
        forecasts=tuple(told.forecasts(state.milestones)),
        waiting=in_words(reversed(state.unverified), tongue, zone),
        disputes=disputes(state, reports, known.lifecycle, citing),
        courses=courses(state, reports, citing),
        said=chronicle(reports, corrections, citing, unverified=state.unverified, first=first, most=most),
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    citing: Citing
    today: date
    #: What is expected next.
    soonest: Milestone | None

    @property
    def tongue(self) -> Tongue:
        return self.citing.tongue

    def stage(self, milestone: Milestone, of: ProjectState | PhaseState) -> Stage:
        tongue, now, first = self.tongue, milestone.actual or milestone.forecast, milestone.baseline
        when = now or (Period.day(milestone.denied_on) if milestone.denied_on else None)
        is_expected = milestone.state is State.EXPECTED
        return Stage(
            label=words.status(tongue, milestone.stage),
            state=milestone.state.value,
            stands=words.state(tongue, milestone.state, milestone.stage),
            when=tongue.date(when) if when else self._by(milestone.by),
            first=tongue.date(first) if first and first != now else "",
            slips=tuple(how_late(each, tongue) for each in late(milestone, of, self.today)),
            sureness=borne_out(milestone.standing, tongue),
            rivals=tuple(self._rival(rival) for rival in milestone.rivals),
            quotes=self.citing.quotes(milestone.evidence, now, is_expected=is_expected),
            is_next=milestone is self.soonest,
        )

    def delay(self, delay: Delay) -> Stage:
        """A delay in force, as a stage that is not as it should be."""
        return Stage(
            label=words.status(self.tongue, Condition.DELAYED),
            state=State.DENIED.value,
            stands="",
            when=since(delay, self.tongue),
            first="",
            slips=(),
            sureness=borne_out(delay.standing, self.tongue),
            rivals=(),
            quotes=self.citing.quotes(delay.evidence, delay.since),
        )

    def _by(self, day: date | None) -> str:
        return self.tongue.say("since {day} at the latest", day=self.tongue.date(Period.day(day))) if day else ""

    def figure(self, fact: KnownFact) -> Figure:
        tongue = self.tongue
        return Figure(
            label=quantity(fact.kind, fact.phase, tongue),
            value=tongue.value(fact.value, fact.kind, fact.unit),
            sureness=borne_out(fact.standing, tongue),
            rivals=(*self._plan(fact), *(self._rival(rival, fact.kind, fact.unit) for rival in fact.rivals)),
            quotes=self.citing.quotes(fact.evidence, fact.value),
        )

    def _plan(self, fact: KnownFact) -> Iterator[str]:
        """The investment of the plan that the amount may belong to, if another is believed."""
        if fact.told_with is not None:
            value, unit = fact.told_with
            yield self.tongue.say("told with: {value}", value=self.tongue.value(value, FactKind.INVESTMENT, unit))

    def _rival(self, rival: Rival, kind: FactKind | None = None, unit: str = "") -> str:
        tongue = self.tongue
        value = tongue.moment(rival.value) if kind is None else tongue.value(rival.value, kind, unit)
        value = tongue.say("by {day}", day=value) if rival.is_by else value
        sources = tongue.count("one source", "{n} sources", rival.standing.sources)
        return tongue.say("also said: {value} ({sources})", value=value, sources=sources)

    def forecasts(self, milestones: Iterable[Milestone]) -> Iterator[ForecastView]:
        for milestone in milestones:
            for forecast in milestone.forecasts:
                source = forecast.evidence.source
                yield ForecastView(
                    stage=words.event(self.tongue, milestone.stage),
                    expected=self.tongue.date(forecast.period),
                    said=self.tongue.say("known before") if is_known(source) else self.citing.day(forecast.said_at),
                )
