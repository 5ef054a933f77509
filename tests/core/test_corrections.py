"""Which edits of publishers are worth a look."""

from dataclasses import replace

import pytest

from monitor.core.articles import entry_digest, is_emptied, says_the_same
from monitor.core.model import Entry
from monitor.core.state import Correction, Report
from tests.builders import NOW, make_article, make_claim, make_fact

ENTRY = Entry(
    guid="7",
    url="https://example.org/plant",
    title="BTR begins work",
    text="BTR has begun work on a plant for 50,000 t a year.",
    published_at=None,
)
ARTICLE = make_article().article


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(replace(ENTRY, title="BTR begins work in Tangier"), id="title"),
        pytest.param(replace(ENTRY, text=ENTRY.text.replace("50,000", "60,000")), id="one number"),
        pytest.param(replace(ENTRY, text=""), id="emptied"),
        pytest.param(replace(ENTRY, url="https://example.org/other"), id="link"),
        pytest.param(replace(ENTRY, url=None), id="no link"),
        pytest.param(replace(ENTRY, text="\ud800"), id="half a character"),
    ],
)
def test_what_a_reader_sees_is_one(edited: Entry) -> None:
    assert entry_digest(edited) != entry_digest(ENTRY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("11 comments", "1,204 Comments"),
        ("Commentaires : 3", "Commentaires : 4"),
        ("评论(4)", "评论(15)"),
        ("3条评论", "12条评论"),
        ("٣ تعليقات", "١٢ تعليقات"),
        ("Views: 10", "Views: 11"),
    ],
)
def test_more_readers_are_no_edit(before: str, after: str) -> None:
    one, other = (replace(ENTRY, text=f"{ENTRY.text} {counter}") for counter in (before, after))

    assert entry_digest(one) == entry_digest(other)


@pytest.mark.parametrize(("before", "after"), [("3 commentators", "4 commentators"), ("It reviews 3", "It reviews 4")])
def test_a_number_beside_another_word_counts(before: str, after: str) -> None:
    one, other = (replace(ENTRY, text=text) for text in (before, after))

    assert entry_digest(one) != entry_digest(other)


def test_an_article_says_the_same_as_long_as_its_words_do() -> None:
    assert says_the_same(ARTICLE, replace(ARTICLE, text=f"{ARTICLE.text}\n\n 3 comments", language="fr"))
    assert not says_the_same(ARTICLE, replace(ARTICLE, text=f"{ARTICLE.text} No."))
    assert not says_the_same(ARTICLE, replace(ARTICLE, title="Correction"))


def test_an_article_without_its_text_is_withdrawn() -> None:
    empty = replace(ARTICLE, text=" \n")

    assert is_emptied(ARTICLE, empty)
    assert not is_emptied(empty, empty)
    assert not is_emptied(ARTICLE, ARTICLE)


def test_a_correction_holds_what_the_later_edition_no_longer_says() -> None:
    source, agreed, begun = make_article().source, make_claim(), make_claim(stage="construction")
    former = Report(source=source, claims=(agreed, begun), facts=(make_fact(),))
    now = Report(source=source, claims=(begun,), facts=(make_fact(value=4e9),))

    assert Correction.of(former, now, at=NOW) == Correction(source=source, at=NOW, claims=(agreed,), facts=former.facts)


def test_an_edition_that_still_says_everything_corrects_nothing() -> None:
    former = Report(source=make_article().source, claims=(make_claim(),), facts=(make_fact(),))
    now = replace(former, claims=(make_claim(), make_claim(stage="construction")))

    assert Correction.of(former, now, at=NOW) is None
