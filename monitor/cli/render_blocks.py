"""Blocks of lines with a short head at the left, and addresses, which a terminal shows as links behind a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import urlsplit

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from monitor.core.iri import ascii_only, readable
from monitor.core.plain import clean, is_plain_address
from monitor.logs import redact

_GAP = 3
_EMPTY: list[Segment] = []
#: A body is never narrower than this, however long the heads are.
_NARROWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
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
