"""Parses short texts of the configuration (durations, sizes, networks, dates…) to values.

Each parser raises ``ValueError`` with a message that says what is valid.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.text.text import bare
from monitor.core.searches import PLACES, address, open_places

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
# A language, optionally with a region.
_TONGUE = "[a-z]{2,3}(-[A-Z]{2})?"
# A stage or condition, and a state.
_CLAIM = f"^\\S+ ({'|'.join(State)})$"
# CronSim needs a start instant; any will do.
_CRON_START = datetime(2024, 1, 1, tzinfo=UTC)
_CRON_FIELDS = 5
_YEARS = range(2000, 2100)
# One message per hour is reserved for messages that had to wait, so a rate of one would allow no others.
_RATES = range(2, 1_001)


def suggest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean …?)`` if a known word is similar, else ""."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    near = get_close_matches(word.casefold(), by_folded, n=1)
    return f" (did you mean {by_folded[near[0]]}?)" if near else ""


def parse_duration(text: str) -> timedelta:
    """Parse ``90s``, ``30m``, ``24h``, ``7d``, ``2w`` or a combination, ``1h30m``."""
    parts = re.findall(r"([0-9]{1,7})\s*([smhdw])", text)
    if not parts or "".join(number + unit for number, unit in parts) != "".join(text.split()):
        raise ValueError(f"invalid duration '{text}'; write a number and s, m, h, d or w: 30s, 30m, 24h, 7d")
    return timedelta(seconds=sum(int(number) * _SECONDS[unit] for number, unit in parts))


def format_duration(value: timedelta) -> str:
    """The shortest text that ``parse_duration`` parses to this value."""
    seconds = int(value.total_seconds())
    unit = max((unit for unit, size in _SECONDS.items() if seconds % size == 0), key=_SECONDS.__getitem__)
    return f"{seconds // _SECONDS[unit]}{unit}"


def between(least: str, most: str) -> AfterValidator:
    """A validator for durations within these limits, both included."""

    def check(value: timedelta) -> timedelta:
        if not parse_duration(least) <= value <= parse_duration(most):
            raise ValueError(f"must be between {least} and {most}")
        return value

    return AfterValidator(check)


def parse_size(text: str) -> int:
    """Parse ``5MB``, ``500 KB``, ``1GiB`` or a plain number of bytes."""
    match = re.fullmatch(r"(\d{1,12})\s*([KMG]I?B|B|)", text.upper())
    if match is None:
        raise ValueError(f"invalid size '{text}'; write bytes, or a number and KB, MB or GB: 5MB")
    size = int(match[1]) * _BYTES[match[2] or "B"]
    if not _BYTES["KB"] <= size <= _BYTES["GB"]:
        raise ValueError("must be between 1KB and 1GB")
    return size


def parse_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Parse a network in CIDR notation, or a single address."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"invalid network '{text}'; write an address and a prefix length: 127.0.0.0/8") from None
    raise ValueError(f"'{text}' has bits set beyond its prefix; did you mean {meant}?")


def check_timezone(text: str) -> str:
    """Check the name of an IANA time zone."""
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = suggest(text, zoneinfo.available_timezones())
        raise ValueError(f"invalid time zone '{text}'{near}; write an IANA name: Africa/Casablanca") from None
    return text


def check_cron(text: str) -> str:
    """Check a cron expression of five fields. It must match at least one day."""
    example = 'write minute, hour, day, month and weekday: "0 8 * * 1-5"'
    if len(text.split()) != _CRON_FIELDS:
        raise ValueError(f"invalid cron expression '{text}': five fields are needed; {example}")
    try:
        if next(CronSim(text, _CRON_START), None) is None:
            raise ValueError(f"'{text}' names no day that ever comes; {example}")
    except CronSimError as error:
        raise ValueError(f"invalid cron expression '{text}': {str(error).lower()}; {example}") from None
    return text


def parse_date(text: str) -> Period:
    """Parse a period of any precision."""
    try:
        return Period.parse(text)
    except ValueError:
        message = f"invalid date '{text}'; write 2024, 2024-H1, 2024-Q3, 2024-03 or 2024-03-29"
        raise ValueError(message) from None


def parse_quiet_hours(text: str) -> tuple[str, str]:
    """Parse ``22:00-07:00``."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        raise ValueError(f"invalid span of hours '{text}'; write HH:MM-HH:MM: 22:00-07:00")
    start, end = f"{int(match[1]):02d}:{match[2]}", f"{int(match[3]):02d}:{match[4]}"
    if start == end:
        raise ValueError("begins and ends at the same time; leave it out, or write two times: 22:00-07:00")
    return start, end


def parse_day(text: str) -> date:
    """Parse a day from 2000 to 2099."""
    return _parse_day(text, "write one: 2026-12-01")


def parse_moment(text: str) -> datetime:
    """Parse a day, or a day and a time of day, to a naive datetime."""
    example = "write one, with or without a time of day: 2026-12-01, 2026-12-01 08:00"
    day, _, clock = text.replace("T", " ").partition(" ")
    if clock and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock.strip()):
        raise ValueError(f"invalid day '{text}'; {example}")
    return datetime.combine(_parse_day(day, example), time.fromisoformat(clock.strip() or "00:00"))


def _parse_day(text: str, example: str) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"invalid day '{text}'; {example}")
    if day.year not in _YEARS:
        raise ValueError(f"must be between the years {_YEARS[0]} and {_YEARS[-1]}")
    return day


def parse_rate(text: str) -> int:
    """Parse ``20/h``."""
    match = re.fullmatch(r"(\d{1,5})\s*/\s*h(our)?", text)
    if match is None:
        raise ValueError(f"invalid number of messages in an hour '{text}'; write 20/h")
    if not _RATES[0] <= int(match[1]) <= _RATES[-1]:
        raise ValueError(f"must be between {_RATES[0]}/h and {_RATES[-1]}/h")
    return int(match[1])


def parse_claim(text: str) -> tuple[str, tuple[State, ...]]:
    """Parse a stage or condition with one state: ``construction reached``."""
    stage, states = parse_claims(text)
    if len(states) > 1:
        raise ValueError(f"'{text}' names no state; write reached, expected or denied behind it: {text} reached")
    return stage, states


def parse_claims(text: str) -> tuple[str, tuple[State, ...]]:
    """Parse a stage or condition with or without a state. Without one, it stands for all states."""
    stage, *states = text.split() or [""]
    if not stage or len(states) > 1:
        raise ValueError(f"invalid claim '{text}'; write a stage and a state: construction reached")
    for state in states:
        if state not in set(State):
            raise ValueError(f"invalid state '{state}'{suggest(state, State)}; write reached, expected or denied")
    return stage, tuple(map(State, states)) or tuple(State)


def check_web_address(text: str) -> str:
    """Check a web address."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or " " in text or not text.isprintable():
        raise ValueError("is not a web address; write https://…")
    return text


def check_feed_address(text: str) -> str:
    """Check a web address, or the address of a file in the configuration folder."""
    try:
        parts = urlsplit(text)
        is_file = parts.scheme == "file" and parts.netloc in {"", "localhost"} and bool(parts.path.strip("/"))
        if is_file and text.isprintable():
            return text
        return check_web_address(text)
    except ValueError:
        message = "is not the address of a feed; write https://…, or file:NAME for a file of this folder"
        raise ValueError(message) from None


def check_template(text: str) -> str:
    """Check the template of the address of a news search."""
    places = open_places(text)
    if "query" not in places:
        raise ValueError("has no place for the words that are searched; write {query} there: https://…?q={query}")
    if unknown := [place for place in places if place not in PLACES]:
        told = ", ".join(f"{{{place}}}" for place in PLACES)
        raise ValueError(f"has an unknown place {{{unknown[0]}}}{suggest(unknown[0], PLACES)}; the places are {told}")
    check_web_address(address(text, "words", "en"))
    return text


def check_endpoint(text: str) -> str:
    """Check the base address of an OpenAI-compatible endpoint."""
    parts = urlsplit(check_web_address(text))
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("holds more than a base address; write https://host/v1, and the key under api_key")
    return text


def check_public(text: str) -> str:
    """Check the public address of this service. It has no query or fragment; a trailing slash is removed."""
    parts = urlsplit(check_web_address(text))
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError("holds more than an address that others may know; write https://monitor.example.org")
    return text.rstrip("/")


def check_issuer(text: str) -> str:
    """Check the address of a provider of OpenID Connect. It is not changed: providers name themselves exactly."""
    parts = urlsplit(check_web_address(text))
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError("holds more than an address; write https://login.example.org")
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must be encrypted, for it says who people are; write https://")
    return text


def check_reader(text: str) -> str:
    """Check the name of a built-in reader, or of an object in a Python module."""
    if text not in {"rules", "trained", "llm"} and not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*", text):
        raise ValueError(f"invalid reader '{text}'; write trained, llm, or package.module:Name")
    return text


def check_database(text: str) -> str:
    """Check the SQLAlchemy address of a SQLite or PostgreSQL database."""
    scheme, separator, rest = text.partition("://")
    lasts = rest.strip("/") not in {"", ":memory:"}
    if not separator or scheme not in {"sqlite", "postgresql+psycopg"} or not lasts:
        raise ValueError("is not a database; write sqlite:///data/monitor.db or postgresql+psycopg://host/name")
    return text


def check_selector(text: str) -> str:
    """Check a CSS selector."""
    from monitor.feeds.selectors import selector  # noqa: PLC0415 - most configurations have no selector

    selector(text)
    return text


def check_word(text: str) -> str:
    """Check a word or name that can be found in texts."""
    if not any(char.isalnum() for char in bare(text)):
        raise ValueError("holds no letter or digit, so that it is found nowhere; write a name")
    return text


def check_name(name: dict[str, str]) -> dict[str, str]:
    """Check the texts of a name by language. At least one is needed."""
    if not name:
        raise ValueError("is empty; write a text, or {en: …, fr: …}")
    for language in name:
        if language:
            check_language(language)
    return name


def check_language(text: str) -> str:
    """Check a language code."""
    if not re.fullmatch(r"[a-z]{2,3}", text):
        raise ValueError(f"invalid language '{text}'; write its ISO 639 code in small letters: en, fr, ar, zh, es")
    return text


def check_tongue(text: str) -> str:
    """Check a language code with an optional region, which decides how dates are written."""
    if not re.fullmatch(_TONGUE, text):
        raise ValueError(
            f"invalid language '{text}'; write its ISO 639 code: en, fr, ar, zh, es, or with a region, ar-MA"
        )
    return text


def check_identifier(text: str) -> str:
    """Check an id. It can be used in addresses, patterns and commands without quotes."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", text):
        raise ValueError(f"invalid id '{text}'; write small letters, digits, '-', '_' and '.': btr-cathode")
    return text


def parsed(parse: Callable[[str], object]) -> BeforeValidator:
    """A pydantic validator that calls the parser with texts only."""

    def check(value: object) -> object:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "must be a single text")
        if any("\ud800" <= char <= "\udfff" for char in value):
            # Half of a surrogate pair. A parser would quote it in its message, and pydantic cannot encode that.
            raise PydanticCustomError("string_unicode", "holds a character that is not valid Unicode")
        return parse(value.strip())

    return BeforeValidator(check, str)


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Duration = Annotated[
    timedelta,
    parsed(parse_duration),
    WithJsonSchema({"type": "string", "examples": ["30m", "24h"]}),
]
Size = Annotated[int, parsed(parse_size), WithJsonSchema({"type": ["string", "integer"], "examples": ["5MB"]})]
Network = Annotated[
    ipaddress.IPv4Network | ipaddress.IPv6Network,
    parsed(parse_network),
    WithJsonSchema({"type": "string", "examples": ["127.0.0.0/8"]}),
]
QuietHours = Annotated[
    tuple[str, str], parsed(parse_quiet_hours), WithJsonSchema({"type": "string", "examples": ["22:00-07:00"]})
]
Day = Annotated[date, parsed(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    datetime, parsed(parse_moment), WithJsonSchema({"type": "string", "examples": ["2026-12-01", "2026-12-01 08:00"]})
]
Rate = Annotated[int, parsed(parse_rate), WithJsonSchema({"type": "string", "examples": ["20/h"]})]
#: A stage or condition with its states.
OneClaim = Annotated[
    tuple[str, tuple[State, ...]],
    parsed(parse_claim),
    WithJsonSchema({"type": "string", "pattern": _CLAIM, "examples": ["construction reached"]}),
]
Claims = Annotated[
    tuple[str, tuple[State, ...]],
    parsed(parse_claims),
    WithJsonSchema({"type": "string", "examples": ["cancelled reached", "cancelled"]}),
]
Date = Annotated[
    Period,
    parsed(parse_date),
    WithJsonSchema(
        {"type": ["string", "integer"], "examples": ["2024", "2024-H1", "2024-Q3", "2024-03", "2024-03-29"]}
    ),
]
TimeZone = Annotated[Text, AfterValidator(check_timezone)]
Cron = Annotated[Text, AfterValidator(check_cron)]
WebAddress = Annotated[Text, AfterValidator(check_web_address)]
CSSSelector = Annotated[Text, AfterValidator(check_selector)]
SearchTemplate = Annotated[Text, AfterValidator(check_template)]
FeedAddress = Annotated[Text, AfterValidator(check_feed_address)]
EndpointAddress = Annotated[Text, AfterValidator(check_endpoint)]
IssuerAddress = Annotated[Text, AfterValidator(check_issuer)]
PublicAddress = Annotated[Text, AfterValidator(check_public)]
ReaderName = Annotated[Text, AfterValidator(check_reader)]
Database = Annotated[Text, AfterValidator(check_database)]
Language = Annotated[
    Text, AfterValidator(check_language), WithJsonSchema({"type": "string", "pattern": "^[a-z]{2,3}$"})
]
Tongue = Annotated[Text, AfterValidator(check_tongue), WithJsonSchema({"type": "string", "pattern": f"^{_TONGUE}$"})]
Identifier = Annotated[Text, AfterValidator(check_identifier)]
#: A word under who, what, where or not. Numbers need no quotes.
Word = Annotated[Text, AfterValidator(check_word), WithJsonSchema({"type": ["string", "number"]})]
Name = Annotated[
    dict[str, Text],
    BeforeValidator(lambda value: {"": value} if isinstance(value, str) else value),
    AfterValidator(check_name),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]}),
]


# Lists of words as people type them: with commas or line ends between them. Pure --------------------------------------


#: A word with a comma in it stands in quotation marks.
_WORD = re.compile(
    r"[ \t]*+(?:\"(?P<straight>[^\"\n]++)\"|“(?P<curved>[^“”\n]++)”|«(?P<angled>[^«»\n]++)»)[ \t]*+(?=[,،、，\n]|\Z)"
    r"|(?P<plain>[^,،、，\n]++)"
)
_COMMA = re.compile("[,،、，]")


def split_words(text: str) -> list[str]:
    """The words of a text, each once: ``Tozeur, Tunisie`` are two, ``"Tozeur, Tunisie"`` is one.

    Commas may be those of Latin, Arabic and Chinese keyboards.
    """
    found = (each[each.lastgroup or 0].strip() for each in _WORD.finditer(text.replace("\r", "\n")))
    return list(dict.fromkeys(word for word in found if word))


def joined_words(words: Iterable[str]) -> str:
    """The words in one line, so that ``split_words`` finds them again."""
    return ", ".join(f'"{word}"' if _COMMA.search(word) else word for word in words)
