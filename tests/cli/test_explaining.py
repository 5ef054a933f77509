"""``read --explain`` and ``read --html``: a reading shown to people, whatever the article tries."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from monitor.cli import explaining
from monitor.core.model import Article
from monitor.core.reading.explanation import Explanation
from tests.cli.conftest import SIGNED, Monitor
from tests.core.reading.texts import ARTICLES, PLANT, make_text
from tests.core.reading.trained.explained import explained
from tests.parsed import Parsed

ATTACK = (
    '</style></p><script>alert(1)</script><img src=x onerror="alert(1)">" onclick="alert(1)" \u202egnp\u2066\x07\x00 '
)
SEED = (Path(__file__).parents[1] / "acceptance" / "seed.txt").read_text()


def on_terminal(explanation: Explanation, article: Article, **more: Any) -> str:
    console = Console(file=StringIO(), width=100, **more)
    console.print(explaining.explanation("a1", article, explanation))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def given_article(text: str, **more: object) -> str:
    return json.dumps({"id": "a", "title": "News", "text": text, "published": "2024-05-10", **more}) + "\n"


# ---------------------------------------------------------------- the terminal


def test_the_terminal_shows_what_was_read_from_which_words_and_what_was_not() -> None:
    text = "BTR broke ground on its cathode plant in Tangier. Production is expected to start in 2026."
    text += " It cost 3 billion dirhams."
    article = make_text(text, title="News of BTR", published="2024-05-10")

    seen = on_terminal(explained(article, PLANT), article)

    assert "construction reached · sure 0." in seen
    assert "construction reached · cathode · claimed" in seen
    assert "names: “BTR” who of cathode" in seen
    assert "hints: “BTR" not in seen
    assert "“expected” expected" in seen
    assert "dates: “2026” 2026" in seen
    assert "cathode · investment 3 billion MAD · sure 0." in seen
    assert "✔ “3 billion dirhams” investment 3 billion MAD · cathode · a fact" in seen


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_text(ARTICLES["en"], published="2024-05-10")
    explanation = explained(article, PLANT)
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b" not in on_terminal(explanation, article)
    assert "\x1b[" in on_terminal(explanation, article, force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    seen = on_terminal(explanation, article, force_terminal=True, color_system="standard")
    assert not re.search(r"\x1b\[(\d+;)*(3[0-7]|9[0-7])", seen)


def test_nothing_in_an_article_commands_the_terminal() -> None:
    article = make_text(f"{ARTICLES['en']} \x1b[2J[bold red]{ATTACK}", title="BTR \x1b[2J", published="2024-05-10")

    seen = on_terminal(explained(article, PLANT), article)

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
    parsed = Parsed(done.out)
    assert [value for value in parsed.values("content") if "default-src 'none'" in value]
    assert "agreed reached 2024-03-29" in parsed.text
    assert [value for value in parsed.values("id") if value in {"a1", "a2"}] == ["a1", "a2"]


@pytest.mark.usefixtures("default_reader")
def test_the_article_that_the_project_began_with_is_explained_to_the_end(monitor: Monitor) -> None:
    title, _, text = SEED.partition("\n")

    done = monitor("read", "--html", "-", stdin=given_article(text, title=title, lang="fr"))

    assert done.code == 0
    assert "des atouts indéniables pour l'économie marocaine." in Parsed(done.out).text


def test_an_explanation_is_not_for_programs(monitor: Monitor) -> None:
    done = monitor("read", "--explain", "--json", "-", stdin=given_article(SIGNED))

    assert done.code == 2
    assert "--json" in done.err


def test_another_reader_of_the_configuration_is_not_the_one_that_is_explained(folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text("reader: {use: 'tests.readers.hits:HitReader'}\n")

    done = monitor("read", "--explain", "-", stdin=given_article(SIGNED))

    assert done.code == 0
    assert "warning: this is how the trained reader reads" in done.err
