"""Options and arguments that several commands share."""

import os
import shlex
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from typing import Annotated

import typer

from monitor.core.news import Past
from monitor.core.periods import Period
from monitor.logs import redact
from monitor.settings.scalars import suggest

_CONFIG_VARIABLE = "MONITOR_CONFIG"
ConfigDir = Annotated[
    Path, typer.Option("--config", metavar="DIR", envvar=_CONFIG_VARIABLE, help="The configuration folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, all else on standard error.")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many at most; the newest.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="As it was known at the end of this day or month, or at this instant."
    ),
]
PublishedBy = Annotated[
    str | None,
    typer.Option(
        "--published-by",
        metavar="DATE",
        help="From what had been published by the end of this day or month, whenever it was read.",
    ),
]
DEFAULT_CONFIG = Path("config")


def to_repeat(config: Path) -> str:
    """What another command needs at its end to find this folder. "" if it finds it by itself."""
    usual = Path(os.environ.get(_CONFIG_VARIABLE) or DEFAULT_CONFIG)
    return "" if config == usual else f" --config {shlex.quote(str(config))}"


def must_ask(*, yes: bool) -> bool:
    """Whether to ask before something is changed. Raises BadParameter if nobody is there to answer."""
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter("on a terminal it asks; elsewhere give --yes")
    return not yes


def known(kind: str, name: str, names: Iterable[str]) -> str:
    """The name if it is one of these. Otherwise raises BadParameter with the names and a suggestion."""
    names = tuple(names)
    if name not in names:
        message = f"no {kind} '{name}' in the configuration{suggest(name, names)}"
        raise typer.BadParameter(redact(f"{message}; there are: {', '.join(names)}" if names else message))
    return name


def past(as_of: str | None, published_by: str | None, zone: tzinfo, now: datetime) -> Past | None:
    """The view of the past that is asked for. None for now. Raises BadParameter like ``instant``, or if both are."""
    if as_of and published_by:
        raise typer.BadParameter("give --as-of or --published-by, not both")
    at = instant(as_of or published_by, zone, now)
    return Past(at, as_published=bool(published_by)) if at else None


def instant(text: str | None, zone: tzinfo, now: datetime) -> datetime | None:
    """The end of the given day, month or year in this zone, or the given instant. None if there is no text.

    Raises:
        typer.BadParameter: the text is not a date, or what it names starts in the future.
    """
    if text is None:
        return None
    begin, end = _meant(text, zone)
    if begin > now:
        raise typer.BadParameter(f"'{text}' is yet to come: nobody knows what will be known then")
    return end


def moment(text: str, zone: tzinfo) -> datetime:
    """The start of the given day, month or year in this zone, or the given instant. It may be in the future."""
    return _meant(text, zone)[0]


def _meant(text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first and the last instant of a day, month or year, in UTC. An instant is both its first and its last."""
    try:
        first, last = _period(text, zone) or _date_time(text, zone)
        return first.astimezone(UTC), last.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"invalid date '{text}': write 2026-09-15, 2026-09, 2026 or 2026-09-15T12:00"
        raise typer.BadParameter(message) from error


def _period(text: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    try:
        period = Period.parse(text)
    except ValueError:
        return None
    return datetime.combine(period.start, time.min, zone), datetime.combine(period.end, time.max, zone)


def _date_time(text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    given = datetime.fromisoformat(text)
    given = given if given.tzinfo else given.replace(tzinfo=zone)
    return given, given
