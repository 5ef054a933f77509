"""JSON Lines of articles: what is read from a line, and what a bad one costs."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.contracts.articles import GivenArticle, parse_articles
from monitor.core.periods import Period
from monitor.errors import InputError
from tests.builders import NOW

CASABLANCA = ZoneInfo("Africa/Casablanca")


def parse(*lines: object) -> list[GivenArticle | InputError]:
    data = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return list(parse_articles(data, name="a.jsonl", detect=lambda _, hint: hint, timezone=CASABLANCA, now=NOW))


def parse_one(**more: object) -> GivenArticle:
    (item,) = parse({"id": "1", "title": "T", "text": "B", **more})
    assert isinstance(item, GivenArticle), item
    return item


def test_a_line_becomes_an_article() -> None:
    item = parse_one(url="https://example.org/a?utm_source=x", published="2025-03-02", lang="fr", outlet="Daily")

    assert item.id == "1"
    assert (item.article.title, item.article.text) == ("T", "B")
    assert item.article.url == "https://example.org/a"
    assert item.article.language == "fr"
    assert item.article.outlet == "Daily"


@pytest.mark.parametrize(
    ("published", "period", "at"),
    [
        ("2025", "2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("2025-03", "2025-03", datetime(2025, 3, 1, tzinfo=UTC)),
        ("2025-Q3", "2025-Q3", datetime(2025, 7, 1, tzinfo=UTC)),
        ("2025-03-02", "2025-03-02", datetime(2025, 3, 2, tzinfo=UTC)),
        ("2025-06-01T23:30:00Z", "2025-06-02", datetime(2025, 6, 1, 23, 30, tzinfo=UTC)),
        ("2025-06-01T23:30:00+02:00", "2025-06-01", datetime(2025, 6, 1, 21, 30, tzinfo=UTC)),
        ("2025-06-01 23:30", "2025-06-01", datetime(2025, 6, 1, 22, 30, tzinfo=UTC)),
    ],
)
def test_a_date_keeps_its_precision_and_a_date_time_its_local_day(published: str, period: str, at: datetime) -> None:
    item = parse_one(published=published)

    assert item.article.published == Period.parse(period)
    assert item.published_at == at


@pytest.mark.parametrize("more", [{}, {"published": None}])
def test_an_article_may_have_no_date(more: dict[str, object]) -> None:
    item = parse_one(**more)

    assert item.article.published is None
    assert item.published_at is None


def test_one_address_is_one_article_however_it_is_written() -> None:
    one = parse_one(url="https://www.example.org/a/?utm_source=x", title="As told here")
    other = parse_one(url="http://example.org/a", title="As told there")

    assert one.article.key == other.article.key


def test_a_number_will_do_for_an_id_and_more_fields_are_passed_over() -> None:
    assert parse_one(id=7, extra={"any": "thing"}).id == "7"


def test_empty_lines_and_a_byte_order_mark_are_passed_over() -> None:
    line = json.dumps({"id": "1", "title": "T", "text": "B"}).encode()

    assert [type(item) for item in parse(b"\xef\xbb\xbf" + line, b"\n", b"  \r\n", line)] == [GivenArticle] * 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "not JSON: EOF while parsing an object"),
        (b"\xff\xfe", "not JSON: "),
        (b'{"id": "1", "title": "\\ud800", "text": ""}', "not JSON: "),
        (b"[1]", "not a JSON object"),
        ({"id": "1", "title": "T"}, "text: is missing"),
        ({"title": "T"}, "id: is missing; text: is missing"),
        ({"id": "", "title": "T", "text": "B"}, "id: String should have at least 1 character"),
        ({"id": "1", "title": ["T"], "text": "B"}, "title: Input should be a valid string"),
        (
            {"id": "1", "title": "T", "text": "B", "published": "soon"},
            "published: invalid date of publication 'soon'; write YYYY",
        ),
        (
            {"id": "1", "title": "T", "text": "B", "published": "2025-02-30"},
            "published: invalid date of publication '2025-02-30'",
        ),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_costs_only_itself(line: object, message: str) -> None:
    fine = {"id": "1", "title": "T", "text": "B"}

    before, bad, after = parse(fine, line, fine)

    assert isinstance(before, GivenArticle)
    assert isinstance(after, GivenArticle)
    assert isinstance(bad, InputError)
    assert str(bad).startswith(f"a.jsonl:2: {message}")


@pytest.mark.parametrize(
    "published",
    [
        *(
            "0000",
            "0001",
            "0001-01-01",
            "1970-01-01",
            "1989-12-31",
            "9999",
            "9999-Q4",
            "9999-H2",
            "9999-12-31",
            "10000",
        ),
        *("-2024", "2038", "2023-02-29", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-14:00", "9" * 5_000),
        9999,
        1e300,
    ],
)
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_on_a_day_that_cannot_be_nothing_was_published(published: object, zone: str) -> None:
    line = json.dumps({"id": "1", "title": "T", "text": "B", "published": published}).encode()

    [bad] = parse_articles([line], name="a.jsonl", detect=lambda _, hint: hint, timezone=ZoneInfo(zone), now=NOW)

    assert isinstance(bad, InputError)
    assert str(bad).startswith("a.jsonl:1: published: invalid date of publication '")
    assert str(bad).endswith("between 1990 and ten years from now, or null")
    assert len(str(bad)) < 300


@pytest.mark.parametrize("published", ["1990", "2024-02-29", "2036-11-24", "1990-01-01T00:00:00Z"])
def test_from_1990_until_in_ten_years_any_day_will_do(published: str) -> None:
    assert parse_one(published=published).published_at is not None


@given(published=st.text() | st.datetimes(timezones=st.timezones()).map(str) | st.dates().map(str), zone=st.timezones())
def test_no_date_in_no_zone_makes_it_raise(published: str, zone: ZoneInfo) -> None:
    line = json.dumps({"id": "1", "title": "T", "text": "B", "published": published}).encode()

    assert len(list(parse_articles([line], name="", detect=lambda _, hint: hint, timezone=zone, now=NOW))) == 1


@given(st.lists(st.binary(max_size=60)))
def test_no_bytes_make_it_raise(lines: list[bytes]) -> None:
    parse(*lines)
