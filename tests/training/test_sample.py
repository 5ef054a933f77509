"""The labelled articles that ship with the program."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monitor.contracts.labels import read_sample, shipped_sample
from monitor.errors import InputError
from monitor.readers.sample import ARTICLES
from training.sample import EACH, WITHOUT, draw

KEPT = Path(__file__).parents[2] / "training/articles"


@pytest.fixture(scope="module")
def lines() -> list[Any]:
    return [json.loads(line) for line in ARTICLES.read_text(encoding="utf-8").splitlines()]


def test_it_holds_as_many_articles_of_each_language(lines: list[Any]) -> None:
    assert Counter(line["lang"] for line in lines) == dict.fromkeys(["ar", "en", "es", "fr", "zh"], EACH)
    silent = Counter(line["lang"] for line in lines if not line["labels"]["claims"])
    assert silent == dict.fromkeys(["ar", "en", "es", "fr", "zh"], WITHOUT)
    assert len({line["lang"] for line in lines[:5]}) == 5


def test_its_articles_have_their_projects_and_labels() -> None:
    for sample in shipped_sample():
        assert sample.article.language == sample.label.language
        assert sample.label.projects <= {project.id for project in sample.projects}


def test_a_label_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text('{"id": "a", "labels": {"claim": []}}\n')

    with pytest.raises(InputError, match=r"articles\.jsonl:1: "):
        read_sample(file)


def test_the_same_seed_draws_the_same_articles(lines: list[Any]) -> None:
    assert draw(KEPT.glob("around-*.jsonl"), 1) == lines


def test_writers_who_were_learnt_from_and_too_few_articles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="w01 was learnt from"):
        draw([KEPT / "w01-en-101.jsonl"], 1)
    few = tmp_path / "few.jsonl"
    few.write_text("".join((KEPT / "around-en.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[:3]))
    with pytest.raises(ValueError, match="too few articles in en"):
        draw([few], 1)
