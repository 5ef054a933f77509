"""What may be asked for by people who subscribe alone."""

from datetime import timedelta

import pytest

from monitor.core.alerting.sign_ups import is_too_much, mail_address
from tests.builders import NOW

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Ada.L+news@Example.ORG ", "ada.l+news@example.org"),
        ("ada@localhost", ""),
        ("ada@example.org,eve@example.org", ""),
        ("ada@example.org\r\nBcc: eve@example.org", ""),
        ('"a b"@example.org', ""),
        ("ada@example.org?to=eve@example.org", ""),
        (f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}", ""),
        ("", ""),
    ],
)
def test_only_a_plain_mail_address_is_taken(typed: str, address: str) -> None:
    assert mail_address(typed) == address


def test_three_mails_a_day_go_to_one_address() -> None:
    asked = [("ada", NOW - number * 5 * HOUR) for number in range(3)]

    assert is_too_much(asked, "ada", NOW)
    assert not is_too_much(asked, "bob", NOW)
    assert not is_too_much(asked[:2], "ada", NOW)
    assert not is_too_much(asked, "ada", NOW + 24 * HOUR)


def test_thirty_mails_an_hour_go_out_in_all() -> None:
    asked = [(f"{number}", NOW) for number in range(30)]

    assert is_too_much(asked, "ada", NOW)
    assert not is_too_much(asked[:29], "ada", NOW)
    assert not is_too_much(asked, "ada", NOW + HOUR)
