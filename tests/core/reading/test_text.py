"""The text of an article: folded, in tokens and spans, and searched for the words of a vocabulary."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.text.alternation import Alternation, required
from monitor.core.reading.text.text import Span, Text, apart, bare
from monitor.core.reading.text.tokens import Memo, Spotter, Tokens, Word
from monitor.core.reading.text.vocabulary import LexiconError, VocabularySection, merged

# ---------------------------------------------------------------- folded text


@pytest.mark.parametrize(
    ("original", "lower", "without_accents"),
    [
        ("L’usine inaugurée", "l'usine inaugurée", "l'usine inauguree"),
        ("Überherrn, Łódź, Straße", "überherrn, łódź, straße", "uberherrn, lodz, strase"),
        ("حالياً ـــ ٢٠٢٦", "حاليا  2026", "حاليا  2026"),
        ("إلى المدينة", "إلى المدينة", "الي المدينه"),
        ("２０２６年", "2026年", "2026年"),
        ("國軒高科", "國軒高科", "国轩高科"),
        ("｀½ … ﷺ", "'1⁄2 ... ﷺ", "'1⁄2 ... ﷺ"),
    ],
)
def test_a_text_has_two_folded_forms(original: str, lower: str, without_accents: str) -> None:
    text = Text.of(original)

    assert (text.lower, text.bare) == (lower, without_accents)


def test_words_are_quoted_as_they_were_published() -> None:
    text = Text.of("«المشروعُ» ﬁni: 50 000 ㎡ ")

    start = text.bare.index("المشروع")
    assert text.quote(start, start + len("المشروع")) == "المشروعُ"
    start = text.bare.index("fini")
    assert text.quote(start, start + 4) == "ﬁni"
    assert text.quote(start, start) == ""


def test_what_is_folded_stays_as_it_is() -> None:
    every = "".join(map(chr, range(0x10000)))
    once = Text.of(every)

    assert Text.of(once.lower).lower == once.lower


@given(st.text(max_size=200), st.data())
def test_any_span_leads_back_into_the_original(original: str, data: st.DataObject) -> None:
    text = Text.of(original)
    start = data.draw(st.integers(0, len(text.bare)))
    end = data.draw(st.integers(start, len(text.bare)))

    assert len(text.lower) == len(text.bare)
    assert text.quote(start, end) in original
    assert bare(original) == text.bare


def test_half_a_character_is_read_as_an_unknown_one() -> None:
    text = Text.of("a\ud800b")
    assert text.lower == "a\ufffdb"
    assert text.quote(0, 3) == "a\ud800b"


# ---------------------------------------------------------------- spans


SPANS = st.lists(st.builds(lambda start, size: Span(start, start + size), st.integers(0, 20), st.integers(1, 9)))


@given(SPANS, SPANS)
def test_those_that_overlap_none_of_the_others_are_found_without_comparing_each(
    spans: list[Span], others: list[Span]
) -> None:
    assert apart(spans, others) == [span for span in spans if not any(map(span.overlaps, others))]


@pytest.mark.parametrize(
    ("others", "kept"), [([], True), ([Span(0, 5)], True), ([Span(4, 6)], False), ([Span(0, 9)], False)]
)
def test_what_stands_beside_another_does_not_overlap_it(others: list[Span], kept: bool) -> None:
    assert bool(apart([Span(5, 7)], others)) is kept


# ---------------------------------------------------------------- remembered results


def test_it_never_holds_more_than_it_may() -> None:
    lengths = Memo[int](len, most=3)

    for number in range(100):
        assert lengths["x" * number] == number
        assert len(lengths) <= 3


def test_what_is_no_word_is_not_remembered() -> None:
    lengths = Memo[int](len)

    assert lengths["x" * 200_000] == 200_000
    assert not lengths


# ---------------------------------------------------------------- required strings


PATTERNS = (
    r"(?:in|by)\s+h(?=1)(?:1|[1-4]st)",
    r"(?:the\s+)?(?P<year>(?:19[89]|20[0-5])\d)(?![\d%])",
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)(?:er)?[/.](?P<month>1[0-2]|0?[1-9])",
    r"ab?c{2}d*(?:e|fg)+h",
    r"(?:year|mid-?year)(?:\s*'?\d\d)?|末[底前]?",
)


@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.tuples(st.just(pattern), st.from_regex(pattern))))
def test_no_match_is_without_them(drawn: tuple[str, str]) -> None:
    pattern, text = drawn

    found = re.search(pattern, text)

    assert found is None or all(any(string in text for string in strings) for strings in required(pattern))


# ---------------------------------------------------------------- phrases by their characters


def found(phrases: Alternation[int], text: str) -> list[tuple[str, int]]:
    return [(text[start:end], value) for start, end, value in phrases.find(text, 0, len(text))]


def test_the_longest_phrase_is_found() -> None:
    money = Alternation.of({"million": 1, "million euros": 2, "m": 3, "m€": 4})

    assert found(money, "a million euros, a million, 5 m€, 5 m") == [
        ("million euros", 2),
        ("million", 1),
        ("m€", 4),
        ("m", 3),
    ]


@pytest.mark.parametrize("text", ["armes", "mesure", "m2", "m\u00e9tier"])
def test_a_phrase_is_no_part_of_a_word(text: str) -> None:
    assert not found(Alternation.of({"m": 1, "mes": 2}), text)


def test_a_script_without_spaces_has_no_word_edges() -> None:
    assert found(Alternation.of({"亿元": 1, "gwh": 2}), "投资26亿元年产20gwh电池") == [("亿元", 1), ("gwh", 2)]


def test_a_proclitic_may_be_joined_to_the_front() -> None:
    assert found(Alternation.of({"مليار": 1}, ["و", "ال", "وال"]), "ومليار والمليار سمليار") == [
        ("مليار", 1),
        ("مليار", 1),
    ]


def test_a_star_may_end_any_word_of_a_phrase() -> None:
    words = Alternation.of({"rais* money": 1, "rais*": 2, "plant* in spain*": 3}, ["re"])
    text = "raising money, raised, plants in spainish, reraise money"
    assert [(text[start:end], value) for start, end, value in words.find(text, 0, len(text))] == [
        ("raising money", 1),
        ("raised", 2),
        ("plants in spainish", 3),
        ("raise money", 1),
    ]


# ---------------------------------------------------------------- words of a vocabulary


def spotted(text: str, *words: str, prefixes: tuple[str, ...] = ()) -> dict[str, list[tuple[int, int]]]:
    spotter = Spotter({Word.parse(word, "verbs.x"): number for number, word in enumerate(words)}, tuple, prefixes)
    tokens = Tokens.of(Text.of(text))
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end, numbers in spotter.within(tokens, 0, len(tokens.words)):
        for number in numbers:
            places.setdefault(words[number], []).append((start, end))
    return places


@pytest.mark.parametrize(
    ("text", "word", "places"),
    [
        ("Work on works works on", "works", [(2, 3), (3, 4)]),
        ("Workers work", "work*", [(0, 1), (1, 2)]),
        ("the first stones, the first of", "first_ston*", [(1, 3)]),
        ("a la calle, à la une", "à_la", [(0, 2), (3, 5)]),
        ("a la calle, à la une", "=à", [(3, 4)]),
    ],
)
def test_a_word_is_spotted_where_all_its_tokens_stand(text: str, word: str, places: list[tuple[int, int]]) -> None:
    assert spotted(text, word) == {word: places}


# ---------------------------------------------------------------- vocabulary data


@pytest.mark.parametrize(
    ("read", "key", "message"),
    [
        (lambda s: s.section("list"), "list", "mapping"),
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
        read(VocabularySection(data))
    assert error.value.key == key


def test_what_is_absent_reads_as_empty() -> None:
    section = VocabularySection({"nothing": None})

    assert list(section.section("nothing")) == []
    assert section.text("nothing", "default") == "default"
    assert section.number("nothing", 3) == 3
    assert section.strings("nothing") == ()
    assert "nothing" in section
    assert "else" not in section


def test_merging_adds_words_replaces_the_rest_and_takes_away_on_request() -> None:
    base = {"words": {"a": ["x"], "b": ["y"]}, "scope": {"few": 3}, "language": "fr"}
    more = {"words": {"a": ["z"], "b": {"replace": ["w"]}, "c": ["n"]}, "scope": {"few": 4}}

    assert merged(base, more) == {
        "words": {"a": ["x", "z"], "b": ["w"], "c": ["n"]},
        "scope": {"few": 4},
        "language": "fr",
    }
    assert base["words"] == {"a": ["x"], "b": ["y"]}
