"""Sentences and clauses in five languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import MAX_TEXT
from monitor.core.reading.segment import MAX_SENTENCE
from tests.core.reading.texts import lay_out


def sentences(text: str, language: str) -> list[str]:
    document = lay_out(text, language=language)
    return [document.quote(sentence.span) for sentence in document.sentences]


def clauses(text: str, language: str) -> list[str]:
    document = lay_out(text, language=language)
    return [document.quote(clause) for sentence in document.sentences for clause in sentence.clauses]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("fr", "M. Akhannouch a signé à Rabat. Les travaux suivront.", 2),
        ("fr", "Un budget de 3.5 milliards. Et 2.500 emplois.", 2),
        ("fr", "Est-ce prêt ? Oui ! Demain.", 3),
        ("fr", "« C'est fait. » Le ministre l'a dit.", 2),
        ("en", "BTR Co. Ltd. signed in the U.S. on Friday. Work follows.", 2),
        ("en", "It costs $1.2 billion. That is a lot.", 2),
        ("ar", "وقعت الشركة الاتفاق. هل بدأت الأشغال؟ نعم.", 3),
        ("zh", "项目已投产。产能3.5万吨！下一期呢？明年开工。", 4),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count, sentences(text, language)


def test_the_headline_is_the_first_sentence_whatever_stands_in_it() -> None:
    document = lay_out("The body. Goes on.", title="Why? Because. 3.5 is enough")

    assert [sentence.is_title for sentence in document.sentences] == [True, False, False]
    assert document.quote(document.sentences[0].span) == "Why? Because. 3.5 is enough"


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Work began.\nAbout Nordcell: Nordcell makes cells. It has ten plants.", 1),
        ("en", "Work began.\n\nAbout Nordcell\nNordcell makes cells.", 1),
        ("fr", "Les travaux ont débuté.\nÀ propos de Nordcell : Nordcell fabrique des cellules.", 1),
        ("zh", "项目已开工。\n关于诺德公司：公司生产电池。", 1),
        # A sentence that only begins so.
        ("en", "Work began.\nAbout 300 people: so many work there.", 2),
    ],
)
def test_what_a_company_says_of_itself_at_the_foot_is_left_out(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count, sentences(text, language)


def test_what_is_too_long_for_a_sentence_is_cut() -> None:
    assert max(map(len, sentences("word " * 2000, "en"))) <= MAX_SENTENCE
    assert max(map(len, sentences("x" * 5000, "en"))) <= MAX_SENTENCE


def test_an_article_is_read_up_to_its_greatest_length() -> None:
    document = lay_out("word " * MAX_TEXT, title="The headline")

    assert document.text.original == f"The headline\n{'word ' * MAX_TEXT}"[:MAX_TEXT]
    assert len(lay_out("word", title="t" * 2 * MAX_TEXT).text.original) == MAX_TEXT


@given(st.text(), st.text(), st.sampled_from(["fr", "en", "ar", "zh", "es"]))
def test_every_visible_character_is_in_one_sentence_and_clauses_cover_it(title: str, text: str, language: str) -> None:
    document = lay_out(text, title=title, language=language)

    end = 0
    for sentence in document.sentences:
        assert not document.text.lower[end : sentence.span.start].strip()
        assert sentence.clauses[0].start == sentence.span.start
        assert sentence.clauses[-1].end == sentence.span.end
        assert all(a.end == b.start for a, b in zip(sentence.clauses, sentence.clauses[1:], strict=False))
        end = sentence.span.end
    assert not document.text.lower[end:].strip()
