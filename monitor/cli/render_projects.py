"""Projects on a terminal: where each stands with its proof, one in full, and how it came there."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.cli.render import NOTHING, best, confidence, date, ladder, proof, quantity, status, table, text
from monitor.core.fold import is_known, publication_order
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Evidence, Milestone, Project, ProjectState, Report, Source, State

_STATE_STYLE = {State.REACHED: "green", State.EXPECTED: "cyan", State.DENIED: "red"}


def overview(
    projects: Iterable[Project], states: Iterable[ProjectState], lifecycles: Mapping[str, Lifecycle]
) -> RenderableType:
    """Each project as a block: status and ladder beside name, dates, facts and the proof of the status."""
    grid = Table.grid(padding=(0, 3, 1, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for project, state in zip(projects, states, strict=True):
        left = Text("\n").join([status(state), ladder(state, lifecycles[project.lifecycle])])
        grid.add_row(left, Text("\n").join(_summary(project, state)))
    return grid


def _summary(project: Project, state: ProjectState) -> list[Text]:
    lines = [Text.assemble(text(project.name_in("en"), "bold"), "  ", (project.id, "dim"))]
    dates = []
    if state.status:
        dates.append(Text(f"since {state.since}" if state.since else "since when is not said"))
        dates.append(confidence(state.confidence))
    dates += [Text(f"{m.stage} expected {_forecast(m)}") for m in state.milestones if m.forecast]
    if dates:
        lines.append(Text(" · ").join(dates))
    if state.facts:
        lines.append(Text(" · ".join(f"{f.kind} {quantity(f.value, f.unit, f.kind)}" for f in state.facts)))
    shown = best(state.evidence)
    if shown is not None:
        lines.append(proof(shown))
    return lines


def _forecast(milestone: Milestone) -> str:
    if milestone.baseline and milestone.baseline != milestone.forecast:
        return f"{milestone.forecast} (first {milestone.baseline})"
    return str(milestone.forecast)


def detail(project: Project, state: ProjectState, lifecycle: Lifecycle) -> RenderableType:
    """One project in full: its block, its milestones, its facts with their proof."""
    milestones = table("Stage", "State", "Baseline", "Forecast", "Actual", "How sure", "Articles", title="Milestones")
    known = {milestone.stage: milestone for milestone in state.milestones}
    for stage in lifecycle.stages:
        if (milestone := known.get(stage)) is None:
            milestones.add_row(Text(stage, "dim"), *[Text(NOTHING, "dim")] * 6)
            continue
        milestones.add_row(
            stage,
            Text(milestone.state.value, _STATE_STYLE[milestone.state]),
            date(milestone.baseline),
            date(milestone.forecast),
            date(milestone.actual),
            confidence(milestone.confidence),
            str(len(milestone.evidence)),
        )
    facts = table("Fact", "Value", "How sure", "Proof", title="Facts")
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
    rows = table("Published", "Said", "When", "Proof")
    for report in sorted(reports, key=publication_order):
        source = report.source
        published = NOTHING if is_known(source) else source.published_at.date().isoformat()
        for claim in report.claims:
            said = Text.assemble(claim.stage, " ", (claim.state.value, _STATE_STYLE[claim.state]))
            rows.add_row(published, said, date(claim.date), _proof(source, claim.evidence))
        for fact in report.facts:
            said = Text(f"{fact.kind.value} {quantity(fact.value, fact.unit, fact.kind)}")
            rows.add_row(published, said, NOTHING, _proof(source, fact.evidence))
    return rows


def _proof(source: Source, sentence: str) -> Text:
    return proof(Evidence(source=source, sentence=sentence))
