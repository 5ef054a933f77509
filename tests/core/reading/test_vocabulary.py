"""Vocabulary data: read with its path, merged with the operator's."""

import pytest

from monitor.core.reading.text.vocabulary import LexiconError, Section, merged


@pytest.mark.parametrize(
    ("read", "key", "message"),
    [
        (lambda s: s.section("list"), "list", "mapping"),
        (lambda s: s.section("odd"), "odd", "names as keys"),
        (lambda s: s.text("list"), "list", "text"),
        (lambda s: s.number("word", 0), "word", "number"),
        (lambda s: s.strings("number"), "number", "list of texts"),
        (lambda s: s.strings("mixed"), "mixed[1]", "not a text"),
        (lambda s: s.only("word"), "list", "unknown"),
        (lambda s: s.section("inner").strings("numbers"), "inner.numbers[0]", "not a text"),
    ],
)
def test_a_wrong_value_is_complained_of_by_its_path(read: object, key: str, message: str) -> None:
    data = {
        "list": ["a"], "odd": {1: "a"}, "word": "a", "number": 3, "mixed": ["a", 3], "inner": {"numbers": [1]},
    }  # fmt: skip
    assert callable(read)
    with pytest.raises(LexiconError, match=message) as error:
        read(Section(data))
    assert error.value.key == key


def test_what_is_absent_reads_as_empty() -> None:
    section = Section({"nothing": None})

    assert list(section.section("nothing")) == []
    assert section.text("nothing", "default") == "default"
    assert section.number("nothing", 3) == 3
    assert section.strings("nothing") == ()
    assert "nothing" in section
    assert "else" not in section


def test_values_read_as_what_they_are() -> None:
    section = Section({"text": "a", "number": "3", "strings": ["a", "b"]}, "top")

    assert section.text("text") == "a"
    assert section.number("number", 0) == 3
    assert section.strings("text") == ("a",)
    assert section.strings("strings") == ("a", "b")
    assert section.at("text") == "top.text"


def test_merging_adds_words_replaces_the_rest_and_takes_away_on_request() -> None:
    base = {"words": {"a": ["x"], "b": ["y"]}, "scope": {"few": 3}, "language": "fr"}
    more = {"words": {"a": ["z"], "b": {"replace": ["w"]}, "c": ["n"]}, "scope": {"few": 4}}

    assert merged(base, more) == {
        "words": {"a": ["x", "z"], "b": ["w"], "c": ["n"]},
        "scope": {"few": 4},
        "language": "fr",
    }
    assert base["words"] == {"a": ["x"], "b": ["y"]}
