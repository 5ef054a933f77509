"""Secrets of addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.redaction import MAX_DETAIL, AddressRedactor, identity, scheme_of

ADDRESS = (
    "mailto://us%20er:p%40ssw0rd@example.org:587/desk@example.org?smtp=mail.example.org&+X-Key=k%2Fey-1234&format=text"
)


def test_the_password_is_hidden_however_it_is_written() -> None:
    redactor = AddressRedactor(ADDRESS)

    assert redactor.redact("p@ssw0rd p%40ssw0rd") == "*** ***"


def test_every_part_is_hidden_that_may_be_a_token() -> None:
    redactor = AddressRedactor("slack://bot12345/T12345678/B1234,5678901?token=topsecret#private")

    assert redactor.redact("bot12345 T12345678 B1234 5678901 topsecret private") == "*** *** B1234 *** *** ***"


def test_values_of_options_are_hidden_but_for_words_of_apprises_own() -> None:
    redactor = AddressRedactor("json://h?+X-Key=abcdef&-q=ghijkl,mnopqr&method=insecure&overflow=truncate")

    assert redactor.redact("abcdef ghijkl mnopqr insecure truncate") == "*** *** *** insecure truncate"


def test_what_the_label_shows_is_no_secret() -> None:
    redactor = AddressRedactor(ADDRESS, shown="mailto://example.org:587/desk@example.org")

    assert redactor.redact("desk@example.org at example.org: us er, k/ey-1234") == (
        "desk@example.org at example.org: ***, ***"
    )


def test_the_password_is_a_secret_even_where_the_label_shows_the_word() -> None:
    redactor = AddressRedactor("mailto://me:example@example.org", shown="mailto://example.org")

    assert redactor.redact("example.org") == "***.org"


def test_short_words_are_left_whole() -> None:
    assert AddressRedactor("json://u:p@h/a?b=c").redact("a b c h u p") == "a b c h u p"


def test_what_is_no_address_is_hidden_whole() -> None:
    assert AddressRedactor("no address").redact("this is no address, is it") == "this is ***, is it"


def test_a_detail_is_one_short_line() -> None:
    detail = AddressRedactor(ADDRESS).detail("550 p@ssw0rd\r\n\x1b[31m" + "no. " * 1000)

    assert detail.startswith("550 *** [31mno. no.")
    assert len(detail) <= MAX_DETAIL


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mailto://u:one@example.org?to=a@b.org", "mailto://u:two@example.org?to=a@b.org", True),
        ("MAILTO://u:one@example.org", " mailto://u@example.org", True),
        ("mailto://u:one@example.org?to=a@b.org", "mailto://u:one@example.org?to=c@b.org", False),
        ("mailto://u:one@example.org", "mailto://v:one@example.org", False),
        ("slack://TA/TB/TC", "slack://TA/TB/TD", False),
        ("no address", "no address", True),
    ],
)
def test_an_address_is_known_by_all_but_its_password(one: str, other: str, same: bool) -> None:
    assert (identity(one) == identity(other)) is same


def test_parts_tell_destinations_of_one_address_apart() -> None:
    assert identity("mailto", "a") != identity("mailto", "b")


@pytest.mark.parametrize(
    ("address", "scheme"), [("Slack://x", "slack"), (" json://", "json"), ("none", ""), ("://x", ""), ("a b://x", "")]
)
def test_the_scheme_is_what_stands_before_the_colon(address: str, scheme: str) -> None:
    assert scheme_of(address) == scheme


@given(st.text(), st.text())
def test_any_address_is_survived(address: str, text: str) -> None:
    identity(address)
    scheme_of(address)
    AddressRedactor(address, shown=text).detail(text)


def test_a_secret_that_is_no_text_is_hidden_too() -> None:
    secret = "pass\udcf4word"  # of an environment variable in another encoding

    assert AddressRedactor(f"mailto://user:{secret}@example.org").redact(f"refused: {secret}") == "refused: ***"
