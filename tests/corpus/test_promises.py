"""What the default reader promises of every article."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Project
from monitor.core.periods import Period
from monitor.ports import Reader
from monitor.readers.plug import TRAINED, reader_factory
from monitor.settings.lexicons import load_lexicons

HERE = Path(__file__).parent
LANGUAGES = ("ar", "en", "es", "fr", "zh")


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
def reader() -> Reader:
    watched = list({p.id: p for p in projects()}.values())
    return reader_factory(TRAINED)(watched, load_lexicons(), {"industrial": INDUSTRIAL})


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_is_what_was_published(language: str) -> None:
    for article in list(articles(language))[::10]:
        reading = reader().read(article)
        for evidence in (*(c.evidence for c in reading.claims), *(f.evidence for f in reading.facts)):
            assert evidence in article.title or evidence in article.text, article.key


PROGRAM = """
from tests.corpus.test_promises import LANGUAGES, articles, reader
for language in LANGUAGES:
    for article in list(articles(language))[:5]:
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
