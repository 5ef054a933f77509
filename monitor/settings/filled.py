"""What stands in the controls of a field for a value of a file. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from monitor.core.alerting.sign_ups import mail_address
from monitor.settings.editing import scalar
from monitor.settings.fields import Field, Kind
from monitor.settings.scalars import parse_duration, parse_quiet_hours, parse_rate
from monitor.settings.words import joined_words
from monitor.settings.yaml_document import Value


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
