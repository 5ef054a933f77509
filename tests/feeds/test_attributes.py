"""Tags with more attributes than any page's lose them before a parser sees them; all else stays as it is."""

import pytest

from monitor.feeds.page import extract_article
from monitor.feeds.plaintext import MAX_ATTRIBUTES, trimmed

MANY = " ".join(f"a{number}='x > y'" for number in range(MAX_ATTRIBUTES + 1))
URL = "https://example.org/"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p {MANY}>text</p>", "<p>text</p>"),
        (f"<P\n{MANY} />text", "<P>text"),
        (f"</p {MANY}>text", "</p>text"),
        (f"before <br><br/{MANY}> behind", "before <br><br> behind"),
        ("<p" + "\ta" * (MAX_ATTRIBUTES + 1) + ">text", "<p>text"),
        ("<p" + "/a=''b=\"\"" * MAX_ATTRIBUTES + ">text", "<p>text"),
    ],
)
def test_a_tag_with_more_attributes_than_any_page_s_loses_them(markup: str, expected: str) -> None:
    assert trimmed(markup) == expected


def test_an_article_is_read_from_such_a_page() -> None:
    said = "The cathode plant in Tangier has started production, the company said on Monday. " * 20
    page = f"<html lang='fr' {MANY}><body><article><p>{said}</p></article></body></html>"

    article = extract_article(page.encode(), URL, "text/html")

    assert article.text == said.strip()
    assert article.language is None
