"""Articles out of their pages, and pages without one."""

import subprocess
import sys
from datetime import date
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
import trafilatura
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.page import PageText, extract_article

URL = "https://paper.example/article"

FRENCH = [
    "Le groupe chinois a signé vendredi 29 mars 2024 une convention d'investissement avec le gouvernement marocain.",
    "Le projet, d'un montant de 3 milliards de dirhams, produira 50.000 tonnes de cathodes par an en deux phases.",
]


def page(paragraphs: list[str], *, lang: str = "fr", head: str = "", more: str = "") -> str:
    return f"""<!doctype html><html lang="{lang}"><head><title>Une usine à Tanger | Le Quotidien</title>
      <meta property="og:title" content="Une usine à Tanger">{head}</head><body>
      <nav><ul><li><a href="/">Accueil</a></li><li><a href="/eco">Économie</a></li></ul></nav>
      <article><h1>Une usine à Tanger</h1>{"".join(f"<p>{text}</p>" for text in paragraphs)}{more}</article>
      <aside><h3>À lire aussi</h3><a href="/x">Une autre histoire</a></aside>
      <footer>Tous droits réservés. Nous utilisons des cookies.</footer></body></html>"""


def extract(body: str | bytes, content_type: str = "text/html; charset=utf-8") -> PageText:
    return extract_article(body if isinstance(body, bytes) else body.encode(), URL, content_type)


def refusal(body: str | bytes, content_type: str = "text/html") -> str:
    with pytest.raises(ParseError) as caught:
        extract(body, content_type)
    assert caught.value.url == URL
    return caught.value.reason


def test_an_article_comes_without_what_stands_around_it() -> None:
    head = '<meta property="article:published_time" content="2024-04-01T10:00:00+01:00">'

    assert extract(page(FRENCH, lang="fr-MA", head=head)) == PageText(
        title="Une usine à Tanger", text="\n".join(FRENCH), language="fr", published=date(2024, 4, 1)
    )


def test_lists_and_tables_are_lines() -> None:
    more = "<ul><li>Première phase : septembre 2026</li></ul><table><tr><td>Emplois</td><td>2.500</td></tr></table>"

    assert extract(page(FRENCH, more=more)).text.endswith("\nPremière phase : septembre 2026\nEmplois 2.500")


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        pytest.param(b"%PDF-1.7", "application/pdf", "this is a PDF document, not a page", id="pdf"),
        pytest.param(b"%PDF-1.7", "text/html", "this is a PDF document, not a page", id="pdf by another name"),
        pytest.param(b"x", "application/pdf", "this is application/pdf, not a page", id="pdf by name"),
        pytest.param(b" \n", "text/html", "the page is empty", id="empty"),
        pytest.param(b" " * 2_000_001, "text/html", "the page is larger than 2,000,000 bytes", id="large"),
        pytest.param(b"<p>" * 60_001, "text/html", "the page holds more markup than any article", id="tags"),
        pytest.param(b"<div>" * 50_000, "text/html", "the page holds no article", id="deep"),
    ],
)
def test_what_is_no_article_is_said_to_be_what_it_is(body: bytes, content_type: str, words: str) -> None:
    assert refusal(body, content_type) == words


def test_a_login_wall_is_called_one() -> None:
    form = "<form><p>Please log in.</p><input name=user><input name=pw type='password'></form>"

    assert refusal(f"<html><body>{form}</body></html>") == "the page asks to log in"


def test_a_challenge_is_called_bot_protection() -> None:
    body = (
        "<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script><p>Checking your browser</p></html>"
    )

    assert "bot protection" in refusal(body)


@pytest.mark.parametrize(
    "sign",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
        '<script type="application/ld+json">{"isAccessibleForFree" : "False"}</script>',
        '<div class="paywall"></div>',
        "<p>Article réservé aux abonnés</p>",
    ],
)
def test_the_beginning_of_a_paid_article_is_not_the_article(sign: str) -> None:
    assert "paywall" in refusal(page(FRENCH, head=sign))


def test_a_paid_article_that_is_there_in_full_is_read() -> None:
    long = [f"{FRENCH[1]} C'est la phase {number} du projet, selon le communiqué." for number in range(8)]

    assert extract(page(long, head='<script>"isAccessibleForFree": false</script>')).text == "\n".join(long)


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=gbk"]))
def test_any_bytes_are_an_article_or_a_parse_error(body: bytes, content_type: str) -> None:
    try:
        article = extract(b"<html><p>" + body, content_type)
    except ParseError:
        return
    assert "\x00" not in article.text


def test_an_extractor_that_cannot_be_imported_costs_the_page_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)

    reason = refusal(page(FRENCH))

    assert reason.startswith("the page reader cannot be loaded (")
    assert "trafilatura" in reason
    assert reason.endswith("reinstall the monitor")


def fails(*_: object, **__: object) -> None:
    raise RecursionError("too\ndeep" * 1_000)


@pytest.mark.parametrize(
    ("extraction", "words"),
    [
        pytest.param(fails, "reading the page failed (RecursionError: too deep", id="it raises"),
        pytest.param(
            lambda *_, **__: SimpleNamespace(text=" ".join(FRENCH), date="soon"),
            "reading the page failed (ValueError: ",
            id="it returns nonsense",
        ),
    ],
)
def test_an_extractor_that_fails_in_any_way_costs_the_page(
    monkeypatch: pytest.MonkeyPatch, extraction: object, words: str
) -> None:
    monkeypatch.setattr(trafilatura, "bare_extraction", extraction)

    reason = refusal(page(FRENCH))

    assert reason.startswith(words)
    assert len(reason) < 200


def test_a_page_that_takes_more_memory_than_there_is_is_no_failure_of_the_extractor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trafilatura, "bare_extraction", Mock(side_effect=MemoryError))

    with pytest.raises(MemoryError):
        extract(page(FRENCH))


def test_the_extractor_is_loaded_only_when_a_page_is_read() -> None:
    code = "import sys, monitor.feeds.page; sys.exit('trafilatura' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
