"""Simple HTML reads without a parser as it reads with one."""

from html.entities import name2codepoint
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.feeds import plaintext
from monitor.feeds.plaintext import longest_text, to_text

NAMES = ["p", "h2", "div", "figure", "section", "blockquote", "ul", "ol", "li", "a", "b", "span", "br", "hr", "img"]
OTHERS = ["td", "table", "script", "dl", "title", "P", "x"]


def by_a_parser(markup: str) -> str:
    with patch.object(plaintext, "visible", lambda _: None):
        return to_text(markup)


def is_simple(markup: str) -> bool:
    return plaintext.visible(markup) is not None


def test_characters_by_name_or_number_are_the_same_ones() -> None:
    references = [f"<br>&{name};" for name in [*name2codepoint, *(f"#{number}" for number in range(160, 10_000))]]

    assert all(map(is_simple, references))
    assert to_text("".join(references)) == by_a_parser("".join(references))


@st.composite
def nested(draw: st.DrawFn) -> str:
    """Tags one in the other as they may stand, with text around them; some are never closed."""
    inside, pieces = [""], []
    for _ in range(draw(st.integers(0, 12))):
        step = draw(st.sampled_from(["open", "close", "text"]))
        if step == "text":
            pieces.append(draw(TEXT))
        elif step == "close" and len(inside) > 1:
            pieces.append(f"</{inside.pop()}>")
        else:
            name = draw(st.sampled_from(sorted(plaintext._INSIDE[inside[-1]])))
            pieces.append(f"<{name}{draw(ATTRIBUTES)}>")
            if name not in plaintext._EMPTY:
                inside.append(name)
    return "".join(pieces)


TEXT = st.sampled_from(
    ["word", " ", "\n", " two words ", "&amp;", "&#8217;", ">", "é", "工", "\x00", "&", "<"]
) | st.text(max_size=5)
ATTRIBUTES = st.sampled_from(["", "", " class='x'", ' a="&lt;/p"  b', "\n"])
TAGS = st.builds("<{}{}{}>".format, st.sampled_from(["", "/"]), st.sampled_from(NAMES + OTHERS), ATTRIBUTES)


@example("x<figure>y<p>z</p></figure>w")
@example("<a>1<a>2</a>3</a>4")
@given(nested() | st.lists(TAGS | TEXT, max_size=10).map("".join))
def test_any_markup_reads_as_the_parser_reads_it(markup: str) -> None:
    # With a tag that is one, so that it is markup in any case.
    assert to_text(f"{markup}<b></b>") == by_a_parser(f"{markup}<b></b>")


@given(st.lists(TAGS | TEXT, max_size=6).map("".join), st.lists(TAGS | TEXT, max_size=6).map("".join))
def test_of_several_markups_the_longest_text_is_found_without_reading_all(one: str, other: str) -> None:
    assert longest_text([one, other]) == max(to_text(one), to_text(other), key=len)
