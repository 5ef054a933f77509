"""What a browser is called."""

import pytest

from monitor.web.pages.account import browser_name

GECKO = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (GECKO, "Firefox · Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME}", "Chrome · Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/143.0.0.0", "Edge · Windows"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {CHROME}", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iOS"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 Firefox/145.0", "Firefox"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("a\u202eb\n<script>", "ab <script>"),
    ],
)
def test_a_browser_is_told_apart(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_a_long_name_is_cut() -> None:
    assert len(browser_name("x" * 500)) <= 40
