"""One project on a terminal: in full with its proof, and its timeline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from types import MappingProxyType

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from monitor.cli.render import (
    KNOWN,
    NOTHING,
    STATE_STYLE,
    UNVERIFIED,
    Blocks,
    SourceLink,
    count,
    figure,
    figures,
    in_a_row,
    ladder,
    lines,
    moved,
    proof,
    said,
    since,
    slips,
    stage,
    status,
    sureness,
    table,
    text,
    together,
    told_with,
)
from monitor.cli.render import date as day
from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import is_known, proofs
from monitor.core.folding.listing import LANGUAGE, Against, Glance, late
from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.model import Claim, Fact, FactKind, Project, State
from monitor.core.news import Change, ChangeType
from monitor.core.notes import quantity
from monitor.core.periods import Period
from monitor.core.plain import clean
from monitor.core.review import claim_id
from monitor.core.state import (
    Confidence,
    Correction,
    Delay,
    Evidence,
    Halt,
    KnownFact,
    Milestone,
    PhaseState,
    ProjectState,
    Report,
    Rival,
    Source,
    Unverified,
)


def _head(
    project: Project, state: ProjectState, lifecycle: Lifecycle, inferred: Sequence[Change], today: date
) -> Blocks:
    """A project as a block: status and ladder beside its name, dates, facts and the proof of the status."""
    expected = [_expected(milestone, state, today) for milestone, _ in state.to_come]
    quiet = [f"no news since {change.effective}" for change in inferred if change.type is ChangeType.QUIET]
    disputed = [f"disputed: {', '.join(state.disputed)}"] if state.disputed else []
    shown = Blocks()
    shown.add_row(
        lines(status(state), ladder(state, lifecycle)),
        lines(
            Text.assemble(text(project.name_in("en"), "bold"), "  ", (project.id, "dim")),
            in_a_row(since(state), sureness(state.standing_since) if state.status else None, *expected),
            in_a_row(*figures(state.present_facts)),
            *(in_a_row(_part(phase), *figures(phase.present_facts)) for phase in state.phases),
            Text("; ".join((*disputed, *quiet)), "yellow"),
        ),
        *_best(state.evidence, state.since),
        *(_delay(state.delay) if state.delay else ()),
    )
    return shown


def _part(phase: PhaseState) -> str:
    """A phase by its name, and how far it has come, if anybody says that it has begun."""
    name = clean(phase.phase)
    return f"{name}: {phase.status}" if phase.status else name


def _best(evidence: Iterable[Evidence], told: Period | float | None) -> tuple[Text | SourceLink | None, ...]:
    """The best proof of this: the sentence, and where it stands."""
    return tuple(part for each in proofs(evidence, told, language=LANGUAGE)[:1] for part in proof(each))


def _delay(delay: Delay) -> tuple[Text | SourceLink | None, ...]:
    """The delay in force, with its proof."""
    head = in_a_row(Text.assemble(("delayed ", "yellow"), since(delay) or ""), sureness(delay.standing))
    return head, *_best(delay.evidence, delay.since)


def _expected(milestone: Milestone, state: ProjectState, today: date) -> Text:
    moved = f" (first {milestone.baseline})" if milestone.baseline != milestone.forecast else ""
    said = Text(f"{milestone.stage} expected {milestone.forecast}{moved}")
    passed = [each for each in late(milestone, state, today) if each.against is Against.TODAY]
    return said.append(f", {slips(passed)}", "red") if passed else said


def detail(
    project: Project, state: ProjectState, lifecycle: Lifecycle, inferred: Sequence[Change] = (), *, today: date
) -> Group:
    """One project in full: its block, milestones, halts, past forecasts and facts, and those of its phases.

    Unverified claims come last.
    """
    head = _head(project, state, lifecycle, inferred, today)
    parts: list[Table | Blocks] = [
        _milestones(state, lifecycle, today),
        _halts(state.halts),
        _forecasts(state.milestones),
        _facts(state.present_facts),
    ]
    for phase in state.phases:
        name = clean(phase.phase)
        parts += [
            _milestones(phase, lifecycle, today, _part(phase)),
            _facts(phase.present_facts, f"{name}: facts"),
        ]
    parts.append(_unverified(state.unverified))
    return Group(head, *(line for part in parts if part.row_count for line in ("", part)))


def _milestones(of: ProjectState | PhaseState, lifecycle: Lifecycle, today: date, title: str = "Milestones") -> Table:
    shown = table("Stage", "Stands", "Baseline", "Slip", "How sure", title=title, whole=1)
    known = {milestone.stage: milestone for milestone in of.milestones}
    reached = [lifecycle.rank(each.stage) for each in of.milestones if each.state is State.REACHED]
    for rank, each in enumerate(lifecycle.stages if known else ()):
        if (milestone := known.get(each)) is None:
            stands = "must have been, nobody said so" if rank < max(reached, default=-1) else NOTHING
            shown.add_row(Text(each, "dim"), Text(stands, "dim"), *[Text(NOTHING, "dim")] * 3)
            continue
        shown.add_row(
            each,
            _stands(milestone),
            day(milestone.baseline),
            slips(late(milestone, of, today)),
            lines(sureness(milestone.standing), *(_rival(rival) for rival in milestone.rivals)),
        )
    return shown


def _stands(milestone: Milestone) -> Text:
    """Whether and when the milestone was reached or is expected: "reached 2024-04", "expected 2026"."""
    if milestone.state is State.DENIED and not milestone.standing.against:
        # Nobody has said that it was reached, so there is nothing to deny.
        return Text(f"not yet on {milestone.denied_on}", "dim")
    when = milestone.actual or milestone.forecast or (milestone.by and f"{milestone.by} or before")
    return Text.assemble((milestone.state.value, STATE_STYLE[milestone.state]), f" {when}" if when else "")


def _rival(rival: Rival, unit: str | None = None, kind: FactKind | None = None) -> Text:
    """A value that is reported too but not believed, with the number of its sources."""
    value = rival.value if isinstance(rival.value, str) else quantity(rival.value, unit, kind)
    by = KNOWN if rival.standing.is_only_known else f"by {count(rival.standing.sources, 'source')}"
    return Text(f"also told: {'by ' if rival.is_by else ''}{value}, {by}", "dim")


def _halts(found: Iterable[Halt]) -> Blocks:
    """The suspensions, cancellations and closures that are over, each with its end, and both proofs."""
    shown = Blocks("Halts that are over")
    for halt in found:
        for what, moment in ((halt.began.what, halt.began), (f"ended: {halt.ended.what}", halt.ended)):
            when = moment.on or (moment.by and f"{moment.by} or before")
            supported = sureness(halt.standing) if moment is halt.began else None
            shown.add_row(what, in_a_row(str(when or NOTHING), supported), *proof(moment.evidence))
    return shown


def _forecasts(found: Iterable[Milestone]) -> Table:
    """The forecasts of each stage whose forecast has changed."""
    shown = table("Stage", "Expected", "Said", "Moved", "By", title="What was expected when", whole=4)
    for milestone in found:
        if len(milestone.forecasts) > 1:
            for former, forecast in zip((None, *milestone.forecasts), milestone.forecasts, strict=False):
                source = forecast.evidence.source
                said = "before" if is_known(source) else str(forecast.said_at.date())
                shown.add_row(
                    milestone.stage,
                    str(forecast.period),
                    said,
                    moved(former, forecast),
                    clean(source.outlet) or NOTHING,
                )
    return shown


def _facts(found: Iterable[KnownFact], title: str = "Facts") -> Blocks:
    """Each quantity with how sure it is, what else is told, and its proof."""
    shown = Blocks(title)
    for fact in found:
        shown.add_row(
            figure(fact),
            lines(
                in_a_row(
                    Text.assemble((quantity(fact.value, fact.unit, fact.kind), "bold"), told_with(fact)),
                    sureness(fact.standing),
                ),
                *(_rival(rival, fact.unit, fact.kind) for rival in fact.rivals),
            ),
            *_best(fact.evidence, fact.value),
        )
    return shown


def _unverified(found: Iterable[Unverified]) -> Blocks:
    """The unverified claims, each with the id that an operator uses to decide on it."""
    shown = Blocks(f"{UNVERIFIED.capitalize()}: moves nothing yet")
    for each in found:
        others = together(each.readings) if len(each.readings) > 1 else None
        shown.add_row(
            claim_id(each.said, each.source),
            in_a_row(said(each.said), f"sure {each.said.confidence:.2f}", others),
            *_proof(each.source, each.said.evidence),
        )
    return shown


def timeline(
    reports: Sequence[Report], corrections: Sequence[Correction] = (), unverified: Iterable[Unverified] = ()
) -> RenderableType:
    """Everything that was said of a project, in the order of publication, each with its sentence.

    A correction appears at the time when the publisher made it.

    Args:
        reports: what was said.
        corrections: what the publishers took back.
        unverified: the unverified claims. They are marked, also in copies of the same story.
    """
    shown = Blocks()
    doubtful = {(each.source.story, each.said.told) for each in unverified}

    def mark(told: Report | Correction, said: Claim | Fact) -> Text | None:
        is_unverified = isinstance(told, Report) and (told.source.story, said.told) in doubtful
        return Text(UNVERIFIED, "yellow") if is_unverified else None

    ordered: list[tuple[tuple[datetime, str], Report | Correction]]
    ordered = [(publication_order(each), each) for each in reports]
    ordered += [((each.at, each.source.article), each) for each in corrections]
    for _, told in sorted(ordered, key=itemgetter(0)):
        source, no_longer = told.source, Text()
        day = "known before" if is_known(source) else str(source.published_at.date())
        if isinstance(told, Correction):
            day, no_longer = str(told.at.date()), Text("corrected, no longer says: ", "yellow")
        when = Text(day, "bold")
        for claim in told.claims:
            what = Text.assemble(no_longer, claim.stage, " ", (claim.state.value, STATE_STYLE[claim.state]))
            date = str(claim.date) if claim.date else None
            shown.add_row(when, in_a_row(what, date, mark(told, claim)), *_proof(source, claim.evidence))
        for fact in told.facts:
            what = Text.assemble(no_longer, f"{fact.kind.value} {quantity(fact.value, fact.unit, fact.kind)}")
            shown.add_row(when, in_a_row(what, mark(told, fact)), *_proof(source, fact.evidence))
    return shown


def _proof(source: Source, sentence: str) -> tuple[Text | None, SourceLink]:
    return proof(Evidence(source=source, sentence=sentence))


# All projects on a terminal: a table with a line for each. A narrow terminal gets fewer columns -----------------------


#: Changes that time alone has caused, by project id.
Inferred = Mapping[str, Sequence[Change]]

_HEADS = {
    "project": "Project",
    "name": "Name",
    "ladder": "",
    "status": "Status",
    "mark": "",
    "since": "Since",
    "next": "Next expected",
    "late": "Late",
    "news": "Last\nnews",
}
_RIGHT = frozenset({"late", "news"})
#: What a terminal without room does without, in this order.
_DROPPED = ("name", "since", "ladder", "news", "next", "mark", "late")
#: A name with less room than this says less than the id beside it.
_SHORTEST_NAME = 16
_MARKS = {
    "✔": ("confirmed", "green"),
    "○": ("reported", "yellow"),
    "!": ("disputed", "bold red"),
    "?": ("delayed, by how much is not known", "yellow"),
}
_MONTH = 30.44
_UNTIL_MONTHS, _UNTIL_YEARS = 60, 730

_Row = Mapping[str, Text]


def overview(
    projects: Iterable[Project],
    states: Iterable[ProjectState],
    lifecycles: Mapping[str, Lifecycle],
    inferred: Inferred = MappingProxyType({}),
    *,
    now: datetime,
) -> "StatusTable":
    """Each project on a line: what is overdue or disputed first, what is unknown last, else in the operator's order."""
    rows = []
    for project, state in zip(projects, states, strict=True):
        brought = inferred.get(project.id, ())
        overdue = {change.stage for change in brought if change.type is ChangeType.OVERDUE}
        is_quiet = any(change.type is ChangeType.QUIET for change in brought)
        seen = Glance.at(state, overdue, now.date())
        rows.append((seen.rank, _row(project, seen, lifecycles[project.lifecycle], now.date(), is_quiet=is_quiet)))
    return StatusTable(rows=tuple(row for _, row in sorted(rows, key=lambda row: row[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTable:
    """The table. It takes the columns that fit when it is printed."""

    rows: tuple[_Row, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = {key: max(map(_width, (Text(head), *(row[key] for row in self.rows)))) for key, head in _HEADS.items()}
        kept, gap, left = _fitting(widths, options.max_width)
        shown = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
        for key in kept:
            width = min(widths[key], left) if key == "name" else None
            shown.add_column(
                _HEADS[key],
                width=width,
                justify="right" if key in _RIGHT else "left",
                no_wrap=True,
                overflow="ellipsis",
                vertical="bottom",
            )
        for row in self.rows:
            shown.add_row(*(row[key] for key in kept))
        yield shown
        yield ""
        yield _legend({row[key].plain for row in self.rows for key in ("mark", "late") if key in kept})


def _fitting(widths: Mapping[str, int], width: int) -> tuple[tuple[str, ...], int, int]:
    """The columns that fit into this width, the gap between them, and what is left for the name."""
    kept = tuple(widths)
    shortest = min(widths["name"], _SHORTEST_NAME)
    for dropped in ("", *_DROPPED):
        kept = tuple(key for key in kept if key != dropped)
        taken = sum(widths[key] for key in kept if key != "name")
        for gap in (2,) if "name" in kept else (2, 1):
            left = width - taken - gap * (len(kept) - 1)
            if left >= (shortest if "name" in kept else 0):
                return kept, gap, left
    return kept, 1, 0


def _row(project: Project, seen: Glance, lifecycle: Lifecycle, today: date, *, is_quiet: bool) -> _Row:
    state = seen.state
    heard = state.latest.published_at.date() if state.latest else None
    late = "red" if seen.is_overdue else "yellow"
    return {
        "project": Text(project.id, "bold"),
        "name": text(project.name_in("en")),
        "ladder": ladder(state, lifecycle),
        "status": stage(state),
        "mark": _mark(state),
        "since": Text(_month(state.since) if state.since else NOTHING),
        "next": _next(seen, late),
        "late": Text(_late(seen), late),
        "news": Text(_ago((today - heard).days) if heard else NOTHING, "yellow" if is_quiet else ""),
    }


def _mark(state: ProjectState) -> Text:
    if state.status is None:
        return Text()
    mark = "!" if state.disputed else "✔" if state.standing_since.confidence is Confidence.CONFIRMED else "○"
    return Text(mark, _MARKS[mark][1])


def _next(seen: Glance, late: str) -> Text:
    if seen.expected is None:
        return Text(NOTHING, "dim")
    milestone, forecast = seen.expected
    return Text.assemble(text(milestone.stage), " ", (_month(forecast), late if seen.is_overdue else "cyan"))


def _late(seen: Glance) -> str:
    """``+3mo``, ``-12d`` if it is early, ``24d`` if it is overdue, ``?`` if no date says by how much."""
    if seen.late:
        days = seen.late.days
        sign = "+" if days > 0 and seen.late.against is Against.FIRST else ""
        return f"{sign}{_span(days)}"
    return "?" if seen.state.condition == Condition.DELAYED else NOTHING


def _month(period: Period) -> str:
    """A date, a day as its month."""
    return str(period)[:7]


def _ago(days: int) -> str:
    return _span(days) if days > 0 else "today"


def _span(days: int) -> str:
    """``12d``, ``3mo``, ``2y``."""
    size = abs(days)
    if size < _UNTIL_MONTHS:
        return f"{days}d"
    return f"{days / _MONTH:.0f}mo" if size < _UNTIL_YEARS else f"{days / _MONTH / 12:.0f}y"


def _width(cell: Text) -> int:
    return max(map(cell_len, cell.plain.split("\n")))


def _legend(used: set[str]) -> Text:
    """What the marks mean, and where the proof is."""
    marks = [Text.assemble((mark, style), f" {word}") for mark, (word, style) in _MARKS.items() if mark in used]
    late = "Late: 9d overdue, +9d later and -9d earlier than first expected"
    return lines(Text("  ").join(marks), late, "In full, with proof: monitor status PROJECT")
