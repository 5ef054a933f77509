"""The language of phrases, and finding them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.text.phrases import Match, Phrasebook, Vocabulary, parse_phrase
from monitor.core.reading.text.text import Span, Text
from monitor.core.reading.text.tokens import Tokens, Word
from monitor.core.reading.text.vocabulary import LexiconError

VOCABULARY = Vocabulary(
    words={
        "sign": frozenset({Word.parse("sign*", "verbs.sign")}),
        "deal": frozenset({Word.parse("deal", "nouns.deal"), Word.parse("letter_of_intent", "nouns.deal")}),
    },
    verbs=frozenset({"sign"}),
    few=2,
    stretch=4,
)


def find(phrase: str, text: str, prefixes: tuple[str, ...] = ()) -> list[Match[str]]:
    book = Phrasebook([(slots, "found") for slots in parse_phrase(phrase, VOCABULARY, "events.x[0]")], prefixes)
    tokens = Tokens.of(Text.of(text))
    return book.within(tokens, 0, len(tokens.words))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("sign", "They SIGN today"),
        ("signé", "Ils ont signe"),
        ("sign*", "They signed"),
        ("=à", "Il va à Rabat"),
        ("start|begin*", "It beginning"),
        ("the (big) deal", "the deal"),
        ("the (big) deal", "the big deal"),
        ("SIGN .. (big) deal", "signed the very big deal"),
        ("SIGN .. deal", "signed 10:30 deal"),
        ("(the) (big)", "so big"),
        ("暂停建设|停建|停", "公司暂停建设工厂"),
        ("SIGN ... DEAL", "signed a b c d deal"),
        # Of the words behind a gap only one counts that the next word adjoins.
        ("SIGN ... the|a deal", "signed in the end the deal"),
        ("SIGN <> DEAL", "the deal was signed"),
        # An aside does not count.
        ("DEAL ... SIGN", "the deal, which all of them had long been waiting for, was signed"),
        ("SIGN DEAL", "signed, letter of intent"),
        ("签署 ... 协议", "双方签署了投资协议"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert find(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("sign", "They signed"),
        ("sign*", "They resign"),
        ("=à", "Il a dit"),
        ("SIGN .. DEAL", "signed one two three deal"),
        ("SIGN .. (big) deal", "signed one two big new deal"),
        ("SIGN .. (big) deal", "signed one two three deal"),
        ("SIGN ... DEAL", "signed; the deal"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not find(phrase, text)


def test_proclitics_may_be_joined_to_the_front_of_a_word() -> None:
    assert find("مصنع", "وبالمصنع", ("و", "وبال"))
    assert not find("مصنع", "وبالمصنع", ("و",))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("the deal with Such and Such of Tangier was then signed", True),
        ("the deal with Such and Such, who was then signed", False),
        ("the deal was in truth not even with Such and Such signed", False),
        ("Such and Such signed the very first big deal", False),
    ],
)
def test_names_right_behind_a_subject_do_not_part_it_from_its_verb(text: str, is_found: bool) -> None:
    book = Phrasebook([(slots, "found") for slots in parse_phrase("DEAL .. SIGN", VOCABULARY, "events.x[0]")])
    names = [Span(*match.span()) for match in re.finditer("such and such|tangier", text.lower())]
    tokens = Tokens.of(Text.of(text)).naming(names)

    assert bool(book.within(tokens, 0, len(tokens.words))) is is_found


@pytest.mark.parametrize("phrase", ["", "a <> b <> c", "OTHER", "si*gn", "(", "..", "=", "a|"])
def test_a_phrase_that_cannot_be_understood_is_refused_by_its_place(phrase: str) -> None:
    with pytest.raises(LexiconError) as error:
        list(parse_phrase(phrase, VOCABULARY, "events.x[0]"))
    assert error.value.key == "events.x[0]"


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    for match in find("SIGN <> DEAL", text):
        assert match.start < match.end
