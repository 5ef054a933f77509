"""Projects on a terminal: where each stands with its proof, one in full, and how it came there."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from monitor.cli.render import (
    NOTHING,
    best,
    blocks,
    confidence,
    date,
    in_a_row,
    ladder,
    lines,
    proof,
    quantity,
    status,
    table,
    text,
)
from monitor.core.fold import publication_order
from monitor.core.known import is_known
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Evidence, Milestone, Project, ProjectState, Report, Source, State

_STATE_STYLE = {State.REACHED: "green", State.EXPECTED: "cyan", State.DENIED: "red"}


def overview(
    projects: Iterable[Project], states: Iterable[ProjectState], lifecycles: Mapping[str, Lifecycle]
) -> RenderableType:
    """Each project as a block: status and ladder beside name, dates, facts and the proof of the status."""
    shown = blocks()
    for project, state in zip(projects, states, strict=True):
        shown.add_row(lines(status(state), ladder(state, lifecycles[project.lifecycle])), _summary(project, state))
    return shown


def _summary(project: Project, state: ProjectState) -> Text:
    since = f"since {state.since}" if state.since else "since when is not said"
    expected = [f"{m.stage} expected {_forecast(m)}" for m in state.milestones if m.forecast]
    facts = [f"{fact.kind} {quantity(fact.value, fact.unit, fact.kind)}" for fact in state.facts]
    shown = best(state.evidence)
    return lines(
        Text.assemble(text(project.name_in("en"), "bold"), "  ", (project.id, "dim")),
        in_a_row(*((since, confidence(state.confidence)) if state.status else ()), *expected),
        in_a_row(*facts),
        proof(shown) if shown else None,
    )


def _forecast(milestone: Milestone) -> str:
    if milestone.baseline and milestone.baseline != milestone.forecast:
        return f"{milestone.forecast} (first {milestone.baseline})"
    return str(milestone.forecast)


def detail(project: Project, state: ProjectState, lifecycle: Lifecycle) -> RenderableType:
    """One project in full: its block, its milestones, its facts with their proof."""
    milestones = table("Stage", "State", "Baseline", "Forecast", "Actual", "How sure", title="Milestones", whole=5)
    known = {milestone.stage: milestone for milestone in state.milestones}
    for stage in lifecycle.stages:
        if (milestone := known.get(stage)) is None:
            milestones.add_row(Text(stage, "dim"), *[Text(NOTHING, "dim")] * 5)
            continue
        milestones.add_row(
            stage,
            Text(milestone.state.value, _STATE_STYLE[milestone.state]),
            date(milestone.baseline),
            date(milestone.forecast),
            date(milestone.actual),
            confidence(milestone.confidence),
        )
    facts = table("Fact", "Value", "How sure", "Proof", title="Facts", whole=1)
    for fact in state.facts:
        shown = best(fact.evidence)
        facts.add_row(
            fact.kind.value,
            quantity(fact.value, fact.unit, fact.kind),
            confidence(fact.confidence),
            proof(shown) if shown else NOTHING,
        )
    head = overview([project], [state], {project.lifecycle: lifecycle})
    return Group(head, milestones, *([Padding(facts, (1, 0, 0, 0))] if state.facts else []))


def timeline(reports: Sequence[Report]) -> RenderableType:
    """All that was ever said of a project, in the order in which it was published, each with its sentence."""
    shown = blocks()
    for report in sorted(reports, key=publication_order):
        source = report.source
        published = Text("known before" if is_known(source) else str(source.published_at.date()), "bold")
        for claim in report.claims:
            said = Text.assemble(claim.stage, " ", (claim.state.value, _STATE_STYLE[claim.state]))
            when = str(claim.date) if claim.date else None
            shown.add_row(published, lines(in_a_row(said, when), _proof(source, claim.evidence)))
        for fact in report.facts:
            said = Text(f"{fact.kind.value} {quantity(fact.value, fact.unit, fact.kind)}")
            shown.add_row(published, lines(said, _proof(source, fact.evidence)))
    return shown


def _proof(source: Source, sentence: str) -> Text:
    return proof(Evidence(source=source, sentence=sentence))
