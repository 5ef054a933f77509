"""The parts of all tables and blocks: core values as styled text for a terminal.

Text of articles and feeds is shown as text, never as markup, and without characters that control a terminal.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from math import floor

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from monitor.cli.render_blocks import Origin
from monitor.core.folding.combining import combined
from monitor.core.folding.known import is_known
from monitor.core.lifecycle import OVERRIDING, Lifecycle
from monitor.core.model import Claim, Said, State
from monitor.core.page.amounts import quantity
from monitor.core.periods import Period
from monitor.core.plain import clean, is_quoted, shorten
from monitor.core.state import Confidence, Evidence, ProjectState, Standing
from monitor.logs import redact

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


def proof(evidence: Evidence) -> tuple[Text | None, Origin]:
    """The sentence, and where it stands: publisher, date and address."""
    source = evidence.source
    if is_known(source):
        origin = Origin(url=source.url, outlet=KNOWN)
    else:
        decided = f"{clean(source.decided_by)} decided, on an article of " if source.decided_by else ""
        day = str(source.published_at.date())
        origin = Origin(url=source.url, outlet=f"{decided}{clean(source.outlet)}", told=(day,))
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
