"""The value of a field that was filled in. Pure."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from monitor.core.alerting.sign_ups import mail_address
from monitor.core.periods import Period
from monitor.settings.fields import Field, FieldError, Kind, Parts, Wrong
from monitor.settings.filled import WEEK, is_day
from monitor.settings.scalars import check_cron, check_web_address, parse_quiet_hours
from monitor.settings.words import split_words
from monitor.settings.yaml_document import Value, parse_yaml


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
