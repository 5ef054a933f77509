"""Explained readings as HTML, whatever the article tries."""

import pytest
from hypothesis import given, settings

from monitor.core.explained import section, sentences
from monitor.core.model import Article
from tests.core.reading.texts import ARTICLES, PLANT, TEXTS, make_text
from tests.core.reading.trained.explained import explained
from tests.parsed import Parsed

ATTACK = (
    '</style></p><script>alert(1)</script><img src=x onerror="alert(1)">" onclick="alert(1)" \u202egnp\u2066\x07\x00 '
)


def page(*articles: Article) -> Parsed:
    sections = [
        section(f"id-{number}", article, explained(article, PLANT), number=number)
        for number, article in enumerate(articles, start=1)
    ]
    return Parsed("".join(sections))


def test_the_page_shows_each_claim_and_leads_to_its_words() -> None:
    article = make_text(ARTICLES["en"], title="News of BTR", published="2024-05-10")

    parsed = page(article)

    assert "construction reached 2024-05-03" in parsed.text
    assert "operating expected 2026 cathode" in parsed.text
    anchors = parsed.values("id")
    assert len(anchors) == len(set(anchors))
    links = [link for link in parsed.values("href") if link.startswith("#")]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(anchors)


def test_the_page_shows_each_amount() -> None:
    article = make_text("BTR will invest 300 million dollars in its cathode plant in Tangier, Morocco.", title="BTR")

    assert "investment 300 million USD" in page(article).text


def test_a_page_of_several_articles_keeps_them_apart() -> None:
    article = make_text(ARTICLES["en"], published="2024-05-10")

    anchors = page(article, article).values("id")

    assert len(anchors) == len(set(anchors))


def test_it_runs_nothing_and_asks_nobody_for_anything() -> None:
    article = make_text(ARTICLES["en"] + ATTACK, title=f"BTR {ATTACK}", published="2024-05-10")

    parsed = page(article)

    tags = {tag for tag, _ in parsed.elements}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "link", "form", "svg", "base"})
    assert not [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
    assert parsed.values("src") == []
    assert all(link.startswith("#") for link in parsed.values("href"))
    assert "<script>alert(1)</script>" in parsed.text


def test_what_would_turn_the_page_is_shown_and_not_obeyed() -> None:
    article = make_text(ARTICLES["en"] + ATTACK, title="BTR \u202e", published="2024-05-10")

    shown = section("a\u202eb", article, explained(article, PLANT), number=1)

    assert not set("\u202e\u2066\x07\x00") & set(shown)
    assert "U+202E" in shown
    assert "RIGHT-TO-LEFT OVERRIDE" in shown
    assert "U+0000" in shown


def test_half_a_character_is_shown_by_its_number() -> None:
    article = make_text("\ud800", title="\udfff", language=None)

    shown = section("a\ud800", article, explained(article, PLANT), number=1)

    assert "U+D800" in shown
    shown.encode()


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("https://example.org/a?b=1&c=2", ["https://example.org/a?b=1&c=2"]),
        ("javascript:alert(1)", []),
        ("https://example.org/\u202egnp", []),
        (None, []),
    ],
)
def test_only_a_plain_address_is_a_link(url: str | None, links: list[str]) -> None:
    article = Article(key="a", url=url, title="T", text="Nothing.", published=None, language="en")

    assert page(article).values("href") == links


@pytest.mark.parametrize("language", sorted(ARTICLES))
def test_each_text_runs_in_its_own_direction_and_language(language: str) -> None:
    parsed = page(make_text(ARTICLES[language], language=language, published="2024-05-10"))

    texts = [attributes for tag, attributes in parsed.elements if attributes.get("class") == "text"]
    assert texts
    assert all((attributes["dir"], attributes["lang"]) == ("auto", language) for attributes in texts)


def test_an_article_that_is_not_read_says_why() -> None:
    german = make_text("BTR hat unterschrieben.", language="de")
    other = make_text("Tesla started production.")

    parsed = page(german, other)

    assert "there is no lexicon of its language" in parsed.text
    assert "names nothing that is watched" in parsed.text
    assert "Tesla started production." in parsed.text


@settings(max_examples=50)
@given(TEXTS, TEXTS)
def test_any_article_makes_a_whole_page(title: str, text: str) -> None:
    article = make_text(text, title=title, published="2024-05-10")

    parsed = page(article)

    assert not {tag for tag, _ in parsed.elements} & {"script", "img"}


def test_the_first_sentences_can_stand_in_another_page() -> None:
    article = make_text(ARTICLES["en"], title="News of BTR", published="2024-05-10")
    found = explained(article, PLANT)

    whole, cut = (sentences(found, name=name, most=most) for name, most in (("r1", 10_000), ("r2", 90)))

    assert "Production is expected" in whole
    assert "broke ground" in cut
    assert "Production is expected" not in cut
    assert {anchor[:3] for anchor in Parsed(cut).values("id")} == {"r2-"}
    assert Parsed(cut).elements[0] == ("div", {"class": "explained", "lang": "en", "dir": "ltr"})
