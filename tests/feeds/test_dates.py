"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import read_instant

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TEN = datetime(2024, 4, 1, 10, tzinfo=UTC)
NINE = datetime(2024, 4, 1, 9, tzinfo=UTC)
MIDNIGHT = datetime(2024, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        # RFC 822 and its liberties
        ("Mon, 01 Apr 2024 10:00:00 GMT", TEN),
        ("Mon, 01 Apr 2024 10:00:00 +0000", TEN),
        ("Mon, 01 Apr 2024 10:00:00 +0100", NINE),
        ("Mon, 1 Apr 2024 10:00 +01:00", NINE),
        ("01 Apr 24 05:00 EST", TEN),
        ("Mon, 01 Apr 2024 03:00:00 PDT", TEN),
        ("Mon, 01 April 2024 12:00:00 CEST", TEN),
        ("Mon, 01 Apr 2024 10:00:00 GMT+0100", NINE),
        ("Mon, 01 Apr 2024 17:00:00 GMT+7", TEN),
        ("Mon, 01 Apr 2024 15:30:00 IST", TEN),
        ("Mon, 01 Apr 2024 10:00:00 -0700 (PDT)", TEN + timedelta(hours=7)),
        ("Mon, 01 Apr 2024 10:00:00", TEN),
        ("Mon, 01 Apr 2024 10:00:00 XYZ", TEN),
        ("01-Apr-2024 10:00:00", TEN),
        ("Mon Apr  1 10:00:00 2024", TEN),
        ("Mon Apr 1 10:00:00 UTC 2024", TEN),
        ("Mon Apr 01 12:00:00 +0200 2024", TEN),
        ("April 1, 2024 10:00 am", TEN),
        ("Apr 1, 2024 10:00 p.m.", TEN + timedelta(hours=12)),
        ("Apr 1, 2024 12:00 AM", MIDNIGHT),
        ("10:00 Apr 1 2024", TEN),
        ("Sun, 31 Mar 2024 24:00:00 GMT", MIDNIGHT),
        ("Sun, 31 Mar 2024 23:59:60 GMT", MIDNIGHT),
        # ISO 8601 and its variants
        ("2024-04-01T10:00:00Z", TEN),
        ("2024-04-01T10:00:00+00:00", TEN),
        ("2024-04-01T10:00:00.123456+01:00", NINE),
        ("2024-04-01T10:00:00,5Z", TEN),
        ("2024-04-01T11:00:00+0100", TEN),
        ("2024-04-01T10:00", TEN),
        ("2024-04-01 10:00:00 UTC", TEN),
        ("2024-04-01 10:00:00 +0100", NINE),
        ("2024-4-1", MIDNIGHT),
        ("2024-04", MIDNIGHT),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("20240401T100000Z", TEN),
        ("20240401T1000+0100", NINE),
        ("20240401", MIDNIGHT),
        ("2024/04/01 10:00:00", TEN),
        ("1711965600", TEN),
        ("1711965600000", TEN),
        ("2024-07-01 11:00:00 Africa/Casablanca", datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("2024-07-01 12:00:00 Europe/Paris", datetime(2024, 7, 1, 10, tzinfo=UTC)),
        ("2024-04-01 10:00:00 Europe/Nowhere", TEN),
        ("2024-04-01 10:00:00 ../../etc/passwd", TEN),
        # Languages
        ("lun., 01 avr. 2024 10:00:00 +0100", NINE),
        ("lundi 1er avril 2024, 10:00", TEN),
        ("Jeu, 29 fév 2024 10:00:00 GMT", datetime(2024, 2, 29, 10, tzinfo=UTC)),
        ("15 août 2024", datetime(2024, 8, 15, tzinfo=UTC)),
        ("1 de abril de 2024 10:00", TEN),
        ("15 dic 2024", datetime(2024, 12, 15, tzinfo=UTC)),
        ("الاثنين، 01 أبريل 2024 10:00:00 +0100", NINE),
        ("٠١ غشت ٢٠٢٤", datetime(2024, 8, 1, tzinfo=UTC)),
        ("15 كانون الثاني 2024", datetime(2024, 1, 15, tzinfo=UTC)),
        ("15 تشرين الأول 2024", datetime(2024, 10, 15, tzinfo=UTC)),
        ("29 جويلية 2024", datetime(2024, 7, 29, tzinfo=UTC)),
        ("2024年4月1日 10:00", TEN),
        ("２０２４年０４月０１日", MIDNIGHT),
        ("2024年4月1日 下午", MIDNIGHT),
        # Numbers
        ("01.04.2024 10:00", TEN),
        ("13/04/2024 10:00", datetime(2024, 4, 13, 10, tzinfo=UTC)),
        ("04/13/2024", datetime(2024, 4, 13, tzinfo=UTC)),
        ("04/04/2024", datetime(2024, 4, 4, tzinfo=UTC)),
        # The future is kept: who reads it decides.
        ("Tue, 24 Nov 2026 18:00:00 GMT", datetime(2026, 11, 24, 18, tzinfo=UTC)),
        ("2030-01-01", datetime(2030, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_any_of_its_writings(written: str, instant: datetime) -> None:
    assert read_instant(written, now=NOW) == instant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
        "0000-00-00 00:00:00",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0",
        "1989-12-31",
        "2099-01-01",
        "9999-12-31T23:59:59Z",
        "Mon, 32 Apr 2024 10:00:00 GMT",
        "30 février 2024",
        "Mon, 01 Apr 2024 25:00:00 GMT",
        "Mon, 01 Apr 2024 10:61:00 GMT",
        "2024-13-01",
        "2024-04-01T10:00:00+99:00",
        "03/04/2024",
        "12345678901234567890",
        "01 Foo 2024",
        "{{ date }}",
        "1e999",
        "٣٣ غشت ٢٠٢٤",
    ],
)
def test_what_is_no_date_or_an_impossible_one_is_none(written: str) -> None:
    assert read_instant(written, now=NOW) is None


_INSTANTS = st.datetimes(datetime(1990, 1, 2), datetime(2030, 1, 1)).map(lambda it: it.replace(microsecond=0))  # noqa: DTZ001 - naive by design
_ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(_INSTANTS, _ZONES)
def test_what_python_writes_comes_back(naive: datetime, zone: timezone) -> None:
    instant = naive.replace(tzinfo=zone)

    assert read_instant(instant.isoformat(), now=NOW) == instant
    assert read_instant(format_datetime(instant), now=NOW) == instant
    assert read_instant(str(instant), now=NOW) == instant


@given(st.text(max_size=120) | st.from_regex(r"\D{0,9}\d{1,4}\W?\w{1,4}\W?\d{0,4}[T ]?\d{1,2}:\d\d.{0,9}"))
def test_any_text_is_a_date_in_utc_or_none(written: str) -> None:
    instant = read_instant(written, now=NOW)

    assert instant is None or instant.utcoffset() == timedelta()
