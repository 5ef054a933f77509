"""What a robots.txt asks of us."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.robots import LONGEST_DELAY, parse_robots

SITE = "https://example.org"


def allows(text: str, path: str) -> bool:
    return parse_robots(text).allows(f"{SITE}{path}")


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="no rules"),
        pytest.param("Disallow:", "/a", True, id="an empty rule is none"),
        pytest.param("Disallow: /", "/a", False, id="all"),
        pytest.param("Disallow: /a", "/b", True, id="another path"),
        pytest.param("Disallow: /a", "/abc", False, id="the beginning of a path"),
        pytest.param("Disallow: /a\nAllow: /a/b", "/a/b/c", True, id="the longest decides"),
        pytest.param("Allow: /a\nDisallow: /a/b", "/a/b/c", False, id="the longest decides, whatever the order"),
        pytest.param("Disallow: /a\nAllow: /a", "/a", True, id="of equals the one that allows"),
        pytest.param("Disallow: /*/print", "/news/1/print", False, id="a star"),
        pytest.param("Disallow: /*/print", "/news/1", True, id="a star that does not match"),
        pytest.param("Disallow: /*.pdf$", "/a.pdf", False, id="the end"),
        pytest.param("Disallow: /*.pdf$", "/a.pdf?x", True, id="not the end"),
        pytest.param("Disallow: /a$", "/a", False, id="the end without a star"),
        pytest.param("Disallow: /a$", "/ab", True, id="not the end without a star"),
        pytest.param("Disallow: /a*$", "/abc", False, id="a star at the end"),
        pytest.param("Disallow: /a*a$", "/a", True, id="a star does not eat what stands before it"),
        pytest.param("Disallow: /*?", "/a?b=1", False, id="a query"),
        pytest.param("Disallow: /é", "/%C3%A9t%C3%A9", False, id="escaped in the address only"),
        pytest.param("Disallow: /%c3%a9", "/%C3%A9t%C3%A9", False, id="escaped in small letters"),
        pytest.param("Disallow: /%62%61%7A", "/baz", False, id="escaped in the rule without need"),
        pytest.param("Disallow: /baz", "/%62%61%7A", False, id="escaped in the address without need"),
        pytest.param("Disallow: /%7Ejoe", "/~joe", False, id="an escaped tilde"),
        pytest.param("Disallow: /a?b=https://c", "/a?b=https%3A%2F%2Fc", False, id="reserved characters"),
        pytest.param("Disallow: /a-%2A.html", "/a-*.html", False, id="an escaped star is a character"),
        pytest.param("Disallow: /a-%2A.html", "/a-b.html", True, id="an escaped star stands for nothing else"),
        pytest.param("Disallow: /a-%24", "/a-$b", False, id="an escaped dollar is a character"),
        pytest.param("Disallow: /a$b", "/a$bc", False, id="a dollar before the end is a character"),
        pytest.param("Disallow: /caf%E9", "/caf%E8", True, id="bytes that are no text differ"),
        pytest.param("disallow : /a # all of it", "/a", False, id="spaces, small letters and remarks"),
        pytest.param("Content-Signal: ai-train=no\nDisallow: /a", "/a", False, id="a record that we do not know"),
        pytest.param("Disallow: /" + "*a" * 20, f"/{'a' * 30}", False, id="many stars"),
        pytest.param("Disallow: /" + "*a" * 21, f"/{'a' * 30}", True, id="too many stars"),
        pytest.param("Allow: /a\n" * 4_999 + "Disallow: /b", "/b", False, id="many rules"),
        pytest.param("Allow: /a\n" * 5_000 + "Disallow: /b", "/b", True, id="too many rules"),
    ],
)
def test_the_rules_for_everybody_are_ours(rules: str, path: str, *, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rules}", path) is allowed


def test_where_there_are_rules_with_our_name_the_others_are_not_ours() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: Milestone-Monitor/2.0\nDisallow: /private\n"

    assert allows(text, "/news")
    assert not allows(text, "/private")
    assert not allows(text.replace("Milestone-Monitor", "somebody"), "/news")


def test_only_the_whole_name_is_ours() -> None:
    assert allows("User-agent: milestone\nDisallow: /\n", "/a")


@pytest.mark.parametrize(
    ("value", "delay"),
    [
        ("5", 5.0),
        ("0.5", 0.5),
        ("86400", LONGEST_DELAY),
        ("-1", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("nan", 0.0),
        ("1e9", 0.0),
    ],
)
def test_a_site_says_how_slowly_it_wants_to_be_asked(value: str, delay: float) -> None:
    assert parse_robots(f"User-agent: *\nCrawl-delay: {value}\nDisallow:").delay == delay


@given(st.text(alphabet="UuserDdisalow-agent:/*$%?#\n \r\ufeffé", max_size=300), st.text(max_size=50))
def test_no_text_and_no_address_makes_it_raise(text: str, path: str) -> None:
    parse_robots(f"User-agent: *\n{text}").allows(f"{SITE}/{path.replace('[', '').replace(']', '')}")


@given(st.lists(st.tuples(st.booleans(), st.text(alphabet="/ab*$", min_size=1, max_size=6)), max_size=8))
def test_the_order_of_rules_does_not_matter(rules: list[tuple[bool, str]]) -> None:
    lines = [f"{'Allow' if allowed else 'Disallow'}: /{pattern}" for allowed, pattern in rules]
    turned = lines[::-1]

    for path in ("/", "/a", "/ab", "/a/b", "/bb/aa"):
        assert allows("\n".join(["User-agent: *", *lines]), path) == allows("\n".join(["User-agent: *", *turned]), path)


@given(st.text(alphabet="/ab*$", max_size=6), st.text(alphabet="/ab*$~%?é", max_size=6))
def test_how_an_address_is_escaped_does_not_matter(pattern: str, path: str) -> None:
    needed, all_of_it = quote(path, safe="/*$~"), "".join(f"%{byte:02x}" for byte in path.encode())

    assert allows(f"User-agent: *\nDisallow: /{pattern}", f"/{needed}") == allows(
        f"User-agent: *\nDisallow: /{pattern}", f"/{all_of_it}"
    )
