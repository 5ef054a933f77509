"""Roles, names, passwords, sessions, and the way back after a login."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core.access import (
    ABSOLUTE,
    IDLE,
    LOCAL,
    Role,
    fault_of_name,
    fault_of_password,
    is_loopback,
    is_over,
    let_in,
    name_of,
    network_of,
    own_path,
)
from tests.builders import NOW

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("needed", list(Role))
def test_a_role_may_do_what_those_before_it_may(role: Role, needed: Role) -> None:
    order = ("viewer", "operator", "admin")
    assert role.includes(needed) is (order.index(role) >= order.index(needed))


@pytest.mark.parametrize("written", ["Ada", " ADA ", "\uff21da"])
def test_a_name_is_the_same_however_it_is_typed(written: str) -> None:
    assert name_of(written) == "ada"


@pytest.mark.parametrize("name", ["ada", "ada.l-1_x+2@example.org", "لينا", "陈", "x" * 64])
def test_a_name_has_letters_of_any_script(name: str) -> None:
    assert fault_of_name(name) == ""


@pytest.mark.parametrize("name", ["", "x" * 65, "a b", "a/b", "a\n", "<b>", "a\u202eb", LOCAL.name])
def test_a_name_that_would_confuse_is_refused(name: str) -> None:
    assert fault_of_name(name)


@pytest.mark.parametrize("password", ["twelve chars", "x" * 1_000, "密" * 12])
def test_a_password_only_needs_its_length(password: str) -> None:
    assert fault_of_password(password, "ada") == ""


@pytest.mark.parametrize("password", ["eleven char", "x" * 1_001, "Ada@Example.org"])
def test_a_short_an_endless_and_an_obvious_password_are_refused(password: str) -> None:
    assert fault_of_password(password, "ada@example.org")


def test_a_session_ends_when_it_is_idle_and_in_any_case_after_a_week() -> None:
    assert not is_over(NOW, NOW, NOW + IDLE - SECOND)
    assert is_over(NOW, NOW, NOW + IDLE)
    assert not is_over(NOW, NOW + ABSOLUTE - SECOND, NOW + ABSOLUTE - SECOND)
    assert is_over(NOW, NOW + ABSOLUTE, NOW + ABSOLUTE)


@pytest.mark.parametrize("path", ["/", "/projects/plant?lang=fr&as_of=2026-01-01", "/changes#end", "/a//b"])
def test_the_way_back_leads_to_the_page_that_was_asked_for(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        " //evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/é",
        "/login?next=/login",
        "/logout",
    ],
)
def test_no_way_back_leads_elsewhere(path: str) -> None:
    assert own_path(path) == "/"


@given(st.text(alphabet="/\\\t\n .:@aehlpstvx?#%é\u3002", max_size=20))
@example("/\\/evil")
def test_whatever_is_asked_for_the_way_back_stays_here(text: str) -> None:
    back = own_path(text)

    # A browser drops tabs and line ends, and reads a backslash as a slash.
    read = back.translate({9: None, 10: None, 13: None, ord("\\"): "/"})
    assert urlsplit(urljoin("https://here.example/login", read)).netloc == "here.example"


ALLOWED = {"Ada@Example.org": Role.ADMIN, "auth0|17": Role.VIEWER}


@pytest.mark.parametrize(
    ("subject", "email", "found"),
    [
        ("x", "ada@example.org", ("Ada@Example.org", Role.ADMIN)),
        ("auth0|17", "", ("auth0|17", Role.VIEWER)),
        ("AUTH0|17", "", None),
        ("Ada@Example.org", "", None),
        ("x", "auth0|17", None),
        ("x", "bob@example.org", None),
        ("", "", None),
    ],
)
def test_only_who_is_listed_is_let_in(subject: str, email: str, found: tuple[str, Role] | None) -> None:
    assert let_in(ALLOWED, subject, email) == found


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST.", "monitor.localhost", "::1", "[::1]"]
)
def test_this_machine_has_several_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1", "::"])
def test_no_other_name_passes_for_this_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_all_addresses_of_one_house_are_one_network(address: str, network: str) -> None:
    assert network_of(address) == network
