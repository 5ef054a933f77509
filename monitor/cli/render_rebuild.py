"""The result of a rebuild, on a terminal."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.render import NOTHING, count, date, in_a_row, lines, text
from monitor.cli.render_blocks import Blocks
from monitor.cli.render_lists import move
from monitor.core.model import Project
from monitor.core.page.amounts import quantity
from monitor.core.state import KnownFact, Milestone, ProjectState
from monitor.know.rebuild import Alert, Difference, Rebuilt


def rebuilt(done: Rebuilt, projects: Mapping[str, Project], *, applied: bool) -> RenderableType:
    """Each project that differs, before and after, with its alerts; below them a summary."""
    shown = Blocks()
    for difference in done.differences:
        project = projects[difference.after.project]
        head = Text.assemble(text(project.name_in("en"), "bold"), "  ", (project.id, "dim"))
        shown.add_row("", lines(head, *_moved(difference)))
    return Group(shown, _summary(done, applied=applied)) if done.differences else _summary(done, applied=applied)


def _summary(done: Rebuilt, *, applied: bool) -> Text:
    if not done.articles:
        return Text("All articles are read by today's vocabulary and configuration already.")
    shown = in_a_row(
        f"{count(done.articles, 'article')} read again",
        f"{done.otherwise:,} read otherwise",
        f"{count(len(done.differences), 'project')} otherwise" if done.differences else "nothing else is known by it",
        count(len(done.changes), "change") if applied else None,
    )
    return shown if applied else shown.append("\nNothing is kept; to keep it: monitor rebuild --apply", "dim")


def _moved(difference: Difference) -> Iterator[Text]:
    if difference.moves_status:
        yield _pair("status", _status(difference.before), _status(difference.after))
    for was, now in difference.milestones:
        yield _pair((was or now).stage, _milestone(was), _milestone(now))  # type: ignore[union-attr]  # one is not None
    for one, other in difference.facts:
        yield _pair((one or other).kind, _fact(one), _fact(other))  # type: ignore[union-attr]  # one is not None
    yield from _alerts("would have been told", "green", difference.missed)
    yield from _alerts("would not have been told", "red", difference.mistaken)


def _pair(what: str, before: str, after: str) -> Text:
    return Text.assemble((what, "bold"), f": {before} → {after}")


def _status(state: ProjectState) -> str:
    condition = state.condition if state.condition != state.status else None
    said = (state.status, condition, f"since {state.since}" if state.since else None, state.confidence)
    return ", ".join(part for part in said if part) if state.status else "nothing known"


def _milestone(milestone: Milestone | None) -> str:
    if milestone is None:
        return NOTHING
    return f"{milestone.state} {date(milestone.actual or milestone.forecast)}, {milestone.confidence}"


def _fact(fact: KnownFact | None) -> str:
    return f"{quantity(fact.value, fact.unit, fact.kind)}, {fact.confidence}" if fact else NOTHING


def _alerts(said: str, style: str, alerts: Iterable[Alert]) -> Iterator[Text]:
    for alert in alerts:
        whom = text(f"{', '.join(alert.subscribers)} {said}", style)
        yield Text.assemble("  ", whom, ": ", move(alert.change))
