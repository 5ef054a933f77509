"""Readings that are not sure enough alone are believed together, if their sources do not depend on each other."""

from dataclasses import replace
from itertools import islice, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.folding.fold import Folding, fold
from monitor.core.folding.weighing import ALERT_FROM, DEFAULT_POLICY, Tellers, combined
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.state import Report
from tests.core.folding.test_fold import claim, fact, folded, said, source

#: Chains of words: each sentence has much in common with the next one, and little with the others.
CHAIN = (
    "The company has halted all works at its plant near the port.",
    "It has halted all works at its plant near the port until May, a union says.",
    "A strike goes on near the port until May, a union says on Monday.",
)


def halted(*sure: float, sentences: tuple[str, ...] = ()) -> list[Report]:
    """A suspension by as many outlets, each in words of its own unless they are given."""
    told = [replace(claim("suspended", date="2024-01"), confidence=each) for each in sure]
    if sentences:
        told = [replace(each, evidence=sentence) for each, sentence in zip(told, sentences, strict=True)]
    return [said(f"x{number}", number, each) for number, each in enumerate(told)]


@pytest.mark.parametrize(
    ("sure", "is_believed", "together"),
    [
        ((0.79,), False, (0.79,)),
        ((0.6, 0.6), True, (0.6, 0.6)),
        ((0.5, 0.5), False, (0.5, 0.5)),
        ((0.5, 0.6), True, (0.6, 0.5)),
        ((0.5, 0.59), False, (0.59, 0.5)),
        ((0.5, 0.5, 0.5), True, (0.5, 0.5, 0.5)),
        ((0.4, 0.49, 0.49, 0.49, 0.49, 0.49), False, ()),
        ((0.6, 0.6, 0.4), True, (0.6, 0.6)),
        ((0.6, 0.49, 0.49), False, (0.6,)),
        ((0.6, 0.8), True, ()),
    ],
)
def test_the_doubts_of_independent_sources_are_multiplied(
    sure: tuple[float, ...], is_believed: bool, together: tuple[float, ...]
) -> None:
    for reports in islice(permutations(halted(*sure)), 24):
        state = folded(*reports)
        assert (state.status == "suspended") is is_believed
        if is_believed:
            assert state.standing.readings == together
        else:
            assert max(state.unverified, key=lambda each: each.said.confidence).readings == together


@pytest.mark.parametrize(
    ("readings", "sure"), [((), 0.0), ((0.6,), 0.6), ((0.6, 0.6), 0.84), ((0.5, 0.5), 0.75), ((0.5, 0.5, 0.5), 0.875)]
)
def test_what_is_shown_is_what_decides(readings: tuple[float, ...], sure: float) -> None:
    assert combined(readings) == sure


@given(st.lists(st.floats(0.0, 1.0)), st.randoms(use_true_random=False))
def test_readings_are_combined_in_any_order_and_more_are_never_less(readings: list[float], chance: Random) -> None:
    shuffled = list(readings)
    chance.shuffle(shuffled)

    assert combined(readings) == combined(shuffled)
    assert combined(readings) >= combined(readings[1:])
    assert 0.0 <= combined(readings) <= 1.0


def test_an_outlet_counts_once_with_its_best_reading() -> None:
    told = [said(name, day, claim("construction", confidence=sure), outlet="x") for name, day, sure in OUTLET]

    assert folded(*told).status is None
    assert folded(*told).unverified[0].readings == (0.7,)
    state = folded(*told, said("y", 9, claim("construction", confidence=0.5)))
    assert (state.status, state.standing.readings) == ("construction", (0.7, 0.5))


OUTLET = [("a", 0, 0.6), ("b", 1, 0.7), ("c", 2, 0.5)]


@pytest.mark.parametrize(
    ("sentences", "together"),
    [
        pytest.param(CHAIN[:2], (0.7,), id="two that share their words"),
        pytest.param(CHAIN[::2], (0.7, 0.6), id="two that do not"),
        pytest.param(CHAIN, (0.7,), id="two that share them by way of a third"),
    ],
)
def test_sources_with_common_words_are_one_source(sentences: tuple[str, ...], together: tuple[float, ...]) -> None:
    reports = halted(*(0.7, 0.6, 0.5)[: len(sentences)], sentences=sentences)

    for told in permutations(reports):
        folding = Folding("plant", INDUSTRIAL)
        for report in told:
            folding.hear([report])
        state = folding.state()
        assert (state.status == "suspended") is (len(together) > 1)
        assert (state.standing.readings or state.unverified[0].readings) == together


def test_who_repeats_what_he_said_is_heard_once() -> None:
    tellers = Tellers()
    for name in ("a", "b", "a"):
        tellers.hear(name, CHAIN[0])

    assert tellers.readings({"a": 0.5, "b": 0.6}) == (0.6,)


def test_amounts_add_up_by_their_value() -> None:
    def told(name: str, value: float) -> Report:
        return Report(source=source(name), facts=(replace(fact(value), confidence=0.6),))

    [known] = folded(told("a", 3e9), told("b", 3.01e9)).facts
    assert known.standing.readings == (0.6, 0.6)
    assert folded(told("a", 3e9), told("b", 4e9)).facts == ()


@given(st.lists(st.sampled_from([0.3, 0.5, 0.6, 0.79, 0.8]), max_size=5), st.sampled_from([0.6, ALERT_FROM, 0.95]))
def test_outlets_are_believed_exactly_if_one_is_sure_or_all_are_together(sure: list[float], alert_from: float) -> None:
    plausible = [each for each in sure if each >= DEFAULT_POLICY.plausible]
    policy = replace(DEFAULT_POLICY, alert_from=alert_from)

    state = fold("plant", halted(*sure), INDUSTRIAL, policy)

    is_believed = any(each >= alert_from for each in sure) or combined(plausible) >= alert_from
    assert (state.status == "suspended") is is_believed
