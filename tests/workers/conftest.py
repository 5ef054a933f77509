"""Crews of real processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article
from monitor.workers.crew import Crew
from monitor.workers.jobs import Recipe
from monitor.workers.limits import Limits
from tests.builders import make_project

MakeCrew = Callable[..., Crew]


def article(title: str) -> Article:
    return Article(key=title, url=None, title=title, text="", published=None, language=None)


@pytest.fixture
def make_crew(tmp_path: Path, real_workers: None) -> Iterator[MakeCrew]:
    """Makes crews whose reader misbehaves as it is told; they are closed at the end."""
    crews: list[Crew] = []

    def make(
        *,
        reader: str = "tests.workers.misbehaving:Misbehaving",
        time: float = 30.0,
        processes: int = 1,
        model: str | None = None,
        warm: bool = False,
    ) -> Crew:
        recipe = Recipe(
            projects=(make_project(),),
            lifecycles={INDUSTRIAL.name: INDUSTRIAL},
            reader=reader,
            model=model,
            folder=tmp_path,
            secrets=frozenset(),
            fingerprint="",
        )
        crews.append(Crew(recipe=recipe, limits=Limits(time=time), processes=processes, warm=warm))
        return crews[-1]

    yield make
    for crew in crews:
        crew.close()
