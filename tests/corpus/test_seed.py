"""The article that the project began with: two plants of one company, each with its own works, agreement and amount."""

from pathlib import Path

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from monitor.settings.lexicons import load_lexicons
from tests.core.reading.texts import make_text

SEED = Path(__file__).parent.parent / "acceptance" / "seed.txt"
PLANTS = [
    Project(id=plant, name={"": plant}, who=("BTR New Material", "BTR"), what=words, where=("Maroc", "Tanger Tech"))
    for plant, words in {"cathode": ("cathode", "cathodes"), "anode": ("anode", "anodes")}.items()
]


def test_each_plant_of_the_seed_article_has_both_its_claims_and_its_own_amount() -> None:
    title, _, text = SEED.read_text(encoding="utf-8").partition("\n")
    reader = RuleReader(PLANTS, load_lexicons(), {"industrial": INDUSTRIAL})
    reading = reader.read(make_text(text, title=title, language="fr", published="2025-01-08"))

    reached = {(claim.project, claim.stage) for claim in reading.claims if claim.state == "reached"}
    assert reached >= {(plant, stage) for plant in ("cathode", "anode") for stage in ("agreed", "construction")}
    amounts = {(fact.project, fact.value) for fact in reading.facts if fact.kind == "investment"}
    assert amounts == {("cathode", 3e9), ("anode", 3.6e9)}
