"""The screen of the running service: what it did lately, what comes next, what is wrong. Fits any terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import accumulate, chain

from rich.text import Text

from monitor.cli.lately import Lately, Line
from monitor.cli.output import out
from monitor.cli.render import count, text
from monitor.core.polling.polling import span

#: The most lines of the screen. What was printed before it stays in view on a larger terminal.
TALLEST = 24
#: Lines without room for a blank one between sections.
_LOW = 16
#: The widest column of subjects. On a narrow terminal it takes a third.
_COLUMN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What comes next."""

    feeds: int
    projects: int
    #: The next polls: the name of each feed, and when.
    polls: tuple[tuple[str, datetime], ...] = ()
    #: The number of feeds that wait for the network.
    waiting: int = 0
    #: Messages that wait to be sent, and when the next one is due.
    messages: int = 0
    message_at: datetime | None = None


def screen(
    lately: Lately, coming: Coming | None, *, now: datetime, zone: tzinfo | None, width: int, height: int
) -> Text:
    """At most ``height`` lines, each cut to the width. As long as the time zone is not known, no time is shown.

    What is wrong may take several lines, so that it can be read to its end.
    """
    height, column = max(1, min(height, TALLEST)), min(_COLUMN, max(1, width // 3))
    head = _head(lately, coming, zone, width)
    if lately.pages:
        head.append(Text.assemble("Pages: ", text(lately.pages, "bold")))
    if lately.doing:
        head.append(Text.assemble(f"{_turning(now)} ", text(lately.doing, "bold cyan")))
    if lately.no_network:
        head.append(text(lately.no_network, "bold yellow"))
    sections: list[tuple[str, Sequence[Sequence[Text]]]] = [
        ("Polled lately", [[_line(line, zone, column)] for line in lately.polls]),
        ("Changes and alerts", [[_line(line, zone, column)] for line in lately.moves]),
        ("Next", [[row] for row in _next(coming, now, zone)]),
        ("Problems", [_problem(line, zone, column, width) for line in reversed(tuple(lately.problems.values()))]),
    ]
    sections = [(name, items) for name, items in sections if items]
    gap = 1 if height >= _LOW else 0
    room = height - len(head) - len(sections) * (1 + gap)
    shares = shared([sum(map(len, items)) for _, items in sections], room)
    lines = head
    for (name, items), share in zip(sections, shares, strict=True):
        begins = accumulate(map(len, items[:-1]), initial=0)
        hidden = sum(begin >= share for begin in begins)
        lines += [Text()] * gap
        lines.append(Text.assemble((name, "bold"), (f"  {hidden:,} more" if hidden else "", "dim")))
        lines += list(chain.from_iterable(items))[:share]
    for line in lines[:height]:
        line.truncate(max(1, width), overflow="ellipsis")
    return Text("\n", no_wrap=True, overflow="crop").join(lines[:height])


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """Share the lines of a screen: each section gets one more in turn, while it wants more and there is room."""
    shares = [0] * len(wanted)
    while room > 0 and shares != list(wanted):
        for index, most in enumerate(wanted):
            if room > 0 and shares[index] < most:
                shares[index] += 1
                room -= 1
    return shares


def _turning(now: datetime) -> str:
    """A mark that turns with the time, as long as something is under way."""
    return "|/-\\"[int(now.timestamp() * 2) % 4]


def _head(lately: Lately, coming: Coming | None, zone: tzinfo | None, width: int) -> list[Text]:
    """One line, or two if the terminal is narrow. It names the time zone of all times on the screen."""
    watched = f"  {count(coming.projects, 'project')}, {count(coming.feeds, 'feed')}" if coming else ""
    name = Text.assemble(("Milestone monitor", "bold"), watched, ("  Ctrl-C ends it", "dim"))
    if zone is None:
        return [name]
    done = [count(lately.polled, "poll"), count(lately.changed, "change"), f"{count(lately.sent, 'alert')} sent"]
    since = Text(f"{' · '.join(done)} since {lately.started_at.astimezone(zone):%H:%M} {zone}", "dim")
    gap = Text("  ")
    return [name + gap + since] if len(name) + len(gap) + len(since) <= width else [name, since]


def _line(line: Line, zone: tzinfo | None, column: int) -> Text:
    return _begin(line, zone, column).append_text(text(line.words, "" if line.is_good else "red"))


def _begin(line: Line, zone: tzinfo | None, column: int) -> Text:
    """What stands before the words of a line."""
    shown = Text.assemble((f" {line.at.astimezone(zone):%H:%M:%S}  " if zone else " ", "dim"))
    subject = text(line.subject)
    subject.truncate(column, overflow="ellipsis", pad=True)
    return shown.append_text(subject).append("  ")


def _problem(line: Line, zone: tzinfo | None, column: int, width: int) -> list[Text]:
    """The line, and below it the rest of its words if they are long and the terminal is wide enough."""
    begin, words = _begin(line, zone, column), text(line.words, "red")
    room = width - begin.cell_len
    if room < column:
        return [begin + words]
    first, *rest = words.wrap(out, room) or [Text()]
    margin = Text(" " * begin.cell_len)
    return [begin + first, *(margin + each for each in rest)]


def _next(coming: Coming | None, now: datetime, zone: tzinfo | None) -> list[Text]:
    if coming is None or zone is None:
        return []
    rows = []
    if coming.messages:
        due = f", the next at {coming.message_at.astimezone(zone):%Y-%m-%d %H:%M}" if coming.message_at else ""
        rows.append(Text(f" {count(coming.messages, 'message')} to send{due}"))
    for name, at in coming.polls:
        wait = f"in {span(at - now)}" if at - now >= timedelta(seconds=1) else "now"
        rows.append(Text.assemble((f" {wait:<12} ", "dim"), text(name)))
    if coming.waiting:
        rows.append(Text(f" {count(coming.waiting, 'feed')} when the network is back"))
    return rows
