"""A language model is recommended by its figures, and its cost is reckoned from what it took."""

from dataclasses import replace

import pytest

from monitor.core.evaluation.scoring import Label, LabelledClaim
from monitor.core.evaluation.trial import ENOUGH, Advice, Month, ReaderTrial, TrialNews, TriedArticle
from monitor.core.model import Reading, State
from monitor.core.periods import Period
from tests.builders import make_claim

BEGAN = Period.parse("2024-03")
LABEL = Label(
    article="a",
    language="en",
    claims=(LabelledClaim(project="plant", stage="construction", state=State.REACHED, date=BEGAN),),
)
NOTHING = Reading(language="en", projects=(), claims=(), facts=())
RIGHT = replace(NOTHING, claims=(make_claim(stage="construction", date=BEGAN),))
GOOD = TriedArticle(
    label=LABEL, reading=RIGHT, beside=NOTHING, seconds=2.0, seconds_beside=0.5, tokens=3_000, size=6_000
)
POOR = replace(GOOD, reading=NOTHING, beside=RIGHT)
UNANSWERED = replace(GOOD, reading=NOTHING, fault="garbage")


@pytest.mark.parametrize(
    ("tried", "advice"),
    [
        ([GOOD] * ENOUGH, Advice.YES),
        ([GOOD] * (ENOUGH - 1), Advice.UNKNOWN),
        ([POOR] * ENOUGH, Advice.NO),
        ([replace(GOOD, beside=RIGHT)] * ENOUGH, Advice.YES),
        ([*[GOOD] * 10, *[POOR] * 11], Advice.NO),
        ([*[GOOD] * 16, *[UNANSWERED] * 4], Advice.YES),
        ([*[GOOD] * 15, *[UNANSWERED] * 5], Advice.NO),
    ],
)
def test_a_model_is_recommended_if_it_reads_at_least_as_well(tried: list[TriedArticle], advice: Advice) -> None:
    assert ReaderTrial.of(tried).advice is advice


def test_a_month_costs_what_its_questions_weigh() -> None:
    trial = ReaderTrial.of([GOOD, GOOD])

    assert trial.month(TrialNews(articles=10, size=120_000)) == Month(articles=10, tokens=60_000, is_own=True)
    assert trial.month(TrialNews(articles=0, size=0)) == Month(articles=100, tokens=300_000, is_own=False)
