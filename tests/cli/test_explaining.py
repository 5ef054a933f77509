"""``read --explain`` and ``read --html``: a reading shown to people, whatever the article tries."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from rich.console import Console

from monitor.cli import explain_html, explain_terminal
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article
from monitor.core.reading.explain import explain
from monitor.core.reading.explanation import Explanation
from monitor.core.reading.reader import RuleReader
from tests.cli.conftest import SIGNED, Monitor
from tests.core.reading.test_reader import ARTICLES, PLANT, READER, TEXTS
from tests.core.reading.texts import lexicons, make_text

ATTACK = (
    '</style></p><script>alert(1)</script><img src=x onerror="alert(1)">" onclick="alert(1)" \u202egnp\u2066\x07\x00 '
)
SEED = (Path(__file__).parents[1] / "acceptance" / "seed.txt").read_text()
_VOID = {"meta"}


class _Parsed(HTMLParser):
    """A page as a browser takes it: its elements and the text outside of style, each element closed in its turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(attribute))]


def page(*articles: Article) -> _Parsed:
    sections = [
        explain_html.section(f"id-{number}", article, explain(article, READER), number=number)
        for number, article in enumerate(articles, start=1)
    ]
    return _Parsed("".join([explain_html.page_start(), *sections, explain_html.page_end()]))


def on_terminal(explanation: Explanation, article: Article, **more: Any) -> str:
    console = Console(file=StringIO(), width=100, **more)
    console.print(explain_terminal.explanation("a1", article, explanation))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def given_article(text: str, **more: object) -> str:
    return json.dumps({"id": "a", "title": "News", "text": text, "published": "2024-05-10", **more}) + "\n"


# ---------------------------------------------------------------- the page


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


def test_a_page_of_several_articles_keeps_them_apart() -> None:
    article = make_text(ARTICLES["en"], published="2024-05-10")

    anchors = page(article, article).values("id")

    assert len(anchors) == len(set(anchors))


def test_the_page_runs_nothing_and_asks_nobody_for_anything() -> None:
    article = make_text(ARTICLES["en"] + ATTACK, title=f"BTR {ATTACK}", published="2024-05-10")

    parsed = page(article)

    tags = {tag for tag, _ in parsed.elements}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "link", "form", "svg", "base"})
    assert not [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
    assert parsed.values("src") == []
    assert all(link.startswith("#") for link in parsed.values("href"))
    assert "<script>alert(1)</script>" in parsed.text
    assert [value for value in parsed.values("content") if "default-src 'none'" in value]


def test_what_would_turn_the_page_is_shown_and_not_obeyed() -> None:
    article = make_text(ARTICLES["en"] + ATTACK, title="BTR \u202e", published="2024-05-10")

    section = explain_html.section("a\u202eb", article, explain(article, READER), number=1)

    assert not set("\u202e\u2066\x07\x00") & set(section)
    assert "U+202E" in section
    assert "RIGHT-TO-LEFT OVERRIDE" in section
    assert "U+0000" in section


def test_half_a_character_is_shown_by_its_number() -> None:
    article = make_text("\ud800", title="\udfff", language=None)

    section = explain_html.section("a\ud800", article, explain(article, READER), number=1)

    assert "U+D800" in section
    section.encode()


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


def test_a_sentence_on_a_project_that_the_article_does_not_concern_has_no_colour() -> None:
    spain = replace(PLANT, id="spain", where=("Spain",))
    reader = RuleReader([PLANT, spain], lexicons(), {"industrial": INDUSTRIAL})
    article = make_text(f"{ARTICLES['en']} It announced nothing on Spain.", published="2025-05-10")
    explained = explain(article, reader)

    section = explain_html.section("a", article, explained, number=1)

    assert explained.projects == ("cathode",)
    assert explained.sentences[-1].focus[0].projects == ("spain",)
    [classes] = [each["class"] for _, each in _Parsed(section).elements if each.get("id") == "a1-s2"]
    assert classes is not None
    assert not re.search(r"\bb\d", classes)


@settings(max_examples=50)
@given(TEXTS, TEXTS)
def test_any_article_makes_a_whole_page(title: str, text: str) -> None:
    article = make_text(text, title=title, published="2024-05-10")

    parsed = page(article)

    assert not {tag for tag, _ in parsed.elements} & {"script", "img"}


# ---------------------------------------------------------------- the terminal


def test_the_terminal_shows_what_was_read_from_which_words_and_what_was_not() -> None:
    text = "BTR broke ground on its cathode plant in Tangier. If production starts in 2026, it will be late."
    text += " It cost 3 billion dirhams, not 2 billion dirhams as was planned for 2023."
    article = make_text(text, title="News of BTR", published="2024-05-10")

    seen = on_terminal(explain(article, READER), article)

    assert "construction reached · sure 0." in seen
    assert "✔ “broke ground” construction reached · cathode · claimed" in seen
    assert "✘ “production starts” operating · by “If” (unreal) · supposed" in seen
    assert "[cathode]" in seen
    assert "names: “BTR” who of cathode" in seen
    assert "dates: “2026” 2026" in seen
    assert "cathode · investment 3 billion MAD · sure 0." in seen
    assert "✔ “3 billion dirhams” investment 3 billion MAD · cathode · a fact" in seen


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_text(ARTICLES["en"], published="2024-05-10")
    explanation = explain(article, READER)
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b" not in on_terminal(explanation, article)
    assert "\x1b[" in on_terminal(explanation, article, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    seen = on_terminal(explanation, article, force_terminal=True, color_system="standard")
    assert not re.search(r"\x1b\[(\d+;)*(3[0-7]|9[0-7])", seen)


def test_nothing_in_an_article_commands_the_terminal() -> None:
    article = make_text(f"{ARTICLES['en']} \x1b[2J[bold red]{ATTACK}", title="BTR \x1b[2J", published="2024-05-10")

    seen = on_terminal(explain(article, READER), article)

    assert not set("\x1b\x07\u202e\u2066") & set(seen)
    assert "[bold red]" in seen


# ---------------------------------------------------------------- the command


@pytest.mark.usefixtures("default_reader")
def test_reading_can_be_explained_on_the_terminal(monitor: Monitor) -> None:
    done = monitor("read", "--explain", "-", stdin=given_article(SIGNED))

    assert done.code == 0
    assert re.search("“.*” agreed reached 2024-03-29", done.out)
    assert "concerns plant" in done.out
    assert "\x1b" not in done.out


@pytest.mark.usefixtures("default_reader")
def test_reading_can_be_explained_as_a_page(tmp_path: Path, monitor: Monitor) -> None:
    (tmp_path / "a.jsonl").write_text(given_article(SIGNED) + "{}\n" + given_article("Else.", id="b"))

    done = monitor("read", "--html", str(tmp_path / "a.jsonl"))

    assert done.code == 1
    assert "a.jsonl:2: id: is missing" in done.err
    assert done.out.startswith("<!doctype html>")
    assert done.out.rstrip().endswith("</html>")
    parsed = _Parsed(done.out)
    assert "agreed reached 2024-03-29" in parsed.text
    assert [value for value in parsed.values("id") if value in {"a1", "a2"}] == ["a1", "a2"]


@pytest.mark.usefixtures("default_reader")
def test_the_article_that_the_project_began_with_is_explained_to_the_end(monitor: Monitor) -> None:
    title, _, text = SEED.partition("\n")

    done = monitor("read", "--html", "-", stdin=given_article(text, title=title, lang="fr"))

    assert done.code == 0
    assert "des atouts indéniables pour l'économie marocaine." in _Parsed(done.out).text


def test_an_explanation_is_not_for_programs(monitor: Monitor) -> None:
    done = monitor("read", "--explain", "--json", "-", stdin=given_article(SIGNED))

    assert done.code == 2
    assert "--json" in done.err


def test_another_reader_of_the_configuration_is_not_the_one_that_is_explained(folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text("reader: {use: 'monitor.core.reading.reader:RuleReader'}\n")

    done = monitor("read", "--explain", "-", stdin=given_article(SIGNED))

    assert done.code == 0
    assert "warning: this is how the built-in reader reads" in done.err
