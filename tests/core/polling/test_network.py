"""When the network counts as lost, and when it is tried again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.polling.network import (
    CONNECTED,
    PAUSE,
    Network,
    back_words,
    enough,
    is_near,
    is_to_be_tried,
    lost_words,
    tried,
    unreached,
)
from tests.builders import NOW

LATER = NOW + timedelta(minutes=1)


def after(sites: list[str], *, watched: int) -> Network:
    """What is known once these could not be reached, one after the other."""
    network = CONNECTED
    for site in sites:
        network = unreached(network, site, NOW, watched=watched)
    return network


@pytest.mark.parametrize(
    ("sites", "watched", "is_lost"),
    [
        pytest.param([], 79, False, id="nothing failed"),
        pytest.param(["a.org"], 79, False, id="one site of many is down"),
        pytest.param(["a.org"] * 30, 79, False, id="one site, however often, is one site"),
        pytest.param(list("abcd"), 10, False, id="four of ten may be dead"),
        pytest.param(list("abcde"), 10, True, id="five of ten in a row are the network"),
        pytest.param(list("abcde"), 79, False, id="of many sites, five may be dead"),
        pytest.param([str(n) for n in range(19)], 79, True, id="a quarter of many sites is the network"),
        pytest.param([str(n) for n in range(20)], 5000, True, id="twenty are enough for any list"),
        pytest.param(["a.org", "b.org"], 2, True, id="both of two sites are the network"),
        pytest.param(["a.org"], 1, False, id="of a single site nobody can tell"),
    ],
)
def test_several_sites_in_a_row_that_cannot_be_reached_mean_no_network(
    sites: list[str], watched: int, is_lost: bool
) -> None:
    assert after(sites, watched=watched).is_lost is is_lost


@given(watched=st.integers(2, 20_000))
def test_never_more_sites_are_needed_than_are_watched_and_never_a_single_one(watched: int) -> None:
    assert 2 <= enough(watched) <= min(watched, 20)


def test_what_is_lost_stays_lost_since_the_same_instant() -> None:
    lost = after(list("ab"), watched=2)

    assert unreached(lost, "c", LATER, watched=2) == lost
    assert lost.lost_at == NOW


@pytest.mark.parametrize(
    ("network", "now", "is_due"),
    [
        pytest.param(CONNECTED, NOW, False, id="there is a network"),
        pytest.param(after(list("ab"), watched=2), LATER, False, id="it was just lost"),
        pytest.param(after(list("ab"), watched=2), NOW + PAUSE, True, id="the pause is over"),
        pytest.param(tried(after(list("ab"), watched=2), NOW + PAUSE), NOW + PAUSE, False, id="it was just tried"),
        pytest.param(tried(CONNECTED, NOW), NOW + PAUSE, False, id="it came back meanwhile"),
        pytest.param(after(list("ab"), watched=2), NOW - timedelta(days=1), True, id="the clock was set back"),
    ],
)
def test_a_lost_network_is_tried_again_after_a_pause(network: Network, now: datetime, is_due: bool) -> None:
    assert is_to_be_tried(network, now) is is_due


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("file:history.xml", True),
        ("http://localhost:8080/feed", True),
        ("http://feeds.localhost./feed", True),
        ("http://127.0.0.1:8080/feed", True),
        ("http://[::1]/feed", True),
        ("http://[fe80::1%25eth0]/feed", True),
        ("http://10.1.2.3/feed", True),
        ("https://93.184.215.14/feed", False),
        ("https://example.org/feed", False),
        ("https://localhost.example.org/feed", False),
        ("https://", False),
    ],
)
def test_files_and_addresses_inside_need_no_network(url: str, near: bool) -> None:
    assert is_near(url) is near


def test_the_operator_is_told_how_many_feeds_wait_and_for_how_long() -> None:
    assert lost_words(79) == "No network: 79 feeds not asked; trying again in 5 minutes"
    assert lost_words(1) == "No network: 1 feed not asked; trying again in 5 minutes"


@pytest.mark.parametrize(
    ("lost_for", "due", "words"),
    [
        (timedelta(minutes=12, seconds=20), 79, "Network is back after 12 minutes; 79 feeds are due"),
        (timedelta(seconds=100), 1, "Network is back after 100 seconds; 1 feed is due"),
        (timedelta(seconds=40), 2000, "Network is back after 40 seconds; 2,000 feeds are due"),
        (timedelta(seconds=1), 0, "Network is back after 1 second; 0 feeds are due"),
        (timedelta(hours=-2), 3, "Network is back after 0 seconds; 3 feeds are due"),
        (timedelta(minutes=100), 3, "Network is back after 100 minutes; 3 feeds are due"),
        (timedelta(hours=26), 3, "Network is back after 26 hours; 3 feeds are due"),
        (timedelta(days=3), 3, "Network is back after 3 days; 3 feeds are due"),
    ],
)
def test_when_it_is_back_the_operator_is_told_after_how_long(lost_for: timedelta, due: int, words: str) -> None:
    assert back_words(lost_for, due) == words
