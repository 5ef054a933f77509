"""The trained reader, with weights that know one word."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.lifecycle import INDUSTRIAL, Lifecycle
from monitor.core.model import Fact, FactKind, Phase, Project, Said, State
from monitor.core.periods import Period
from monitor.core.reading.explanation import DropReason
from monitor.readers.plug import survey
from monitor.readers.trained.reader import TrainedReader, load_weights
from monitor.settings import load
from monitor.settings.fingerprints import reading_fingerprint
from tests.core.reading.texts import lexicons, make_text
from tests.readers.trained.tiny import make_weights

ROOT = Path(__file__).parents[3]
PLANT = Project(id="plant", name={"": "Plant"}, who=("Volta",), what=("cathode",), where=("Tanger",))
OTHER = Project(id="other", name={"": "Other"}, who=("Norvik",), what=("cathode",), where=("Tanger",))
RAILWAY = Lifecycle(name="railway", stages=("announced", "construction"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def make_reader(weights: Path) -> Callable[..., TrainedReader]:
    def make(*projects: Project) -> TrainedReader:
        lifecycles = {"industrial": INDUSTRIAL, "railway": RAILWAY}
        return TrainedReader(survey(projects or (PLANT, OTHER), lexicons()), lifecycles, load_weights(weights))

    return make


@pytest.fixture(scope="module")
def reader(make_reader: Callable[..., TrainedReader]) -> TrainedReader:
    return make_reader()


def test_a_claim_has_its_sentence_and_its_date(reader: TrainedReader) -> None:
    text = "Volta spoke in 2021. Its cathode plant has been open since March 2025. All are glad."

    reading = reader.read(make_text(text, published="2025-06-15"))

    (claim,) = reading.claims
    assert reading.projects == ("plant",)
    assert (claim.project, claim.stage, claim.state, claim.date) == (
        "plant",
        "operating",
        State.REACHED,
        Period.parse("2025-03"),
    )
    assert claim.evidence == "Its cathode plant has been open since March 2025."
    assert claim.confidence == 0.99


def test_an_amount_is_a_fact(reader: TrainedReader) -> None:
    reading = reader.read(make_text("Volta has a cathode plant with 500 employees."))

    assert reading.facts == (
        Fact(
            project="plant",
            kind=FactKind.JOBS,
            value=500,
            unit="jobs",
            evidence="Volta has a cathode plant with 500 employees.",
            confidence=0.99,
        ),
    )


def test_an_article_in_another_language_is_not_read(reader: TrainedReader) -> None:
    assert reader.read(make_text("Volta is open.", language="xx")).projects == ()


def test_a_stage_that_the_lifecycle_has_not_is_left_out(make_reader: Callable[..., TrainedReader]) -> None:
    reading = make_reader(replace(PLANT, lifecycle="railway")).read(make_text("Volta is open with its cathode plant."))

    assert (reading.projects, reading.claims) == (("plant",), ())


@pytest.mark.parametrize("before", [0, 400, 500, 600, 700])
def test_a_claim_is_found_wherever_it_stands_in_a_long_article(reader: TrainedReader, before: int) -> None:
    text = f"Volta has a cathode plant. {'They spoke. ' * (before // 3)}It is open. {'They spoke. ' * 100}"

    (claim,) = reader.read(make_text(text)).claims

    assert claim.evidence == "It is open."


def test_of_several_projects_each_is_read_where_a_long_article_names_it(reader: TrainedReader) -> None:
    text = "Volta has a cathode plant. " + "Nothing else is known. " * 60 + "That of Norvik is open."

    reading = reader.read(make_text(text))

    assert reading.projects == ("plant", "other")
    assert [(claim.project, claim.stage) for claim in reading.claims] == [("other", "operating")]


def test_an_article_is_read_alike_whatever_is_read_beside_it(reader: TrainedReader) -> None:
    articles = [make_text(f"Volta {'spoke ' * n}of its cathode plant. It is open.") for n in (1, 50, 700)]

    assert reader.read_all(articles) == [reader.read(article) for article in reversed(articles)][::-1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters() | st.sampled_from("open 500 Volta\n.\ud800"), max_size=200))
def test_any_text_is_read_and_evidence_stands_in_it(reader: TrainedReader, text: str) -> None:
    article = make_text(f"Volta cathode {text} open")

    reading = reader.read(article)

    evidence = [claim.evidence for claim in reading.claims] + [fact.evidence for fact in reading.facts]
    assert all(words and words in article.text for words in evidence)


def test_what_is_explained_is_what_is_read(reader: TrainedReader) -> None:
    article = make_text("Volta has been open since March 2025. Its cathode plant has 500 employees.")

    explanation, reading = reader.explain(article), reader.read(article)

    assert reading.claims
    assert explanation.claims == reading.claims
    assert (explanation.facts, explanation.projects) == (reading.facts, reading.projects)


def test_a_claim_and_a_fact_are_of_the_phase_that_their_sentence_names(
    make_reader: Callable[..., TrainedReader],
) -> None:
    phased = replace(
        PLANT, phases=(Phase(name="first", words=("first line",)), Phase(name="second", words=("line two",)))
    )
    text = "Volta's cathode plant is growing. Its first line is open. Line two gives 500 jobs."

    reading = make_reader(phased).read(make_text(text))

    found: list[Said] = [*reading.claims, *reading.facts]
    assert [said.phase for said in found] == ["first", "second"]


def test_an_article_in_another_language_is_explained_as_unread(reader: TrainedReader) -> None:
    assert reader.explain(make_text("Volta is open.", language="xx")).reason is DropReason.NO_LEXICON


# ---------------------------------------------------------------- as configured


def write(folder: Path, monitor: str) -> Path:
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "projects.yaml").write_text("projects: [{id: plant, name: Plant, who: [Volta], what: [cathode]}]")
    (config / "monitor.yaml").write_text(monitor)
    return config


def test_it_reads_where_the_configuration_says_so(tmp_path: Path) -> None:
    make_weights(tmp_path / "learnt")
    config = write(tmp_path, "reader: {use: trained, weights: learnt}")
    article = {"id": "1", "title": "Volta is open", "text": "It has a cathode plant.", "lang": "en"}

    done = subprocess.run(
        [sys.executable, "-m", "monitor", "read", "--config", str(config), "--json", "-"],
        input=json.dumps(article), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip

    (claim,) = json.loads(done.stdout)["claims"]
    assert (claim["stage"], claim["state"], claim["evidence"]) == ("operating", "reached", "Volta is open")


def test_it_is_the_one_that_is_explained(tmp_path: Path) -> None:
    make_weights(tmp_path / "learnt")
    config = write(tmp_path, "reader: {use: trained, weights: learnt}")
    article = {"id": "1", "title": "Volta is open", "text": "It has a cathode plant.", "lang": "en"}

    done = subprocess.run(
        [sys.executable, "-m", "monitor", "read", "--config", str(config), "--explain", "-"],
        input=json.dumps(article), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip

    assert "concerns plant 0.99" in done.stdout
    assert "operating reached" in done.stdout


def test_other_weights_make_other_readings(tmp_path: Path) -> None:
    config = write(tmp_path, "reader: {use: trained, weights: learnt}")

    fingerprints = set()
    for calibration in ({"claim": 0.5}, {"claim": 0.6}):
        make_weights(tmp_path / "learnt", calibration=calibration)
        fingerprints.add(reading_fingerprint(load(config, {})))

    assert len(fingerprints) == 2
