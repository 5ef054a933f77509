"""How well the reader that ships reads writers whom nothing was learnt from, tuned or mended by.

The figures are floors: weights, calibration or vocabulary may not read worse. They are a little below what was measured
for arithmetic differs between machines.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import pytest

from monitor.core.evaluation.scoring import Evaluation, Label, Subject, evaluate
from monitor.core.model import Reading
from monitor.ports import Reader
from monitor.readers.checked import CheckedReader, checks
from monitor.readers.plug import TRAINED, reader_factory, survey
from monitor.settings.lexicons import load_lexicons
from training.data import Example, Watched, sheets

HARD = Path(__file__).parents[2] / "training/hard"
#: Such a claim alerts by itself.
SURE = 0.8


@lru_cache(maxsize=16)
def reader_of(watched: Watched) -> Reader:
    surveyor = survey(watched.projects, load_lexicons())
    factory = reader_factory(TRAINED, surveyor=surveyor)
    plain = factory(watched.projects, surveyor.lexicons, watched.lifecycles)
    return CheckedReader(plain, checks((), surveyor, watched.lifecycles))


def read(writers: str, *, step: int) -> Iterator[tuple[Example, Reading]]:
    """Every so many articles of the writers whose names begin so, each with its reading."""
    own = (example for example in sheets(HARD) if example.writer.startswith(writers))
    for example in islice(own, 0, None, step):
        yield example, reader_of(example.watched).read(example.article)


@pytest.fixture(scope="module")
def streams() -> Evaluation:
    pairs: list[tuple[Label, Reading]] = [(example.label, reading) for example, reading in read("stream-", step=4)]
    return evaluate(pairs)


@pytest.mark.parametrize(
    ("subject", "precision", "recall"),
    [
        pytest.param(Subject.CLAIMS, 0.77, 0.68, id="claims"),
        pytest.param(Subject.FACTS, 0.76, 0.61, id="facts"),
    ],
)
def test_what_streams_of_news_tell_is_read(
    streams: Evaluation, subject: Subject, precision: float, recall: float
) -> None:
    count = streams.count(subject)

    assert count.precision >= precision
    assert count.recall >= recall


def test_the_dates_of_right_claims_are_right(streams: Evaluation) -> None:
    assert streams.count(Subject.DATES).recall >= 0.73


def test_a_claim_that_alerts_is_right_as_often_as_it_says(streams: Evaluation) -> None:
    sure = [band for band in streams.bands if band.least >= SURE]

    assert sum(band.right for band in sure) >= 0.92 * sum(band.claims for band in sure)


def test_what_only_looks_like_news_of_a_project_alerts_seldom() -> None:
    """Half of a look-alike writer's items tell nothing of a watched project."""
    empty = [(example, reading) for example, reading in read("lookalike-", step=5) if not example.claims]

    alerted = [example for example, reading in empty if any(claim.confidence >= SURE for claim in reading.claims)]

    assert len(alerted) <= 0.2 * len(empty)
