"""The phrases of reading.yaml overrule whatever reader is configured, in this process and in workers."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.core.model import Objection, ObjectionKind, Reading, State
from monitor.core.reading.answered.answer import Answer, SaidClaim
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from monitor.watch.setup import Setup, set_up
from monitor.workers.jobs import set_out
from tests.core.reading.texts import make_text
from tests.readers.hits import HITS

PROJECTS = "projects: [{id: plant, name: Plant, who: [BTR], what: [cathode], where: [Morocco]}]"
PHRASES = """
phrases:
  - language: en
    words: [golden shovel]
    always: construction reached
    examples: [{text: The golden shovel., claims: [construction reached]}]
  - language: en
    words: [packs up]
    never: cancelled
    examples: [{text: It packs up., claims: []}]
"""
LLM = "reader: {use: llm, llm: {endpoint: 'http://localhost:1', model: m, fallback: trained}}"
ARTICLE = make_text("BTR and its cathode plant in Morocco: the golden shovel was out.")


def setup(folder: Path, monitor: str, phrases: str = PHRASES) -> Setup:
    for name, text in {"projects": PROJECTS, "monitor": monitor, "reading": phrases}.items():
        (folder / f"{name}.yaml").write_text(text)
    return set_up(load(folder, {}), load_lexicons(folder))


@pytest.mark.parametrize("use", ["tests.readers.plugged:SilentReader", HITS])
def test_any_reader_is_overruled_here_and_in_workers(tmp_path: Path, use: str) -> None:
    made = setup(tmp_path, f"reader: {{use: '{use}'}}")
    bench = set_out(pickle.loads(pickle.dumps(made.recipe)))

    here = made.watch.reader.read(ARTICLE)
    _, (there, _) = bench.read(replace(ARTICLE, language=None), language="en")

    assert there == here
    assert ("construction", State.REACHED, 0.95) in [(each.stage, each.state, each.confidence) for each in here.claims]


def test_what_a_model_says_of_another_company_is_doubtful_too(tmp_path: Path) -> None:
    bench = set_out(setup(tmp_path, LLM, "phrases:\n").recipe)
    article = make_text("Umicore opened its cathode plant in Morocco.")
    said = SaidClaim(project="plant", stage="operating", state="reached", date=None, quote="Umicore opened")
    other = Reading(language="en", projects=("plant",), claims=(), facts=())

    reading, _ = bench.conclude(article, Answer(projects=("plant",), claims=(said,), facts=()), other)

    assert [(each.objection, each.confidence) for each in reading.claims] == [
        (Objection(ObjectionKind.UNNAMED, "Umicore"), DOUBTFUL)
    ]


def test_what_a_model_answers_is_overruled_too(tmp_path: Path) -> None:
    bench = set_out(setup(tmp_path, LLM).recipe)
    article = make_text("BTR packs up with its cathode plant in Morocco.")
    said = SaidClaim(project="plant", stage="cancelled", state="reached", date=None, quote="BTR packs up")
    other = Reading(language="en", projects=("plant",), claims=(), facts=())

    reading, dropped = bench.conclude(article, Answer(projects=("plant",), claims=(said,), facts=()), other)

    assert (reading.projects, reading.claims, dropped) == (("plant",), (), ())
