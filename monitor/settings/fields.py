"""The fields of a form: how each is filled in, and what may be wrong with it.

A field has one control or several. What stands in them is a mapping: from the part of the field to its text.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from monitor.core.alerting.limits import mail_address
from monitor.core.periods import Period
from monitor.settings.editing import scalar
from monitor.settings.scalars import (
    check_cron,
    check_web_address,
    joined_words,
    parse_duration,
    parse_quiet_hours,
    parse_rate,
    split_words,
)
from monitor.settings.yaml_document import Value, parse_yaml

Parts = Mapping[str, str]


class Kind(StrEnum):
    """How a field is filled in, and its parts."""

    #: One text.
    LINE = "line"
    #: One text, and the same in other languages: "" and the codes of languages.
    TEXTS = "texts"
    #: Words with commas or line ends between them.
    WORDS = "words"
    #: One of its options.
    CHOICE = "choice"
    #: Some of its options, each a part.
    CHOICES = "choices"
    #: A box that is ticked or not.
    CHECK = "check"
    #: A day.
    DAY = "day"
    #: A period of any precision.
    PERIOD = "period"
    #: The address of a page.
    ADDRESS = "address"
    #: A number of days.
    DAYS = "days"
    #: A number of messages in an hour.
    RATE = "rate"
    #: Hours of the day: ``from`` and ``to``.
    HOURS = "hours"
    #: At once, or on days (``1`` is Monday) at a ``time``, or by ``cron``: which of them is ``how``.
    SENDING = "sending"
    #: Mail addresses (``mail``) and other channels, one in each line (``other``).
    CHANNELS = "channels"
    #: All, or some of its options; patterns and tags (``more``). ``which`` is ``all`` or ``some``.
    FOLLOWED = "followed"
    #: Rows of further fields: ``0.stage``.
    ROWS = "rows"
    #: As in the file.
    YAML = "yaml"


class Wrong(StrEnum):
    """What is wrong with a field."""

    EMPTY = "empty"
    UNDESCRIBED = "undescribed"
    EXCLUDED = "excluded"
    NO_LETTER = "no_letter"
    TAKEN = "taken"
    PERIOD = "period"
    DAY = "day"
    ADDRESS = "address"
    MAIL = "mail"
    HOURS = "hours"
    DIGEST = "digest"
    CRON = "cron"
    NUMBER = "number"
    ORDER = "order"
    ROW = "row"
    YAML = "yaml"
    #: No account is there that writes to mail addresses.
    NO_ACCOUNT = "no_account"
    #: Something else, which the check of the configuration has found.
    UNUSABLE = "unusable"


class FieldError(ValueError):
    """A field is filled in wrongly: in which way, and what the sentence about it names."""

    def __init__(self, wrong: Wrong, **values: object) -> None:
        super().__init__(wrong)
        self.wrong, self.values = wrong, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of an item."""

    key: str
    kind: Kind
    is_required: bool = False
    #: Whether few need it.
    is_rare: bool = False
    options: tuple[str, ...] = ()
    #: The options or the text that count if the key is absent.
    default: tuple[str, ...] = ()
    #: Of rows.
    columns: tuple["Field", ...] = ()


# What stands in the controls of a field for a value of a file. Pure ---------------------------------------------------


def shown(field: Field, value: Value) -> tuple[Field, dict[str, str]]:
    """What stands in the controls for this value. What they cannot show is shown as in the file."""
    parts = _SHOWN.get(field.kind, _line)(field, value)
    return (field, parts) if parts is not None else (replace(field, kind=Kind.YAML), {"": written(value)})


def _line(field: Field, value: Value) -> dict[str, str] | None:
    if value is None:
        return {"": field.default[0] if field.default else ""}
    return {"": value} if isinstance(value, str) else None


def _texts(field: Field, value: Value) -> dict[str, str] | None:
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return {"" if language == "en" else language: str(text) for language, text in value.items()}
    return _line(field, value)


def _words(_: Field, value: Value) -> dict[str, str] | None:
    found = _listed(value)
    texts = [each for each in found if isinstance(each, str)]
    return {"": joined_words(texts)} if len(texts) == len(found) else None


def _choices(field: Field, value: Value) -> dict[str, str] | None:
    chosen = list(field.default) if value is None else _listed(value)
    return {str(each): "on" for each in chosen} if set(map(str, chosen)) <= set(field.options) else None


def _check(_: Field, value: Value) -> dict[str, str] | None:
    return {"": "on"} if value == "true" else {} if value is None or value == "false" else None


def _day(_: Field, value: Value) -> dict[str, str] | None:
    return {"": str(value or "")} if value is None or is_day(value) else None


def _days(_: Field, value: Value) -> dict[str, str] | None:
    with suppress(ValueError):
        span = parse_duration(str(value)) if value is not None else timedelta()
        return {"": str(span.days) if span else ""} if span == timedelta(days=span.days) else None
    return None


def _rate(field: Field, value: Value) -> dict[str, str] | None:
    with suppress(ValueError):
        return {"": str(parse_rate(str(value)))} if value is not None else {"": field.default[0]}
    return None


def _hours(_: Field, value: Value) -> dict[str, str] | None:
    if value is None:
        return {"from": "", "to": ""}
    with suppress(ValueError):
        return dict(zip(("from", "to"), parse_quiet_hours(str(value)), strict=True))
    return None


_WEEKLY = re.compile(r"(?P<minute>[0-5]?\d) (?P<hour>1?\d|2[0-3]) \* \* (?P<days>\*|[0-7](?:[-,][0-7]){0,6})")
#: The days of the week, from Monday.
WEEK = ("1", "2", "3", "4", "5", "6", "7")


def _sending(_: Field, value: Value) -> dict[str, str] | None:
    if value is None or value == "now":
        return {"how": "now", "time": "08:00", **dict.fromkeys(WEEK[:5], "on"), "cron": ""}
    cron = value.get("digest") if isinstance(value, dict) and value.keys() == {"digest"} else None
    if not isinstance(cron, str):
        return None
    weekly = _WEEKLY.fullmatch(" ".join(cron.split()))
    if weekly is None:
        return {"how": "cron", "time": "08:00", "cron": cron}
    at = f"{int(weekly['hour']):02d}:{int(weekly['minute']):02d}"
    return {"how": "digest", "time": at, **dict.fromkeys(_week(weekly["days"]), "on"), "cron": ""}


def _week(days: str) -> Iterator[str]:
    """The days of the week that a cron expression names, Sunday as 7."""
    for span in ("1-7" if days == "*" else days).split(","):
        first, _, last = span.partition("-")
        for day in range(int(first), int(last or first) + 1):
            yield str(day or 7)


def _channels(_: Field, value: Value) -> dict[str, str] | None:
    lines = [each if isinstance(each, str) else written(each) for each in _listed(value)]
    mails = [each for each in lines if mail_address(each)]
    return {"mail": ", ".join(mails), "other": "\n".join(each for each in lines if each not in mails)}


def _followed(field: Field, value: Value) -> dict[str, str] | None:
    names = _listed(value) or ["*"]
    if not all(isinstance(each, str) for each in names):
        return None
    more = [str(each) for each in names if each not in field.options and each != "*"]
    chosen = {f"is.{each}": "on" for each in names if each in field.options}
    return {"which": "all" if "*" in names else "some", **chosen, "more": joined_words(more)}


def _rows(field: Field, value: Value) -> dict[str, str] | None:
    columns = {each.key: each for each in field.columns}
    parts: dict[str, str] = {}
    for number, row in enumerate(_listed(value)):
        if not isinstance(row, dict) or not row.keys() <= columns.keys():
            return None
        for key, column in columns.items():
            cell, found = shown(column, row.get(key))
            if cell.kind is not column.kind:
                return None
            parts.update({f"{number}.{key}{'.' if part else ''}{part}": text for part, text in found.items()})
    return parts


def _yaml(_: Field, value: Value) -> dict[str, str] | None:
    return {"": written(value) if value is not None else ""}


def is_day(text: Value) -> bool:
    """Whether it is a day as the control for days writes it."""
    with suppress(ValueError):
        return bool(isinstance(text, str) and date.fromisoformat(text).isoformat() == text)
    return False


def _listed(value: Value) -> Sequence[Value]:
    return [] if value is None else value if isinstance(value, list) else [value]


def written(value: Value) -> str:
    """A value as YAML in one line. References in it stay references: it is taken from the file as it is written."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {written(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return "null" if value is None else scalar(value).replace("$$", "$")


_SHOWN: Mapping[Kind, Callable[[Field, Value], dict[str, str] | None]] = {
    Kind.TEXTS: _texts,
    Kind.WORDS: _words,
    Kind.CHOICES: _choices,
    Kind.CHECK: _check,
    Kind.DAY: _day,
    Kind.DAYS: _days,
    Kind.RATE: _rate,
    Kind.HOURS: _hours,
    Kind.SENDING: _sending,
    Kind.CHANNELS: _channels,
    Kind.FOLLOWED: _followed,
    Kind.ROWS: _rows,
    Kind.YAML: _yaml,
}


# The value of a field that was filled in. Pure ------------------------------------------------------------------------


def typed(field: Field, parts: Parts) -> Value:
    """The value of a field that was filled in so. None if its key is to be absent. Raises FieldError."""
    value = _TYPED.get(field.kind, _typed_line)(field, parts)
    if field.is_required and not value:
        raise FieldError(Wrong.EMPTY)
    return value


def _typed_line(_: Field, parts: Parts) -> Value:
    return " ".join(parts.get("", "").split()) or None


def _typed_texts(_: Field, parts: Parts) -> Value:
    found = {language or "en": text for language, each in parts.items() if (text := " ".join(each.split()))}
    return found.get("en") if found.keys() <= {"en"} else dict(found)


def _typed_words(_: Field, parts: Parts) -> Value:
    words = split_words(parts.get("", ""))
    if wrong := next((word for word in words if not any(map(str.isalnum, word))), None):
        raise FieldError(Wrong.NO_LETTER, word=wrong)
    return [*words] or None


def _typed_choices(field: Field, parts: Parts) -> Value:
    found: list[Value] = [each for each in field.options if each in parts]
    if not found and field.default:
        raise FieldError(Wrong.EMPTY)
    return found or None


def _typed_check(_: Field, parts: Parts) -> Value:
    return "true" if "" in parts else None


def _typed_day(_: Field, parts: Parts) -> Value:
    text = parts.get("", "").strip()
    if text and not is_day(text):
        raise FieldError(Wrong.DAY, text=text)
    return text or None


def _typed_period(_: Field, parts: Parts) -> Value:
    text = parts.get("", "").strip()
    with suppress(ValueError):
        return str(Period.parse(text)) if text else None
    raise FieldError(Wrong.PERIOD, text=text)


def _typed_address(_: Field, parts: Parts) -> Value:
    text = parts.get("", "").strip()
    with suppress(ValueError):
        return check_web_address(text) if text else None
    raise FieldError(Wrong.ADDRESS, text=text)


def _number(text: str, least: int, most: int) -> int:
    if not (text.isdecimal() and least <= int(text[:9]) <= most):
        raise FieldError(Wrong.NUMBER, least=least, most=most)
    return int(text)


def _typed_days(_: Field, parts: Parts) -> Value:
    text = parts.get("", "").strip()
    return f"{_number(text, 1, 3650)}d" if text else None


def _typed_rate(_: Field, parts: Parts) -> Value:
    text = parts.get("", "").strip()
    return f"{_number(text, 2, 1000)}/h" if text else None


def _typed_hours(_: Field, parts: Parts) -> Value:
    first, last = (parts.get(part, "").strip() for part in ("from", "to"))
    if not first and not last:
        return None
    with suppress(ValueError):
        return "-".join(parse_quiet_hours(f"{first}-{last}"))
    raise FieldError(Wrong.HOURS)


def _typed_sending(_: Field, parts: Parts) -> Value:
    how = parts.get("how", "now")
    if how == "now":
        return None
    if how == "cron":
        with suppress(ValueError):
            return {"digest": check_cron(" ".join(parts.get("cron", "").split()))}
        raise FieldError(Wrong.CRON)
    days = [day for day in WEEK if day in parts]
    at = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", parts.get("time", "").strip())
    if at is None or not days:
        raise FieldError(Wrong.DIGEST)
    is_span = len(days) > 1 and int(days[-1]) - int(days[0]) + 1 == len(days)
    told = "*" if len(days) == len(WEEK) else f"{days[0]}-{days[-1]}" if is_span else ",".join(days)
    return {"digest": f"{int(at[2])} {int(at[1])} * * {told}"}


_PASTED = (
    (re.compile(r"https://hooks\.slack\.com/services/(?P<rest>[\w/-]+)"), "slack://{rest}"),
    (re.compile(r"https://discord(?:app)?\.com/api/webhooks/(?P<rest>[\w/-]+)"), "discord://{rest}"),
    (re.compile(r"(?P<token>\d{5,20}:[\w-]{20,99})[ /](?P<chat>-?\d{1,20}|@\w{1,40})"), "tgram://{token}/{chat}"),
    (re.compile(r"https://(?P<rest>\S+)"), "jsons://{rest}"),
    (re.compile(r"http://(?P<rest>\S+)"), "json://{rest}"),
)


def _typed_channels(_: Field, parts: Parts) -> Value:
    mails: list[Value] = []
    for typed_ in split_words(parts.get("mail", "")):
        if not mail_address(typed_):
            raise FieldError(Wrong.MAIL, text=typed_)
        mails.append(mail_address(typed_))
    lines = [line.strip() for line in parts.get("other", "").splitlines() if line.strip()]
    return [*mails, *(_parsed(line) if line.startswith("{") else _channel(line) for line in lines)]


def _channel(line: str) -> str:
    """The address of a service. What services and bots give to copy is made one."""
    for pattern, address in _PASTED:
        if found := pattern.fullmatch(line):
            return address.format(**found.groupdict())
    return line


def _typed_followed(field: Field, parts: Parts) -> Value:
    if parts.get("which", "all") == "all":
        return None
    found: list[Value] = [each for each in field.options if f"is.{each}" in parts]
    if not (found := [*found, *split_words(parts.get("more", ""))]):
        raise FieldError(Wrong.EMPTY)
    return found


def _typed_rows(field: Field, parts: Parts) -> Value:
    rows: list[Value] = []
    for number in sorted({int(part.partition(".")[0]) for part in parts}):
        own = {part.partition(".")[2]: text for part, text in parts.items() if part.startswith(f"{number}.")}
        if not any(own.get(each.key, "").strip() for each in field.columns if each.kind is not Kind.CHOICE) and not any(
            own.get(each.key, "").strip() for each in field.columns if each.is_required
        ):
            continue
        row: dict[str, Value] = {}
        for column in field.columns:
            try:
                cell = typed(column, _under(column.key, own))
            except FieldError as error:
                raise FieldError(Wrong.ROW, row=len(rows) + 1, key=column.key, error=error) from error
            if cell is not None:
                row[column.key] = cell
        if str(row.get("to", "9")) < str(row.get("from", "")):
            raise FieldError(Wrong.ROW, row=len(rows) + 1, key="to", error=FieldError(Wrong.ORDER))
        rows.append(row)
    return rows or None


def _under(key: str, parts: Parts) -> Parts:
    return {part.removeprefix(key).removeprefix("."): text for part, text in parts.items() if part == key}


def _typed_yaml(_: Field, parts: Parts) -> Value:
    text = parts.get("", "")
    return _parsed(text) if text.strip() else None


def _parsed(text: str) -> Value:
    document, problems = parse_yaml("", "\n".join(text.splitlines()).encode())
    if problems or document.value is None:
        raise FieldError(Wrong.YAML)
    return document.value


_TYPED: Mapping[Kind, Callable[[Field, Parts], Value]] = {
    Kind.TEXTS: _typed_texts,
    Kind.WORDS: _typed_words,
    Kind.CHOICES: _typed_choices,
    Kind.CHECK: _typed_check,
    Kind.DAY: _typed_day,
    Kind.PERIOD: _typed_period,
    Kind.ADDRESS: _typed_address,
    Kind.DAYS: _typed_days,
    Kind.RATE: _typed_rate,
    Kind.HOURS: _typed_hours,
    Kind.SENDING: _typed_sending,
    Kind.CHANNELS: _typed_channels,
    Kind.FOLLOWED: _typed_followed,
    Kind.ROWS: _typed_rows,
    Kind.YAML: _typed_yaml,
}
