"""Copies of the labelled articles in many outlets are one source; those who write in their own words stay two."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from monitor.app.opening import build_app
from monitor.cli.documents import history
from monitor.core.model import Article
from monitor.core.news import Change
from monitor.core.stories import copies, sketch
from monitor.know.rebuild import Dated, replay
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from monitor.watch.watch import Watch
from tests.copies import copied
from tests.readers.hits import HITS

DATA = Path(__file__).parent / "data"
OUTLETS = range(1, 8)


@cache
def dated() -> tuple[Watch, list[Dated]]:
    """What is watched, by a reader that reads every copy alike, and every third article that has a date."""
    config = load(DATA, {})
    app = build_app(replace(config, reader=replace(config.reader, use=HITS)), load_lexicons())
    found = [item for item in history(app, str(DATA / "articles-a.jsonl")) if isinstance(item, Dated)]
    app.close()
    return app.watch, found[::3]


def in_many_outlets(items: list[Dated]) -> Iterator[Dated]:
    for item in items:
        yield item
        for outlet in OUTLETS:
            at = item.published_at + timedelta(minutes=7 * outlet)
            yield replace(item, article=copied(item.article, outlet), published_at=at)


def what(change: Change) -> tuple[object, ...]:
    return change.type, change.project, change.stage, change.from_, change.to, change.kind, change.unit


def test_an_article_in_eight_outlets_tells_what_it_tells_in_one() -> None:
    watch, items = dated()

    once = Counter(map(what, replay(items, watch)))
    often = Counter(map(what, replay(in_many_outlets(items), watch)))

    assert len(items) > 30
    assert often == once


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "zh"])
def test_copies_are_found_and_own_words_are_not(language: str) -> None:
    tellings = [
        [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
        for name in ("articles-a.jsonl", "articles-b.jsonl")
    ]
    for one, other in zip(*tellings, strict=True):
        if one["lang"] != language:
            continue
        article = Article(
            key=one["id"], url=None, title=one["title"], text=one["text"], published=None, language=language
        )
        taken = [copied(article, outlet) for outlet in OUTLETS]
        sketches = [*((copy.key, sketch(copy.title, copy.text)) for copy in taken)]
        own = sketch(one["title"], one["text"])

        assert copies(own, sketches) == [copy.key for copy in taken]
        assert copies(own, [("other", sketch(other["title"], other["text"]))]) == []
