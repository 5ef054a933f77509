"""What the reader promises of every article, on the labelled ones; ``tests/core/reading/test_reader`` has any text."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Project, Reading
from monitor.core.periods import Period
from monitor.core.reading.reader import RuleReader
from monitor.settings.lexicons import load_lexicons

HERE = Path(__file__).parent
ASIDES = {
    "ar": "كان الطقس جميلا وكان الحصاد وفيرا.",
    "en": "The weather was fine and the harvest was good.",
    "es": "Hacía buen tiempo y la cosecha fue buena.",
    "fr": "Le temps était beau et la récolte fut bonne.",
    "zh": "天气很好，收成也好。",
}


def projects() -> Iterator[Project]:
    for path in sorted(HERE.glob("*/projects.yaml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["projects"]:
            yield Project(
                id=entry["id"],
                name=entry["name"] if isinstance(entry["name"], dict) else {"": entry["name"]},
                who=tuple(entry.get("who", ())),
                what=tuple(entry.get("what", ())),
                where=tuple(entry.get("where", ())),
                not_=tuple(entry.get("not", ())),
            )


def articles(language: str) -> Iterator[Article]:
    for path in sorted(HERE.glob("*/articles*.jsonl")):
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if line["lang"] == language:
                yield Article(
                    key=line["id"],
                    url=line["url"],
                    title=line["title"],
                    text=line["text"],
                    published=Period.parse(line["published"][:10]) if line["published"] else None,
                    language=language,
                )


@cache
def reader() -> RuleReader:
    return RuleReader(list({p.id: p for p in projects()}.values()), load_lexicons(), {"industrial": INDUSTRIAL})


@cache
def readings(language: str) -> tuple[tuple[Article, Reading], ...]:
    return tuple((article, reader().read(article)) for article in articles(language))


def told(reading: Reading) -> tuple[object, ...]:
    return reading.projects, reading.claims, reading.facts


@pytest.mark.parametrize("language", sorted(ASIDES))
def test_an_unrelated_paragraph_changes_nothing(language: str) -> None:
    for article, reading in readings(language):
        more = replace(article, text=f"{article.text}\n\n{ASIDES[language]}")
        assert told(reader().read(more)) == told(reading), article.key


@pytest.mark.parametrize("language", sorted(ASIDES))
def test_evidence_is_what_was_published(language: str) -> None:
    for article, reading in readings(language):
        for evidence in (*(c.evidence for c in reading.claims), *(f.evidence for f in reading.facts)):
            assert evidence in article.title or evidence in article.text, article.key


PROGRAM = """
from tests.corpus.test_promises import ASIDES, articles, reader
for language in ASIDES:
    for article in list(articles(language))[:20]:
        print(reader().read(article))
"""


def test_every_process_reads_the_same() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
