"""Several decisions that are one occasion."""

from monitor.core.changes.changes import diff
from monitor.core.changes.comparison import Occasion
from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.state import Report
from tests.builders import make_article, make_claim


def report(key: str, stage: str) -> Report:
    return Report(source=make_article(key).source, claims=(make_claim(stage=stage, evidence=f"{key}: {stage}"),))


def test_decisions_made_together_bring_one_change_with_the_sentence_and_the_article_of_each() -> None:
    reports = [report("a1", "agreed"), report("a2", "agreed")]
    first, second = map(Occasion.of, reports)
    both = Occasion.together([first, second])

    (change,) = diff(fold("plant", [], INDUSTRIAL), fold("plant", reports, INDUSTRIAL), both, INDUSTRIAL)

    assert both.key == "a1 a2"
    assert both.told == (*first.told, *second.told)
    assert [(proof.sentence, proof.url) for proof in change.proof] == [
        (f"{each.source.article}: agreed", each.source.url) for each in reports
    ]
