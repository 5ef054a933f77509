"""Addresses: links behind a name on a terminal; elsewhere whole, on one line, as a person reads them."""

import re

import pytest
from rich.console import Console, RenderableType

from monitor.cli.render import Blocks, SourceLink

ENCODED = "https://24saa.com/" + "%D8%B7%D9%86%D8%AC%D8%A9-" * 6 + "btr"
DECODED = "https://24saa.com/" + "طنجة-" * 6 + "btr"


def on_a_terminal(shown: RenderableType, width: int = 40) -> str:
    console = Console(width=width, force_terminal=True, color_system="truecolor", legacy_windows=False)
    with console.capture() as capture:
        console.print(shown, crop=False)
    return capture.get()


def in_a_pipe(shown: RenderableType, width: int = 40) -> str:
    console = Console(width=width, force_terminal=False, color_system=None)
    with console.capture() as capture:
        console.print(shown, crop=False)
    return capture.get()


def block(origin: SourceLink) -> Blocks:
    shown = Blocks()
    shown.add_row("head", "body", origin)
    return shown


def test_a_terminal_shows_the_outlet_and_links_it_to_the_address() -> None:
    seen = on_a_terminal(block(SourceLink(url=ENCODED, outlet="24 ساعة", told=("2025-05-31",))))

    assert re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\", seen) == [ENCODED]
    visible = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", seen)
    assert visible == "head   body\n       24 ساعة · 2025-05-31\n"


def test_an_address_of_other_letters_than_ascii_is_linked_encoded() -> None:
    assert f";{ENCODED}\x1b" in on_a_terminal(SourceLink(url=DECODED, outlet="24"))


def test_an_address_without_an_outlet_is_named_by_its_host() -> None:
    assert "example.org" in on_a_terminal(SourceLink(url="https://www.example.org/a")).split("\x1b\\")[1]


def test_a_pipe_gets_the_address_whole_and_decoded_on_one_line() -> None:
    seen = in_a_pipe(block(SourceLink(url=ENCODED, outlet="24 ساعة", told=("2025-05-31",))))

    assert seen.splitlines() == ["head   body", f"       24 ساعة · 2025-05-31 · {DECODED}"]


def test_a_terminal_without_links_gets_the_address_too() -> None:
    console = Console(width=40, force_terminal=True, color_system=None)
    with console.capture() as capture:
        console.print(SourceLink(url=ENCODED, outlet="24"), crop=False)

    assert capture.get() == f"24 · {DECODED}\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://example.org/\x1b\\a", "https://example.org/ b"])
def test_what_is_no_plain_web_address_is_never_a_link(url: str) -> None:
    seen = on_a_terminal(SourceLink(url=url, outlet="Example"))

    assert "\x1b]8" not in seen
    assert "\x1b\\" not in seen


def test_no_secret_of_an_address_is_linked() -> None:
    origin = SourceLink(url="https://bob:hunter22@example.org/feed?api_key=hunter22", outlet="Example")

    assert "hunter22" not in on_a_terminal(origin) + in_a_pipe(origin)


def test_a_body_wraps_beside_its_head() -> None:
    shown = Blocks("Title")
    shown.add_row("head", "one two three four five", None, "")
    shown.add_row("longer head", "six")

    assert [line.rstrip() for line in in_a_pipe(shown, 36).splitlines()] == [
        "Title",
        "",
        "head          one two three four",
        "              five",
        "longer head   six",
    ]
    assert shown.row_count == 2
