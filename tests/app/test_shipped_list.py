"""What the shipped watch list says of its projects is what the sentences of its chronicle say."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.model import FactKind
from monitor.core.state import Milestone, ProjectState
from monitor.poll.poll import PollOutcome

SHIPPED = Path(__file__).parents[2] / "config"
TODAY = datetime(2025, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ProjectState]:
    """Each project after the chronicle alone was read, by the reader that is shipped."""
    folder = tmp_path_factory.mktemp("shipped") / "config"
    shutil.copytree(SHIPPED, folder)
    (folder / "feeds.yaml").write_text("feeds: [{url: 'file:history.xml', name: Chronicle}]")
    app = App(*load_folder(folder), clock=lambda: TODAY)
    try:
        asyncio.run(read_all(app))
        return {project.id: app.knowledge.state(project.id) for project in app.config.projects}
    finally:
        app.close()


async def read_all(app: App) -> None:
    async with app.fetcher() as fetcher:
        polled = [result.outcome async for result in app.poller.poll(app.poller.feeds(), fetcher)]
    assert polled == [PollOutcome.READ]


def stage(state: ProjectState, name: str) -> Milestone | None:
    return next((milestone for milestone in state.milestones if milestone.stage == name), None)


def of_the_whole(state: ProjectState, kind: FactKind) -> set[tuple[float, str]]:
    return {(fact.value, fact.unit) for fact in state.facts if fact.kind is kind and fact.phase is None}


def test_what_is_agreed_is_told_of_a_project_and_what_may_come_in_the_end_of_a_part(
    states: Mapping[str, ProjectState],
) -> None:
    gotion = states["gotion-kenitra"]

    assert of_the_whole(gotion, FactKind.CAPACITY) == {(20, "GWh/yr")}
    assert of_the_whole(gotion, FactKind.INVESTMENT) == {(12.8e9, "MAD")}
    assert {fact.value for fact in gotion.facts if fact.phase} >= {100, 65e9, 6.5e9}
    assert of_the_whole(states["yongsheng-driouch"], FactKind.CAPACITY) == set()


def test_the_capacity_of_a_plant_is_that_of_all_its_products(states: Mapping[str, ProjectState]) -> None:
    assert of_the_whole(states["hailiang"], FactKind.CAPACITY) == {(150_000, "t/yr")}


def test_nothing_is_told_of_a_plant_that_is_said_of_the_plant_beside_it(states: Mapping[str, ProjectState]) -> None:
    (capacity,) = states["lg-huayou"].facts

    assert (capacity.value, capacity.rivals) == (50_000, ())


def test_a_plan_that_was_put_off_is_told_as_delayed(states: Mapping[str, ProjectState]) -> None:
    delays = {id_: str(state.delay.since) for id_, state in states.items() if state.delay}

    assert delays == {"lg-huayou": "2024-07-25", "shinzoom": "2025-06"}


def test_lines_that_were_commissioned_and_a_loan_are_no_start_of_production(states: Mapping[str, ProjectState]) -> None:
    cobco = states["cobco-jorf"]
    operating = stage(cobco, "operating")

    assert operating is not None
    assert (str(operating.actual), operating.rivals) == ("2025-06-25", ())
    assert stage(cobco, "approved") is None


def test_a_start_of_production_is_borne_out_by_what_tells_of_production_alone(
    states: Mapping[str, ProjectState],
) -> None:
    operating = stage(states["btr-cathode"], "operating")

    assert operating is not None
    assert (str(operating.forecast), operating.standing.sources) == ("2026-09", 3)
    assert not [each.sentence for each in operating.evidence if "achev" in each.sentence]


def test_works_without_a_date_are_not_denied(states: Mapping[str, ProjectState]) -> None:
    assert stage(states["btr-anode"], "construction") is None


def test_the_first_date_that_anybody_named_is_the_baseline(states: Mapping[str, ProjectState]) -> None:
    operating = stage(states["tinci-jorf"], "operating")

    assert operating is not None
    assert (str(operating.baseline), str(operating.forecast)) == ("2025", "2028-H1")
