"""All that is known about one project, in the reader's words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from monitor.core.changes.raised import proof_of
from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import is_known, is_operators_word
from monitor.core.folding.lateness import Late, late, overdue_by
from monitor.core.folding.proof import proofs
from monitor.core.lifecycle import Condition
from monitor.core.message import words
from monitor.core.message.outlook import days_late, than_first, than_last
from monitor.core.message.sureness import borne_out
from monitor.core.message.told import MAX_SENTENCE, Place, where_said
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Fact, FactKind, Said, State
from monitor.core.news import Proof
from monitor.core.page.chart import Chart, chart
from monitor.core.page.overview import Known, Row, row, since
from monitor.core.periods import Period
from monitor.core.plain import clean, shorten
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

#: The most quotes of one milestone or figure, the earliest first.
_MOST_QUOTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A sentence with where it was published."""

    #: In quotation marks. "" if the source says it without one sentence.
    words: str
    place: Place | None


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
class Entry:
    """What one source said, or no longer says."""

    day: str
    place: Place | None
    #: Each statement in words, with its sentence.
    said: tuple[tuple[str, str], ...]
    is_withdrawn: bool
    #: The operator who decided it. "" if an article says it.
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One project."""

    head: Row
    #: The proof of its status.
    proof: tuple[Cited, ...]
    parts: tuple[Part, ...]
    chart: Chart | None
    forecasts: tuple[Forecast, ...]
    #: What was read and moves nothing yet.
    unverified: tuple[tuple[str, Cited], ...]
    #: Everything that was ever said, the latest first.
    entries: tuple[Entry, ...]


def dossier(
    known: Known,
    reports: Iterable[Report],
    corrections: Iterable[Correction],
    *,
    tongue: Tongue,
    zone: tzinfo,
    today: date,
) -> Dossier:
    """All that is known about a project.

    Args:
        known: its full state.
        reports: everything that was said of it.
        corrections: what publishers no longer say.
        tongue: the language of the reader.
        zone: the time zone of the days of publication.
        today: the present day.
    """
    state, told = known.state, _Telling(tongue, zone, today)
    delay = (told.delay(state.delay),) if state.delay else ()
    whole = Part(
        name="",
        status="",
        stages=(*(told.stage(milestone, state) for milestone in state.milestones), *delay),
        figures=tuple(map(told.figure, state.facts)),
    )
    phases = (
        Part(
            name=tongue.foreign(phase.phase),
            status=words.status(tongue, phase.status) if phase.status else tongue.say("not begun"),
            stages=tuple(told.stage(milestone, phase) for milestone in phase.milestones),
            figures=tuple(map(told.figure, phase.facts)),
        )
        for phase in state.phases
    )
    return Dossier(
        head=row(known, tongue, today),
        proof=told.quotes(state.evidence, state.since),
        parts=(whole, *phases),
        chart=chart(state, today, tongue),
        forecasts=tuple(told.forecasts(state.milestones)),
        unverified=tuple(
            (told.said(each.said), told.cited(proof))
            for each in state.unverified
            for proof in proof_of((Evidence(source=each.source, sentence=each.said.evidence),))
        ),
        entries=told.entries(reports, corrections),
    )


@dataclass(frozen=True, slots=True)
class _Telling:
    tongue: Tongue
    zone: tzinfo
    today: date

    def stage(self, milestone: Milestone, of: ProjectState | PhaseState) -> Stage:
        tongue, now, first = self.tongue, milestone.actual or milestone.forecast, milestone.baseline
        is_expected = milestone.state is State.EXPECTED
        return Stage(
            label=words.status(tongue, milestone.stage),
            state=milestone.state.value,
            stands=_state(milestone.state, tongue),
            when=tongue.date(now) if now else self._by(milestone.by),
            first=tongue.date(first) if first and first != now else "",
            slips=tuple(self._slips(late(milestone, of, self.today), is_overdue=_is_overdue(milestone, self.today))),
            sureness=borne_out(milestone.standing, tongue),
            rivals=tuple(self._rival(rival) for rival in milestone.rivals),
            quotes=self.quotes(milestone.evidence, now, is_expected=is_expected),
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
            quotes=self.quotes(delay.evidence, delay.since),
        )

    def _by(self, day: date | None) -> str:
        return self.tongue.say("by {day}", day=self.tongue.date(Period.day(day))) if day else ""

    def _slips(self, found: Sequence[Late], *, is_overdue: bool) -> Iterator[str]:
        if is_overdue:
            yield from (days_late(each, self.tongue) for each in found[:1])
        else:
            yield from (say(each, self.tongue) for say, each in zip((than_first, than_last), found, strict=False))

    def figure(self, fact: KnownFact) -> Figure:
        tongue, label = self.tongue, words.figure(self.tongue, fact.kind)
        return Figure(
            label=tongue.say("{news} ({phase})", news=label, phase=tongue.foreign(fact.phase)) if fact.phase else label,
            value=tongue.value(fact.value, fact.kind, fact.unit),
            sureness=borne_out(fact.standing, tongue),
            rivals=tuple(self._rival(rival, fact.kind, fact.unit) for rival in fact.rivals),
            quotes=self.quotes(fact.evidence, fact.value),
        )

    def _rival(self, rival: Rival, kind: FactKind | None = None, unit: str = "") -> str:
        tongue = self.tongue
        value = tongue.moment(rival.value) if kind is None else tongue.value(rival.value, kind, unit)
        sources = tongue.count("one source", "{n} sources", rival.standing.sources)
        return tongue.say("also said: {value} ({sources})", value=value, sources=sources)

    def quotes(
        self, evidence: Sequence[Evidence], told: Period | float | None, *, is_expected: bool = False
    ) -> tuple[Cited, ...]:
        """What proves this, the best first."""
        found = proofs(evidence, told, language=self.tongue.language, is_expected=is_expected)
        return tuple(map(self.cited, proof_of(found[:_MOST_QUOTES])))

    def cited(self, proof: Proof) -> Cited:
        sentence = shorten(clean(proof.sentence), MAX_SENTENCE)
        return Cited(
            words=self.tongue.quoted(sentence) if sentence else "", place=where_said(proof, self.tongue, self.zone)
        )

    def _place(self, source: Source) -> Place | None:
        """The outlet and the title."""
        found = proof_of((Evidence(source=source, sentence=""),))
        return where_said(replace(found[0], published=None), self.tongue, self.zone) if found else None

    def _day(self, at: datetime) -> str:
        return self.tongue.date(Period.day(at.astimezone(self.zone).date()))

    def said(self, said: Said) -> str:
        """A statement in words: "start of operation expected, September 2026"."""
        tongue = self.tongue
        if isinstance(said, Claim):
            parts = [f"{words.status(tongue, said.stage)}: {_state(said.state, tongue)}"]
            if said.date:
                parts.append(tongue.date(said.date))
        else:
            parts = [f"{words.figure(tongue, said.kind)}: {tongue.value(said.value, said.kind, said.unit)}"]
        if said.phase:
            parts.append(tongue.foreign(said.phase))
        return tongue.listed(*parts)

    def forecasts(self, milestones: Iterable[Milestone]) -> Iterator[Forecast]:
        for milestone in milestones:
            for forecast in milestone.forecasts:
                source = forecast.evidence.source
                yield Forecast(
                    stage=words.event(self.tongue, milestone.stage),
                    expected=self.tongue.date(forecast.period),
                    said=self.tongue.say("known before") if is_known(source) else self._day(forecast.said_at),
                )

    def entries(self, reports: Iterable[Report], corrections: Iterable[Correction]) -> tuple[Entry, ...]:
        dated = [(publication_order(report), self._entry(report.source, report.said)) for report in reports]
        for each in corrections:
            entry = self._entry(each.source, (*each.claims, *each.facts), withdrawn_at=each.at)
            dated.append(((each.at, each.source.article), entry))
        return tuple(entry for _, entry in sorted(dated, key=lambda each: each[0], reverse=True) if entry.said)

    def _entry(self, source: Source, told: Iterable[Claim | Fact], *, withdrawn_at: datetime | None = None) -> Entry:
        day = self.tongue.say("known before") if is_known(source) else self._day(withdrawn_at or source.published_at)
        is_decision = is_operators_word(source)
        return Entry(
            day=day,
            place=None if is_decision else self._place(source),
            said=tuple((self.said(each), self._sentence(each)) for each in told),
            is_withdrawn=withdrawn_at is not None,
            decided_by=self.tongue.foreign(source.outlet) if is_decision else "",
        )

    def _sentence(self, said: Said) -> str:
        sentence = shorten(clean(said.evidence), MAX_SENTENCE)
        return self.tongue.quoted(sentence) if sentence else ""


def _is_overdue(milestone: Milestone, today: date) -> bool:
    return milestone.forecast is not None and overdue_by(milestone.forecast, today) is not None


def _state(state: State, tongue: Tongue) -> str:
    if state is State.REACHED:
        return tongue.say("reached")
    if state is State.EXPECTED:
        return tongue.say_in("milestone", "expected")
    return tongue.say_in("milestone", "denied")
