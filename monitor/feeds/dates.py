"""Parses the dates of feeds: RFC 822 in several languages, ISO 8601 and its variants, and broken ones. Pure."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from monitor.core.articles import may_be_published

# No date is longer.
_LENGTH = 100

_MONTHS = """
january jan janvier janv enero ene يناير جانفي كانون_الثاني
february feb fevrier fevr fev febrero فبراير فيفري شباط
march mar mars marzo مارس آذار
april apr avril avr abril abr أبريل إبريل أفريل نيسان
may mai mayo مايو ماي أيار
june jun juin junio يونيو يونيه جوان حزيران
july jul juillet juil julio يوليو يوليوز يوليه جويلية تموز
august aug aout agosto ago أغسطس غشت أوت آب
september sept sep septembre septiembre setiembre سبتمبر شتنبر أيلول
october oct octobre octubre أكتوبر تشرين_الأول
november nov novembre noviembre نوفمبر نونبر تشرين_الثاني
december dec decembre diciembre dic ديسمبر دجنبر كانون_الأول
"""

_ZONE_HOURS = """
z 0, ut 0, utc 0, gmt 0, wet 0, west 1, cet 1, met 1, bst 1, cest 2, mest 2, eet 2, sast 2, eest 3, msk 3, ast 3,
ist 5.5, hkt 8, sgt 8, awst 8, jst 9, kst 9, aest 10, aedt 11,
est -5, edt -4, cst -6, cdt -5, mst -7, mdt -6, pst -8, pdt -7
"""
_ZONES = {name: float(hours) for name, hours in (zone.split() for zone in _ZONE_HOURS.split(","))}


def _fold(text: str) -> str:
    """The text in lower case, with ASCII digits, without accents and Arabic hamza. Its length may change."""
    if text.isascii():
        return text.lower()
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return "".join(str(unicodedata.digit(char, char)) for char in plain.lower())


_MONTH = {
    _fold(name).replace("_", " "): number
    for number, names in enumerate(_MONTHS.strip().splitlines(), start=1)
    for name in names.split()
}
_NAME = rf"(?P<name>{'|'.join(sorted(map(re.escape, _MONTH), key=len, reverse=True))})(?!\w)"
_ORDINAL = r"(?:er|st|nd|rd|th)?"

_TIME = re.compile(
    r"(?P<dial>(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"\s*(?P<half>[ap]\.?m\b\.?)?)"
    r"\s*(?P<zone>(?:gmt|utc)?\s*[+-]\d{1,2}(?::?\d{2})?(?!\d)|[a-z]+/[a-z_/]+|[a-z]{1,4}(?![a-z]))?"
)
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日",
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}[\s.,-]+(?:de\s)?{_NAME}[\s.,-]+(?:del?\s)?(?P<year>\d\d(?:\d\d)?)(?!\d)",
        rf"(?<!\w){_NAME}[\s.]+(?P<day>\d{{1,2}}){_ORDINAL}[\s,]+(?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        # The order of day and month varies with slashes. A date is read only if one order alone is possible.
        r"(?<!\d)(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?\d|1[0-2])/(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<month>0?\d|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<day>(?P<month>\d{1,2}))/(?P=day)/(?P<year>\d{4})(?!\d)",
        r"^(?P<year>\d{4})(?:-(?P<month>\d{2}))?$",
    )
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+-])(\d{1,2}):?(\d{2})?")
_NOON = 12
_PIVOT = 50  # RFC 2822 section 4.3


def read_instant(written: str, *, now: datetime) -> datetime | None:
    """The instant of a feed's date, in UTC. None if it is no date, or an impossible one.

    A date without a zone is read as UTC. A date without a time is read as its first instant.

    Args:
        written: the date as published.
        now: the current instant. A date more than ten years after it is rejected.
    """
    text = " ".join(_fold(written[:_LENGTH]).split())
    try:
        instant = _epoch(text) or _read(_COMPACT.sub(_spread, text), written)
    except (ValueError, OverflowError):  # the 31st of February, the hour 25
        return None
    return instant if instant is not None and may_be_published(instant, now) else None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _spread(compact: re.Match[str]) -> str:
    """20240329T101500 becomes 2024-03-29 10:15:00."""
    year, month, day, hour, minute, second = compact.groups()
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}:{second or '00'}" if hour else "")


def _read(text: str, written: str) -> datetime | None:
    time = _TIME.search(text)
    rest, clock = text, timedelta()
    zone: tzinfo = UTC
    if time is not None:
        known = _zone(time["zone"] or "", written)
        # A word after the time that is not a zone may be the month.
        rest = text[: time.start()] + " " + text[time.end() if known else time.end("dial") :]
        zone, clock = known or UTC, _clock(time)
    for pattern in _DATES:
        found = pattern.search(rest.strip())
        if found is not None:
            return (_day(found) + clock).replace(tzinfo=zone).astimezone(UTC)
    return None


def _day(found: re.Match[str]) -> datetime:
    parts = found.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == len("24"):
        year += 2000 if year < _PIVOT else 1900
    month = _MONTH[parts["name"]] if parts.get("name") else int(parts["month"] or 1)
    return datetime(year, month, int(parts.get("day") or 1))  # noqa: DTZ001 - the caller adds the zone with the time


def _clock(time: re.Match[str]) -> timedelta:
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    if time["half"]:
        hour = hour % _NOON + (_NOON if time["half"].startswith("p") else 0)
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 - clock limits; 24:00 and leap seconds are valid
        raise ValueError(f"{time[0]} is not a time")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _zone(name: str, written: str) -> tzinfo | None:
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-size if offset[1] == "-" else size)
    if "/" in name:
        return _place(name, written)
    return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None


def _place(name: str, written: str) -> tzinfo | None:
    """A zone by its place, such as Africa/Casablanca. The zone database distinguishes upper and lower case."""
    start = written.lower().find(name)
    try:
        return ZoneInfo(written[start : start + len(name)])
    except (KeyError, ValueError, OSError):
        return None
