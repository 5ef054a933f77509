"""What may be asked for by people who subscribe alone."""

from datetime import timedelta

import pytest

from monitor.core.alerting.limits import is_crowded, is_too_much, mail_address
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


def test_one_network_that_asks_for_many_mails_stops_only_its_own() -> None:
    asked = [("192.0.2.1", NOW)] * 20

    assert is_crowded(asked, "192.0.2.1", [], NOW)
    assert not is_crowded(asked[1:], "192.0.2.1", [], NOW)
    assert not is_crowded(asked, "192.0.2.2", [], NOW)
    assert not is_crowded(asked, "192.0.2.1", [], NOW + HOUR)


def test_three_hundred_mails_an_hour_go_out_in_all() -> None:
    sent = [NOW] * 300

    assert is_crowded([], "192.0.2.2", sent, NOW)
    assert not is_crowded([], "192.0.2.2", sent[1:], NOW)
    assert not is_crowded([], "192.0.2.2", sent, NOW + HOUR)
