"""A JSON Feed in which something is bad: one bad entry costs one entry."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.jsonfeed import read_item, rescued
from monitor.feeds.parsed import ParsedFeed
from tests.feeds.test_parse import parse, refusal

GOOD = ['{"id": "1", "title": "One, [two] {three}"}', '{"id": "2", "title": "A \\"quote\\" and a \\\\"}']
TITLES = ["One, [two] {three}", 'A "quote" and a \\']


def document(*items: str, end: str = "]}") -> str:
    return f'{{"title": "Feed", "items": [{", ".join(items)}{end}'


def titles(feed: ParsedFeed) -> list[str]:
    return [entry.title for entry in feed.entries]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param(f'{{"id": {"[" * 100_000}}}', "it is nested too deeply", id="brackets that are never closed"),
        pytest.param(f'{{"id": {"[" * 100_000}{"]" * 100_000}}}', "it is nested too deeply", id="nesting"),
        pytest.param('{"title": "never "ended" so"}', "it is not JSON", id="quotes within quotes"),
        pytest.param('{"title": }', "it is not JSON", id="nothing where something should be"),
        pytest.param('{"id": "x", "title": 1e999999}', "its title is not a text", id="a number for a title"),
        pytest.param("9" * 10_000, "it is not an object", id="a number for an item"),
    ],
)
def test_one_bad_item_costs_one_entry(bad: str, reason: str) -> None:
    feed = parse(document(GOOD[0], bad, GOOD[1]))

    assert titles(feed) == TITLES
    assert feed.is_whole
    assert f"entry 2 left out: {reason}" in feed.problems[-1]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        pytest.param(f'{{"id": {"9" * 5_000}, "title": "odd"}}', "a number in it has too many digits", id="digits"),
        pytest.param('{"id": "3", "title": "odd\n"}', "Invalid control character", id="a newline in a string"),
        pytest.param('{"id": "3", "title": "odd"},', "Illegal trailing comma", id="a comma too many"),
    ],
)
def test_what_stands_beside_what_is_odd_is_read(odd: str, reason: str) -> None:
    feed = parse(document(*GOOD, odd))

    assert titles(feed) == [*TITLES, "odd"]
    assert feed.title == "Feed"
    assert len(feed.problems) == 1
    assert feed.problems[0].startswith(f"the document cannot be read whole ({reason}")


def test_of_a_feed_that_is_cut_off_the_finished_items_are_read() -> None:
    whole = document(*GOOD)
    cuts = [parse(whole[:at]) for at in range(whole.index("}, {") + 2, len(whole))]

    assert {tuple(titles(feed)) for feed in cuts} == {(TITLES[0],), tuple(TITLES)}
    assert {feed.problems for feed in cuts} == {("the document is cut off; its last, unfinished entry was left out",)}
    assert {feed.is_whole for feed in cuts} == {False}
    assert refusal(whole[: whole.index("}, {")]) == "the JSON is broken or cut off"


@pytest.mark.parametrize(
    "text", ['["items": [{"title": "T"}', '{"items": {"title": "T"', '{"items": [1, 2', '{"title": "T"']
)
def test_a_broken_document_without_an_item_is_refused(text: str) -> None:
    assert refusal(text) == "the JSON is broken or cut off"


@pytest.mark.parametrize("sign", ["[", "{", "]", "}", ",", '"', '\\"', '{"items":[', '"items":[', "{]", "[}"])
def test_no_document_of_one_sign_is_too_much(sign: str) -> None:
    found = rescued('{"items": [{"title": "T"}, ' + sign * 1_000_000)

    assert found.items[0] == '{"title": "T"}'
    assert not found.is_whole


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5) | st.sampled_from(["items", "title", "id"]), VALUES, max_size=4)


@given(st.lists(OBJECTS, max_size=5), OBJECTS, st.booleans())
def test_what_is_cut_up_is_what_was_written(
    items: list[dict[str, object]], head: dict[str, object], ascii_: bool
) -> None:
    head.pop("items", None)
    text = json.dumps({**head, "items": items}, ensure_ascii=ascii_)

    found = rescued(text)

    assert found.is_whole
    assert json.dumps([read_item(item) for item in found.items]) == json.dumps(_read(items))
    assert json.dumps(found.head) == json.dumps(_read(head))


def _read(value: object) -> object:
    """As JSON can say it: NaN and infinities are none."""
    return json.loads(json.dumps(value), parse_constant=lambda _: None)


@given(st.text(st.sampled_from('{}[],:"\\items1 \n'), max_size=60) | st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    rescued("{" + text)
    try:
        parse('{"items": [{"title": "T"}, ' + text)
    except ParseError as error:
        assert error.reason == "this is JSON, but no JSON Feed"  # noqa: PT017 - most texts raise nothing
