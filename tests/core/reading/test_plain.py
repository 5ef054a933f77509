"""Plain statements: what every newsroom writes is read, and what looks like it is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Altavia", "阿尔塔维亚", "ألتافيا"),
    what=("battery", "batteries", "batterie", "baterías", "البطاريات", "电池"),
    where=("Cartagena", "Carthagène", "卡塔赫纳", "قرطاجنة"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def statements() -> Iterator[Any]:
    data = YAML(typ="safe").load(Path(__file__).parent / "plain" / "statements.yaml")
    for statement in data["statements"]:
        for language, opening in data["opening"].items():
            if language in statement:
                text = statement[language]
                yield pytest.param(language, f"{opening} {text}", set(statement["means"]), id=f"{language}: {text}")


@pytest.mark.parametrize(("language", "text", "means"), list(statements()))
def test_a_plain_statement_means(language: str, text: str, means: set[str]) -> None:
    reading = READER.read(make_text(text, language=language, published="2026-06-15"))

    assert {f"{c.stage} {c.state}" for c in reading.claims if c.stage != "announced"} == means
