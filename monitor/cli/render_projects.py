"""One project on a terminal: in full with its proof, and its timeline."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from operator import itemgetter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.cli.render import (
    KNOWN,
    NOTHING,
    STATE_STYLE,
    UNVERIFIED,
    count,
    in_a_row,
    ladder,
    lines,
    proof,
    said,
    status,
    sureness,
    table,
    text,
    together,
)
from monitor.cli.render import date as day
from monitor.cli.render_blocks import Blocks, Origin
from monitor.cli.render_dates import moved, since, slips
from monitor.cli.render_figures import figure, figures, told_with
from monitor.core.folding.brief import LANGUAGE
from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import is_known
from monitor.core.folding.lateness import Against, late
from monitor.core.folding.proof import proofs
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Claim, Fact, FactKind, Project, State
from monitor.core.news import Change, ChangeType
from monitor.core.page.amounts import quantity
from monitor.core.periods import Period
from monitor.core.plain import clean
from monitor.core.review.review import claim_id
from monitor.core.state import (
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


def _best(evidence: Iterable[Evidence], told: Period | float | None) -> tuple[Text | Origin | None, ...]:
    """The best proof of this: the sentence, and where it stands."""
    return tuple(part for each in proofs(evidence, told, language=LANGUAGE)[:1] for part in proof(each))


def _delay(delay: Delay) -> tuple[Text | Origin | None, ...]:
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
    for rank, stage in enumerate(lifecycle.stages if known else ()):
        if (milestone := known.get(stage)) is None:
            stands = "must have been, nobody said so" if rank < max(reached, default=-1) else NOTHING
            shown.add_row(Text(stage, "dim"), Text(stands, "dim"), *[Text(NOTHING, "dim")] * 3)
            continue
        shown.add_row(
            stage,
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


def _proof(source: Source, sentence: str) -> tuple[Text | None, Origin]:
    return proof(Evidence(source=source, sentence=sentence))
