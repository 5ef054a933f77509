"""What all tables and blocks are made of: core values as styled text for a terminal.

What articles and feeds say is shown as text, never as markup, and without characters that a terminal would obey.
"""

from datetime import datetime, tzinfo

from babel.numbers import format_compact_decimal, format_decimal
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from monitor.core.folding.known import is_known, is_operators_word
from monitor.core.lifecycle import OVERRIDING, Lifecycle
from monitor.core.model import Claim, FactKind, Said, State
from monitor.core.periods import Period
from monitor.core.plain import clean, shorten
from monitor.core.state import Confidence, Evidence, ProjectState, Standing
from monitor.logs import redact

NOTHING = "–"
STATE_STYLE = {State.REACHED: "green", State.EXPECTED: "cyan", State.DENIED: "red"}
#: From here on an amount is written with "million" or "billion".
_COMPACT_FROM = 1e6
_MAX_SENTENCE = 280


def text(value: str, style: str = "") -> Text:
    """Words from outside, without what is secret in them: an address may carry a key."""
    return Text(clean(redact(value)), style)


def date(period: Period | None) -> str:
    return str(period) if period else NOTHING


def instant(at: datetime | None, zone: tzinfo) -> str:
    """To the minute, on the clock of the configuration."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else NOTHING


def quantity(value: float, unit: str | None, kind: FactKind | None = None) -> str:
    """``3 billion MAD``, ``50,000 t/yr``, ``60 %``."""
    if kind is FactKind.INVESTMENT and value >= _COMPACT_FROM:
        number = format_compact_decimal(value, format_type="long", locale="en", fraction_digits=2)
    else:
        number = format_decimal(value, locale="en")
    # Jobs are counted in jobs: the kind has said it.
    return f"{number} {clean(unit)}" if unit and unit != kind else number


def status(state: ProjectState) -> Text:
    """Where the project stands, in the colour of how it goes; a condition that leaves the stage stands behind it."""
    if state.status is None:
        return Text("nothing known", "dim")
    stopped = state.status in OVERRIDING
    shown = Text(state.status, "bold red" if stopped else "bold green")
    if state.condition and state.condition != state.status:
        shown.append(f", {state.condition}", "yellow")
    return shown


def ladder(state: ProjectState, lifecycle: Lifecycle) -> Text:
    """One mark for each stage, up to the highest that was reached; a glance at the project."""
    reached = [lifecycle.rank(m.stage) for m in state.milestones if m.state is State.REACHED]
    height = max(reached, default=-1) + 1
    return Text.assemble(("■" * height, "green"), ("□" * (len(lifecycle.stages) - height), "dim"))


def confidence(value: Confidence) -> Text:
    return Text(value.value, "green" if value is Confidence.CONFIRMED else "yellow")


def sureness(standing: Standing) -> Text:
    """``confirmed by 3 independent sources, 1 official``; and how many say otherwise, where some do."""
    by = f" by {count(standing.sources, 'independent source')}" if standing.sources else ""
    shown = confidence(standing.confidence)
    shown.append(by + (f", {standing.official} official" if standing.official else ""))
    if standing.against:
        shown.append(f"; {standing.against} against", "red" if standing.disputed else "")
    return shown


def slip(days: int | None) -> str:
    """``on time``, ``+182 days``, ``-30 days``."""
    return NOTHING if days is None else f"{days:+,} days" if days else "on time"


def proof(evidence: Evidence) -> Text:
    """The sentence, and below it who published it, when and where."""
    source = evidence.source
    if is_known(source):
        said_by = ["the configuration"]
    else:
        decided = " decided, on an article of" if is_operators_word(source) else ""
        said_by = [f"{clean(source.outlet)}{decided}", str(source.published_at.date())]
    where = " · ".join(part for part in (*said_by, clean(source.url or "")) if part)
    return lines(quote(evidence.sentence), Text(where, "dim"))


def count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def table(*columns: str, title: str | None = None, whole: int = 0) -> Table:
    """An empty table in the one look that all have; the first ``whole`` columns are never broken."""
    made = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for index, column in enumerate(columns):
        made.add_column(column, overflow="fold", no_wrap=index < whole)
    return made


def blocks() -> Table:
    """An empty list of blocks, each with its short head at the left; reads well on a narrow terminal too."""
    made = Table.grid(padding=(0, 3, 1, 0))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    return made


def lines(*parts: Text | str | None) -> Text:
    """One below the other; those that are empty are left out."""
    return Text("\n").join(part if isinstance(part, Text) else Text(part) for part in parts if part)


def in_a_row(*parts: Text | str | None) -> Text:
    """One beside the other, with points between; those that are empty are left out."""
    return Text(" · ").join(part if isinstance(part, Text) else Text(part) for part in parts if part)


def said(told: Said) -> Text:
    """What is said of a stage, a condition or an amount: ``operating expected 2026-09``."""
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
    """The sentence between quotation marks, at a length that can be taken in."""
    return Text.assemble("“", (shorten(clean(sentence), _MAX_SENTENCE), "italic"), "”") if sentence else None
