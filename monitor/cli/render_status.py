"""All projects on a terminal: a table with a line for each. A narrow terminal gets fewer columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from monitor.cli.render import NOTHING, ladder, lines, stage, text
from monitor.core.folding.glance import Glance
from monitor.core.folding.lateness import Against
from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.model import Project
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Confidence, ProjectState

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
