"""The small texts of the configuration as values."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.settings.scalars import (
    check_cron,
    check_feed_address,
    format_duration,
    parse_date,
    parse_duration,
    parse_network,
    parse_quiet_hours,
    parse_size,
    suggest,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("30m", 1_800),
        ("24h", 86_400),
        ("7d", 604_800),
        ("2w", 1_209_600),
        ("1h30m", 5_400),
        ("1 h", 3_600),
    ],
)
def test_a_duration_is_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "30", "m", "-5m", "1.5h", "30m!", "five minutes", "1M", "٣٠m", "9999999999w"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid duration .*; write a number and s, m, h, d or w"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=10**7 - 1))
def test_a_duration_written_is_read_as_itself(seconds: int) -> None:
    duration = timedelta(seconds=seconds)

    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "size"),
    [("5MB", 5_000_000), ("500 kb", 500_000), ("1GB", 10**9), ("1MiB", 2**20), ("2000", 2_000), ("1024B", 1_024)],
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "5 apples", "-1MB", "1.5MB", "2GB", "999"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid size|must be between 1KB and 1GB"):
        parse_size(text)


def test_one_address_is_a_network_of_one() -> None:
    assert parse_network("10.0.0.1").num_addresses == 1


def test_quiet_hours_are_put_in_order_of_digits() -> None:
    assert parse_quiet_hours("7:30 – 9:00") == ("07:30", "09:00")


@pytest.mark.parametrize("text", ["0 8 * * 1-5", "*/15 * * * *", "0 8 1,15 * *", "0 8 * * MON"])
def test_a_cron_expression_is_kept_as_written(text: str) -> None:
    assert check_cron(text) == text


@pytest.mark.parametrize("text", ["2024", "2024-H1", "2024-Q3", "2024-03", "2024-03-29"])
def test_a_date_is_as_precise_as_it_is_written(text: str) -> None:
    assert str(parse_date(text)) == text


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_value_error(text: str) -> None:
    for parse in (parse_duration, parse_size, parse_network, parse_quiet_hours, parse_date, check_cron):
        try:
            parse(text)
        except ValueError as error:
            assert str(error), parse  # noqa: PT017 - any text is right, so that nothing can be expected


def test_the_nearest_word_is_suggested_whatever_its_case() -> None:
    assert suggest("Africa/casablanka", ["Africa/Casablanca", "Africa/Cairo"]) == " (did you mean Africa/Casablanca?)"
    assert suggest("zzz", ["url"]) == ""


@pytest.mark.parametrize(
    "address", ["https://a.example/\ufffe", "file:a\x01b", "https://a.example/\u00a0", "file:\ud800"]
)
def test_an_address_holds_only_what_can_be_seen(address: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a feed"):
        check_feed_address(address)
