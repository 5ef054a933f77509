"""How well exported weights read: ``python -m training.evaluate --help``.

``--tune`` fits what turns scores into probabilities, and from where on they count, on the writers that are kept for it.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from monitor.core.evaluation.scoring import By, Evaluation, Label, LabelledFact, Subject, evaluate, is_same_fact
from monitor.core.lifecycle import PLANNED
from monitor.core.model import Article, Reading, State
from monitor.core.reading.trained.decoding import Decoder, amount_scores, claim_grounds
from monitor.core.reading.trained.scheme import CLAIMS
from monitor.core.reading.trained.scores import SURELY, Calibration, FactGrounds, RelevanceGrounds, Scored
from monitor.readers.plug import survey
from monitor.readers.trained.manifest import MANIFEST
from monitor.readers.trained.reader import TrainedReader, Weights, load_weights
from monitor.settings.lexicons import load_lexicons
from training.data import Example, Part, Watched, corpus, labelled_set, sheets
from training.neighbours import surrounded

ROOT = Path(__file__).parent.parent
_NUMBER = {claim: number for number, claim in enumerate(CLAIMS)}
#: Steps this small change no weight that is kept.
_SETTLED = 1e-6
_STEPS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)


class Desk:
    """Readers by what is watched."""

    def __init__(self, weights: Weights) -> None:
        lexicons = load_lexicons()

        @lru_cache(maxsize=32)
        def trained(watched: Watched) -> TrainedReader:
            return TrainedReader(survey(watched.projects, lexicons), watched.lifecycles, weights)

        self.trained = trained


def measured(examples: Iterable[Example], read: Callable[[Example], Reading]) -> list[tuple[Example, Label, Reading]]:
    """Each example with its label and reading."""
    return [(example, example.label, _fair(example, read(example))) for example in examples]


def _fair(example: Example, reading: Reading) -> Reading:
    """The reading without what counts neither way."""
    return replace(
        reading,
        claims=tuple(c for c in reading.claims if (c.project, c.stage, c.state) not in example.optional),
    )


def tune(desk: Desk, weights: Weights, examples: Sequence[Example]) -> Calibration:
    """Probabilities by logistic regression on all grounds; thresholds by the best F1."""
    examples = [surrounded(example) for example in examples]
    scored = [(example, list(desk.trained(example.watched).score(example.article))) for example in examples]
    plain = Decoder(weights.pooling, Calibration())
    claims, relevance, facts = _Pairs(), _Pairs(), _Pairs()
    for example, candidates in scored:
        for one in candidates:
            score = float(plain.relevance(one.scores))
            if one.project in example.relevant or not example.is_rough:
                relevance.add(RelevanceGrounds(score), is_true=one.project in example.relevant)
            for number, (logit, value) in enumerate(
                zip(plain.claims(one.scores).tolist(), _truth(example, one.project), strict=True)
            ):
                if value >= 0:
                    claims.add(claim_grounds(number, logit, score), is_true=bool(value))
            own = [measured.fact for measured in example.facts if measured.fact.project == one.project]
            for amount, likely in zip(one.layout.amounts, amount_scores(one), strict=True) if example.has_facts else ():
                said = [
                    LabelledFact(project=one.project, kind=amount.kind, value=value, unit=amount.unit)
                    for value in amount.values
                ]
                is_true = any(is_same_fact(wanted, each) for wanted in own for each in said)
                facts.add(FactGrounds(likely, min(score, SURELY)), is_true=is_true)
    best = Calibration(claim_weights=claims.fitted(), relevance_weights=relevance.fitted(), fact_weights=facts.fitted())

    def score_of(calibration: Calibration, subject: Subject) -> float:
        decoder = Decoder(weights.pooling, calibration)
        counted = [(e, found) for e, found in scored if e.has_facts or subject is not Subject.FACTS]
        read = [(e.label, _fair(e, _reading(e.article, decoder, found))) for e, found in counted]
        return evaluate(read).count(subject).f1

    best = max((replace(best, relevant=r) for r in _STEPS), key=lambda one: score_of(one, Subject.RELEVANCE))
    best = max((replace(best, claim=c) for c in _STEPS), key=lambda one: score_of(one, Subject.CLAIMS))
    return max((replace(best, amount=a) for a in _STEPS), key=lambda one: score_of(one, Subject.FACTS))


class _Pairs:
    """Grounds with what is true."""

    def __init__(self) -> None:
        self._grounds: list[tuple[float, ...]] = []
        self._truth: list[bool] = []

    def add(self, grounds: Sequence[float], *, is_true: bool) -> None:
        self._grounds.append(tuple(map(float, grounds)))
        self._truth.append(is_true)

    def fitted(self) -> tuple[float, ...]:
        """The weights of the grounds, by Newton's method; 1 for the score and 0 for others where little is known.

        A step that makes the fit worse is halved: scores of a well-trained encoder are large, and a step overshoots.
        """
        columns, truth = np.array(self._grounds), np.array(self._truth, float)
        prior = np.zeros(columns.shape[1])
        prior[0] = 1

        def loss(weights: npt.NDArray[np.float64]) -> float:
            sums = columns @ weights
            return float(np.logaddexp(0, sums).sum() - truth @ sums + ((weights - prior) ** 2).sum() / 2)

        weights = prior.copy()
        for _ in range(50):
            likely = 1 / (1 + np.exp(-np.clip(columns @ weights, -50, 50)))
            slope = columns.T @ (likely - truth) + weights - prior
            curve = (columns * (likely * (1 - likely))[:, None]).T @ columns + np.eye(len(prior))
            step = np.linalg.solve(curve, slope)
            while np.abs(step).max() > _SETTLED and loss(weights - step) > loss(weights):
                step /= 2
            weights = weights - step
            if np.abs(step).max() <= _SETTLED:
                break
        return tuple(round(float(weight), 4) for weight in weights)


def _reading(article: Article, decoder: Decoder, candidates: Iterable[Scored]) -> Reading:
    found = [one for scored in candidates if (one := decoder.decode(scored)).is_relevant]
    return Reading(
        language=article.language,
        projects=tuple(one.project for one in found),
        claims=tuple(claim for one in found for claim in one.claims),
        facts=tuple(fact for one in found for fact in one.facts),
    )


def _truth(example: Example, project: str) -> npt.NDArray[np.int8]:
    truth = np.zeros(len(CLAIMS), np.int8)
    own = [claimed.claim for claimed in example.claims if claimed.claim.project == project]
    for claim in own:
        truth[_NUMBER[claim.stage, claim.state]] = 1
    for other, stage, state in example.optional:
        if other == project:
            truth[_NUMBER[stage, state]] = -1
    if any(claim.state is State.REACHED and claim.stage != PLANNED for claim in own):
        truth[_NUMBER[PLANNED, State.REACHED]] = -1
    return truth


def table(name: str, read: Sequence[tuple[Example, Label, Reading]]) -> list[dict[str, Any]]:
    """What a reader's figures are, as rows."""
    whole = evaluate([(label, reading) for _, label, reading in read])
    rows = [_row(name, "all", whole, subject) for subject in Subject]
    groups = [(by, Subject.CLAIMS) for by in (By.LANGUAGE, By.STAGE, By.CLAIM)] + [(By.KIND, Subject.FACTS)]
    rows += [_row(name, member, whole, subject, (by, member)) for by, subject in groups for member in whole.names(by)]
    parts = {
        "one project": [(label, reading) for _, label, reading in read if len(label.projects) <= 1],
        "several projects": [(label, reading) for _, label, reading in read if len(label.projects) > 1],
    } | {
        writer: [(label, reading) for example, label, reading in read if example.writer == writer]
        for writer in sorted({example.writer for example, *_ in read})
    }
    for part, some in parts.items():
        evaluation = evaluate(some)
        rows += [_row(name, part, evaluation, subject) for subject in Subject]
    rows += [
        {
            "reader": name, "group": f"from {band.least:.1f}", "subject": "calibration", "n": band.claims,
            "precision": band.share, "recall": band.confidence, "f1": 0.0,
        }
        for band in whole.bands
    ]  # fmt: skip
    return rows


def _row(
    name: str, group: str, evaluation: Evaluation, subject: Subject, by: tuple[By, str] = (By.ALL, "")
) -> dict[str, Any]:
    count = evaluation.count(subject, *by)
    return {
        "reader": name, "group": group, "subject": str(subject),
        "n": count.right + count.missed, "precision": count.precision, "recall": count.recall, "f1": count.f1,
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--sheets", type=Path, required=True, help="folder of labelled articles, *.jsonl")
    options.add_argument("--part", type=Part, default=Part.TUNING, help="which writers: tuning, unseen, training")
    options.add_argument("--set", type=Path, help="a file of articles beside labels.jsonl and projects.yaml, instead")
    options.add_argument("--writer", action="append", help="only these writers or sets")
    options.add_argument("--tune", action="store_true", help="fit the calibration first, and keep it in the manifest")
    options.add_argument("--json", type=Path, help="keep all figures here")
    given = options.parse_args()
    weights = load_weights(given.weights)
    every = labelled_set(given.set) if given.set else (*corpus(), *sheets(given.sheets))
    examples = [
        example
        for example in every
        if (given.set or example.part is given.part) and (not given.writer or example.writer in given.writer)
    ]
    if given.tune:
        path = given.weights / MANIFEST
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["calibration"] = asdict(tune(Desk(weights), weights, examples))
        path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        weights = load_weights(given.weights)
        print(manifest["calibration"])
    desk = Desk(weights)
    rows = table("trained", measured(examples, lambda e: desk.trained(e.watched).read(e.article)))
    for row in rows:
        print("{reader:8} {group:24} {subject:18} n {n:5} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}".format(**row))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
