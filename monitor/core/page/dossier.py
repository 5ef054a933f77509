"""All that is known about one project, in the reader's words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from monitor.core.folding.known import is_known
from monitor.core.folding.lateness import late
from monitor.core.lifecycle import Condition
from monitor.core.message import words
from monitor.core.message.doubt import Waiting, in_words
from monitor.core.message.outlook import how_late
from monitor.core.message.sureness import borne_out
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, State
from monitor.core.news import Change
from monitor.core.page.chart import Chart, chart
from monitor.core.page.chronicle import Chronicle, chronicle
from monitor.core.page.citing import Cited, Citing, quantity
from monitor.core.page.courses import Course, courses
from monitor.core.page.disputes import Dispute, disputes
from monitor.core.page.overview import Known, Row, row, since
from monitor.core.periods import Period
from monitor.core.state import (
    Correction,
    Delay,
    KnownFact,
    Milestone,
    PhaseState,
    ProjectState,
    Report,
    Rival,
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
class Part:
    """The whole project, or one phase of it."""

    #: "" for the whole.
    name: str
    #: "" for the whole, and for a phase if nobody says that it has begun.
    status: str
    stages: tuple[Stage, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A date that was expected at some time."""

    stage: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One project."""

    head: Row
    #: The proof of its status.
    proof: tuple[Cited, ...]
    parts: tuple[Part, ...]
    chart: Chart | None
    forecasts: tuple[Forecast, ...]
    #: What was read and moves nothing yet, the latest first.
    waiting: tuple[Waiting, ...]
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
    whole = Part(
        name="",
        status="",
        stages=(*(told.stage(milestone, state) for milestone in state.milestones), *delay),
        figures=tuple(map(told.figure, state.present_facts)),
    )
    phases = (
        Part(
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

    def forecasts(self, milestones: Iterable[Milestone]) -> Iterator[Forecast]:
        for milestone in milestones:
            for forecast in milestone.forecasts:
                source = forecast.evidence.source
                yield Forecast(
                    stage=words.event(self.tongue, milestone.stage),
                    expected=self.tongue.date(forecast.period),
                    said=self.tongue.say("known before") if is_known(source) else self.citing.day(forecast.said_at),
                )
