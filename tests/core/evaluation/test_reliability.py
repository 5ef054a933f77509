"""Whether a reader is right as often as it says, and the threshold that is fitted to it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.evaluation.evaluation import Band
from monitor.core.evaluation.reliability import LEAST_DECISIONS, OF, RIGHT, Judged, Threshold, bands, fit

ENOUGH = LEAST_DECISIONS
#: In hundredths, most of them right: what there are thresholds for.
judged = st.lists(
    st.builds(Judged, st.integers(0, 100).map(lambda n: n / 100), st.sampled_from([True] * 19 + [False])), max_size=120
)


def claims(right: int, wrong: int, confidence: float) -> list[Judged]:
    return [Judged(confidence, is_right=True)] * right + [Judged(confidence, is_right=False)] * wrong


def test_claims_are_counted_by_tenths_of_confidence_from_the_least_sure_up() -> None:
    found = bands([*claims(1, 0, 1.0), *claims(1, 1, 0.5), *claims(0, 1, 0.59), *claims(1, 0, 0.9)])

    assert [(band.least, band.claims, band.right) for band in found] == [(0.5, 3, 1), (0.9, 2, 2)]
    assert [band.confidence for band in found] == pytest.approx([0.53, 0.95])


def test_nothing_has_no_bands() -> None:
    assert bands([]) == ()


@given(judged)
def test_each_claim_is_in_one_band_and_its_confidence_in_the_tenth(found: list[Judged]) -> None:
    made = bands(found)

    assert sum(band.claims for band in made) == len(found)
    assert sum(band.right for band in made) == sum(claim.is_right for claim in found)
    assert all(band.least - 1e-9 <= band.confidence <= band.least + 0.1 + 1e-9 for band in made)
    assert made == tuple(sorted(made, key=lambda band: band.least))
    assert all(isinstance(band, Band) for band in made)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        # All are right: the least sure of them alerts.
        (claims(30, 0, 0.6), Threshold(alert_from=0.6, claims=30, right=30)),
        # Just 19 of 20.
        (claims(19, 1, 0.8), Threshold(alert_from=0.8, claims=20, right=19)),
        (claims(18, 2, 0.8), Threshold()),
        # What is less sure is wrong too often.
        ([*claims(5, 5, 0.5), *claims(38, 2, 0.7)], Threshold(alert_from=0.7, claims=40, right=38)),
        # What is wrong is made up for by what is surer: the lower threshold misses less.
        ([*claims(0, 1, 0.5), *claims(30, 0, 0.9)], Threshold(alert_from=0.5, claims=31, right=30)),
        # Of fewer than 20 claims nothing is told, however right they are.
        (claims(19, 0, 0.9), Threshold()),
        ([*claims(10, 10, 0.5), *claims(19, 0, 0.9)], Threshold()),
        # In hundredths, rounded down: what it is fitted to alerts.
        (claims(20, 0, 0.8765), Threshold(alert_from=0.87, claims=20, right=20)),
        (claims(20, 0, 0.29), Threshold(alert_from=0.29, claims=20, right=20)),
        ([], Threshold()),
    ],
)
def test_the_lowest_threshold_that_makes_19_of_20_right(found: list[Judged], expected: Threshold) -> None:
    assert fit(found, decisions=ENOUGH) == expected


def test_with_too_few_decisions_it_is_told_how_many_are_missing() -> None:
    assert fit(claims(49, 0, 0.9), decisions=49) == Threshold(missing=1)
    assert fit([], decisions=0) == Threshold(missing=50)
    assert fit(claims(50, 0, 0.9), decisions=50).missing == 0


@given(judged)
def test_a_threshold_holds_what_it_promises(found: list[Judged]) -> None:
    threshold = fit(found, decisions=ENOUGH)

    tried = {claim.confidence for claim in found} if threshold.alert_from is None else {threshold.alert_from}
    for least in tried:
        alerting = [claim.is_right for claim in found if claim.confidence >= least]
        holds = len(alerting) >= OF and sum(alerting) * OF >= RIGHT * len(alerting)
        assert holds is (threshold.alert_from is not None)


@given(judged, st.randoms())
def test_the_order_of_claims_is_nothing_to_the_threshold(found: list[Judged], random: Random) -> None:
    assert fit(random.sample(found, len(found)), decisions=ENOUGH) == fit(found, decisions=ENOUGH)
