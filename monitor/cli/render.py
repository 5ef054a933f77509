"""The parts of all tables and blocks: core values as styled text for a terminal.

Text of articles and feeds is shown as text, never as markup, and without characters that control a terminal.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import zip_longest
from math import floor
from urllib.parse import urlsplit

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from monitor.core.folding.known import is_known
from monitor.core.folding.listing import Against, Late
from monitor.core.folding.weighing import combined
from monitor.core.lifecycle import OVERRIDING, Lifecycle
from monitor.core.message.outlook import how_late
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, FactKind, Said, State
from monitor.core.notes import quantity
from monitor.core.periods import Period
from monitor.core.plain import ascii_only, clean, is_plain_address, is_quoted, readable, shorten
from monitor.core.state import Confidence, Delay, Evidence, Forecast, KnownFact, ProjectState, Standing
from monitor.logs import redact

# Blocks of lines with a short head at the left, and addresses, which a terminal shows as links behind a name ----------


_GAP = 3
_EMPTY: list[Segment] = []
#: A body is never narrower than this, however long the heads are.
_NARROWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLink:
    """Where something is said, on one line: the outlet as a link, or the decoded address if nothing can be clicked.

    The address is never broken: a program, or a person with a mouse, takes it from the line whole.
    """

    url: str | None
    #: The host of the address if empty.
    outlet: str = ""
    #: What else is told of it, such as a date.
    told: tuple[str, ...] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        address = redact(self.url or "")
        if is_plain_address(address) and _has_links(console):
            name = self.outlet or (urlsplit(address).hostname or address).removeprefix("www.")
            link = Style(dim=True, underline=True, link=ascii_only(address))
            yield Text.assemble((name, link), *((f" · {part}", "dim") for part in self.told))
        else:
            address = readable(address) if is_plain_address(address) else clean(address)
            shown = " · ".join(part for part in (self.outlet, *self.told, address) if part)
            yield Text(shown, "dim", no_wrap=True, overflow="ignore")


def _has_links(console: Console) -> bool:
    return console.is_terminal and console.color_system is not None and not console.legacy_windows


class Blocks:
    """Blocks under each other. What is in them wraps at the end of the terminal; what must not wrap goes beyond it."""

    def __init__(self, title: str = "") -> None:
        self._title = title
        self._rows: list[tuple[Text, tuple[RenderableType, ...]]] = []

    def add_row(self, head: Text | str, *body: RenderableType | None) -> None:
        """Add a block. Empty parts of its body are left out."""
        self._rows.append((head if isinstance(head, Text) else Text(head), tuple(part for part in body if part)))

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max((line.cell_len for head, _ in self._rows for line in head.split()), default=0)
        left = options.update(width=width, no_wrap=True)
        right = options.update(width=max(options.max_width - width - _GAP, _NARROWEST))
        if self._title:
            yield Text(f"{self._title}\n", "bold")
        for head, body in self._rows:
            heads = _lines([head], console, left)
            bodies = _lines(body, console, right)
            for beside, line in zip_longest(heads, bodies, fillvalue=_EMPTY):
                if width:
                    yield from Segment.adjust_line_length(beside, width + _GAP)
                yield from line
                yield Segment.line()


def _lines(parts: Iterable[RenderableType], console: Console, options: ConsoleOptions) -> list[list[Segment]]:
    return [line for part in parts for line in Segment.split_lines(console.render(part, options))]


NOTHING = "–"
#: What a ``known:`` entry of the configuration says, and no source.
KNOWN = "entered by hand"
#: What moves nothing yet, because its reader was not sure (docs/ledger.md).
UNVERIFIED = "reported, not verified"
STATE_STYLE = {State.REACHED: "green", State.EXPECTED: "cyan", State.DENIED: "red"}
_MAX_SENTENCE = 280


def text(value: str, style: str = "") -> Text:
    """Text from outside with its secrets masked: an address may contain a key."""
    return Text(clean(redact(value)), style)


def date(period: Period | None) -> str:
    return str(period) if period else NOTHING


def instant(at: datetime | None, zone: tzinfo) -> str:
    """An instant to the minute, in the configured time zone."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else NOTHING


def status(state: ProjectState) -> Text:
    """The project's status, then a condition if it has one beside the stage."""
    shown = stage(state)
    if state.condition and state.condition != state.status:
        shown.append(f", {state.condition}", "yellow")
    return shown


def stage(state: ProjectState) -> Text:
    """The project's status in a word, coloured by how it goes."""
    if state.status is None:
        return Text("nothing known", "dim")
    return Text(state.status, "bold red" if state.status in OVERRIDING else "bold green")


def ladder(state: ProjectState, lifecycle: Lifecycle) -> Text:
    """One mark for each stage of the lifecycle: ■ told to be reached, ◧ must have been, □ not known to be."""
    told = {m.stage: m.standing.is_told for m in state.milestones if m.state is State.REACHED}
    height = max(map(lifecycle.rank, told), default=-1) + 1
    below = ("■" if told.get(stage) else "◧" for stage in lifecycle.stages[:height])
    return Text.assemble(("".join(below), "green"), ("□" * (len(lifecycle.stages) - height), "dim"))


def confidence(value: Confidence) -> Text:
    return Text(value.value, "green" if value is Confidence.CONFIRMED else "yellow")


def sureness(standing: Standing) -> Text:
    """``confirmed by 3 independent sources, 1 official``, and the number of sources against it, if any."""
    if not standing.is_told:
        return Text(f"implied by {count(standing.implied, 'independent source')}", "dim")
    # A decision of an operator counts as an official source.
    sources, official = standing.sources - standing.decided, standing.official - standing.decided
    by = f" by {count(sources, 'independent source')}" if sources else ""
    by += f", {official} official" if official else ""
    hand = (" and" if sources else "") + " by hand" if standing.decided else ""
    by = f"{by}{hand}" if standing.confirms_date else f", but at this date only reported{by}{hand}"
    shown = Text(KNOWN, "yellow") if standing.is_only_known else confidence(standing.confidence)
    shown.append(by)
    if standing.against:
        shown.append(
            f"; {'disputed, ' * standing.disputed}{standing.against} against", "red" if standing.disputed else ""
        )
    if standing.readings:
        shown.append(f"; {together(standing.readings)}")
    return shown


def together(readings: Sequence[float]) -> str:
    """``0.84 from 2 sources: 0.60, 0.60``. Rounded down: what waits never looks as if it reached ``alert_from``."""
    sure = floor(combined(readings) * 100 + 1e-6) / 100
    return f"{sure:.2f} from {count(len(readings), 'source')}: {', '.join(f'{each:.2f}' for each in readings)}"


def proof(evidence: Evidence) -> tuple[Text | None, SourceLink]:
    """The sentence, and where it stands: publisher, date and address."""
    source = evidence.source
    if is_known(source):
        origin = SourceLink(url=source.url, outlet=KNOWN)
    else:
        decided = f"{clean(source.decided_by)} decided, on an article of " if source.decided_by else ""
        day = str(source.published_at.date())
        origin = SourceLink(url=source.url, outlet=f"{decided}{clean(source.outlet)}", told=(day,))
    return quote(evidence.sentence), origin


def count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def table(*columns: str, title: str | None = None, whole: int = 0) -> Table:
    """An empty table in the common style. The first ``whole`` columns do not wrap."""
    made = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        made.add_column(column, overflow="fold", no_wrap=index < whole)
    return made


def lines(*parts: Text | str | None) -> Text:
    """The parts on lines of their own. Empty ones are left out."""
    return Text("\n").join(part if isinstance(part, Text) else Text(part) for part in parts if part)


def in_a_row(*parts: Text | str | None) -> Text:
    """The parts on one line with points between them. Empty ones are left out."""
    return Text(" · ").join(part if isinstance(part, Text) else Text(part) for part in parts if part)


def said(told: Said) -> Text:
    """A statement about a stage, a condition or an amount: ``operating expected 2026-09``."""
    if isinstance(told, Claim):
        shown = Text.assemble(text(told.stage), " ", (told.state.value, STATE_STYLE[told.state]))
        if told.date:
            shown.append(f" {told.date}")
    else:
        shown = Text(f"{told.kind.value} {quantity(told.value, told.unit, told.kind)}")
    if told.phase:
        shown.append(" in ").append_text(text(told.phase))
    return shown


def quote(sentence: str) -> Text | None:
    """The sentence in quotation marks, shortened. None if it is empty."""
    words = Text(shorten(clean(sentence), _MAX_SENTENCE), "italic")
    return (words if is_quoted(sentence) else Text.assemble("“", words, "”")) if sentence else None


# Dates of projects on a terminal: since when something holds, and how late it is --------------------------------------


_ENGLISH = Tongue.of({}, "en")


def since(of: ProjectState | Delay) -> str | None:
    """``since 2024-04``. If no source says so, the day of the first article: ``since 2025-09-30 at the latest``."""
    if of.since:
        return f"since {of.since}"
    return f"since {of.by} at the latest" if of.by else None


def slips(found: Sequence[Late]) -> Text:
    """How late a milestone is, each measure on a line. It says against which date."""
    return lines(*(how_late(each, _ENGLISH) for each in found)) if found else Text(NOTHING)


def moved(before: Forecast | None, now: Forecast) -> str:
    """By how much a forecast moved: ``≈92 days later``. ``finer`` if it is within the former one."""
    if before is None:
        return NOTHING
    late = Late.at(now.period, before.period, Against.BEFORE)
    if not late.days:
        return "finer"
    rough, noun = "≈" if late.is_rough else "", "day" if abs(late.days) == 1 else "days"
    return f"{rough}{abs(late.days):,} {noun} {'later' if late.days > 0 else 'earlier'}"


# Amounts of a project on a terminal: what each is an amount of --------------------------------------------------------


def figure(fact: KnownFact) -> str:
    """``capacity``, or ``capacity of the first phase`` in the words of an article."""
    return f"{fact.kind.value} ({clean(fact.phase)})" if fact.phase else fact.kind.value


def figures(facts: Iterable[KnownFact]) -> Iterator[str]:
    """Each amount with its label. One of a part only if there is none of the whole.

    An investment that is told in several currencies is one figure: the value that most sources tell, then the others.
    """
    facts = list(facts)
    whole = {fact.kind for fact in facts if fact.phase is None}
    known = [fact for fact in facts if fact.phase is None or fact.kind not in whole]
    money = [fact for fact in known if fact.kind is FactKind.INVESTMENT and fact.phase is None]
    ranked = sorted(money, key=lambda fact: -fact.standing.sources)
    for fact in known:
        if fact not in money:
            yield f"{figure(fact)} {_value(fact)}{told_with(fact)}"
        elif fact is money[0]:
            others = f", also told: {', '.join(map(_value, ranked[1:]))}" if ranked[1:] else ""
            yield f"{figure(fact)} {_value(ranked[0])}{others}"


def told_with(fact: KnownFact) -> str:
    """`` (told with 694 million USD)``: the investment of the plan that the amount may belong to. "" if it is known."""
    return f" (told with {quantity(*fact.told_with, FactKind.INVESTMENT)})" if fact.told_with else ""


def _value(fact: KnownFact) -> str:
    return quantity(fact.value, fact.unit, fact.kind)
