"""Whether a reader is right as often as it says, and the threshold that is fitted to it."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.evaluation.scoring import LEAST_DECISIONS, OF, RIGHT, Band, Judged, Threshold, bands, fit

ENOUGH = LEAST_DECISIONS
#: In hundredths, most of them right: what there are thresholds for.
judged = st.lists(
    st.builds(Judged, st.integers(0, 100).map(lambda n: n / 100), st.sampled_from([True] * 19 + [False])), max_size=120
)


def claims(right: int, wrong: int, confidence: float) -> list[Judged]:
    return [Judged(confidence, is_right=True)] * right + [Judged(confidence, is_right=False)] * wrong


@given(judged)
def test_each_claim_is_in_one_band_and_its_confidence_in_the_tenth(found: list[Judged]) -> None:
    made = bands(found)

    assert sum(band.claims for band in made) == len(found)
    assert sum(band.right for band in made) == sum(claim.is_right for claim in found)
    assert all(band.least - 1e-9 <= band.confidence <= band.least + 0.1 + 1e-9 for band in made)
    assert made == tuple(sorted(made, key=lambda band: band.least))
    assert all(isinstance(band, Band) for band in made)


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
