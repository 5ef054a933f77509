"""The article that the project began with: two plants of one company, each with its own works, agreement and amount."""

from pathlib import Path

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.readers.plug import TRAINED, reader_factory
from monitor.settings.lexicons import load_lexicons
from tests.core.reading.texts import make_text

SEED = Path(__file__).parent.parent / "acceptance" / "seed.txt"
#: Such an amount alerts by itself.
SURE = 0.8
PLANTS = [
    Project(id=plant, name={"": plant}, who=("BTR New Material", "BTR"), what=words, where=("Maroc", "Tanger Tech"))
    for plant, words in {"cathode": ("cathode", "cathodes"), "anode": ("anode", "anodes")}.items()
]


def test_what_is_sure_of_each_plant_of_the_seed_article_is_its_own() -> None:
    title, _, text = SEED.read_text(encoding="utf-8").partition("\n")
    reader = reader_factory(TRAINED)(PLANTS, load_lexicons(), {"industrial": INDUSTRIAL})
    reading = reader.read(make_text(text, title=title, language="fr", published="2025-01-08"))

    told = {(claim.project, claim.stage, str(claim.date)) for claim in reading.claims if claim.state == "reached"}
    assert ("cathode", "construction", "2024-Q1") in told
    sure = {(fact.project, fact.value) for fact in reading.facts if fact.confidence >= SURE}
    assert sure == {("anode", 3.6e9)}
