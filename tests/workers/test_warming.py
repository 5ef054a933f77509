"""What is slow the first time is done before it is needed."""

import gc
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from unittest.mock import patch

import pytest
from structlog.testing import capture_logs

from monitor.core.model import Article, FactKind, Project
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.projects.matching import Matcher
from monitor.errors import WeightsError
from monitor.feeds.page import PageText
from monitor.settings.lexicons import load_lexicons
from monitor.workers.warming import steps
from tests.fakes import InlineDocuments, make_watch

WATCHED = Project(id="plant", name={"": "Plant"}, who=("Nemo",))
ARABIC = "تستثمر Nemo ثلاثة مليارات درهم في المصنع، الذي سيوفر 2500 منصب شغل."


@pytest.fixture(autouse=True)
def nothing_apart() -> Iterator[None]:
    """Other tests are to find their garbage."""
    yield
    gc.unfreeze()


def test_a_page_and_an_article_in_every_language_are_read() -> None:
    taken = [step() for step in steps(dict(load_lexicons()))]

    layouts = [each for each in taken if isinstance(each, Layout)]
    assert sorted(layout.document.language for layout in layouts) == ["ar", "en", "es", "fr", "zh"]
    assert all(layout.candidates == ("none",) for layout in layouts)
    assert [each.title for each in taken if isinstance(each, PageText)] == ["Words"]


def test_no_news_waits_until_the_words_on_its_amounts_are_compiled() -> None:
    lexicons = dict(load_lexicons())
    for step in steps(lexicons):
        step()
    surveyor = Surveyor([WATCHED], lexicons, Matcher([WATCHED]))
    article = Article(key="", url=None, title="Nemo", text=ARABIC, published=None, language="ar")

    with patch.object(re, "compile", wraps=re.compile) as compiled:
        layout = surveyor.lay_out(article)

    # A few words take a moment, a few hundred half a second.
    assert all(len(call.args[0]) < 1_000 for call in compiled.call_args_list)
    assert layout is not None
    found = [(amount.kind, amount.values) for amount in layout.amounts]
    assert found == [(FactKind.INVESTMENT, (3e9,)), (FactKind.JOBS, (2_500,))]


def test_what_lasts_is_not_looked_through_for_garbage_again() -> None:
    lexicons = dict(load_lexicons())
    for step in steps(lexicons):
        step()

    assert gc.get_freeze_count() > 0
    assert not any(lexicon is each for each in gc.get_objects() for lexicon in lexicons.values())


def test_a_step_that_fails_costs_neither_the_worker_nor_the_steps_behind_it() -> None:
    taken: list[str] = []

    def fails() -> None:
        raise WeightsError("model.onnx is damaged")

    bench = replace(InlineDocuments.of(make_watch()).bench, todo=iter([fails, partial(taken.append, "next")]))
    with capture_logs() as logs:
        assert [bench.prepare() for _ in range(3)] == [True, True, False]

    assert taken == ["next"]
    assert [(each["event"], each["reason"]) for each in logs] == [
        ("worker.unprepared", "WeightsError: model.onnx is damaged")
    ]
