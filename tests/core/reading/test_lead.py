"""The day of the news, where the headline leaves it unsaid."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(id="plant", name={"": "Plant"}, who=("Nordcell",), what=("cathode",), where=("Lulea",))
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})
TITLE = "Nordcell signs investment agreement for cathode plant in Lulea"


def day(
    text: str, *, title: str = TITLE, published: str | None = "2024-05-10", stage: str = "agreed"
) -> list[str | None]:
    reading = READER.read(make_text(text, title=title, published=published))
    return [str(c.date) if c.date else None for c in reading.claims if c.stage == stage]


def test_what_the_headline_tells_happened_on_the_day_that_the_lead_names() -> None:
    assert day("The minister was in Lulea on 8 May. Nordcell is glad.") == ["2024-05-08"]


def test_so_did_what_the_first_sentence_tells_where_there_is_no_headline() -> None:
    text = "Nordcell signed the investment agreement for its cathode plant in Lulea. The minister came on 8 May."
    assert day(text, title="") == ["2024-05-08"]


@pytest.mark.parametrize(
    "text",
    [
        # Long gone, still to come, too coarse, too far down.
        "The minister was in Lulea on 8 May 2023.",
        "The minister will be in Lulea on 18 May.",
        "The minister was in Lulea in May.",
        "Nordcell is glad. So is the town. So is the state. The minister was in Lulea on 8 May.",
        # Given up, or of something else.
        "The minister was initially expected in Lulea on 8 May.",
        "The permit was granted on 8 May.",
    ],
)
def test_other_days_are_not_the_day_of_the_news(text: str) -> None:
    assert day(text) == [None]


def test_the_day_when_equipment_came_is_not_the_day_when_works_began() -> None:
    plant = Project(id="plant", name={"": "Plant"}, who=("北电",), what=("正极",), where=("吕勒奥",))
    reader = RuleReader([plant], lexicons(), {"industrial": INDUSTRIAL})
    text = "5月8日，北电吕勒奥正极工厂举行首批设备进场仪式，项目进入设备安装阶段。"

    claims = reader.read(make_text(text, language="zh", published="2024-05-10")).claims

    assert [(c.stage, str(c.state), c.date) for c in claims] == [("construction", "reached", None)]


def test_that_it_was_announced_then_leaves_the_day_to_what_was_announced() -> None:
    assert day("Nordcell announced the plant in a statement on 8 May.") == ["2024-05-08"]


def test_a_date_of_its_own_comes_first() -> None:
    assert day("The investment agreement was signed on 7 May. The minister came on 8 May.") == ["2024-05-07"]


def test_nothing_is_dated_so_without_a_body_or_the_day_of_publishing() -> None:
    assert day("") == [None]
    assert day("The minister was in Lulea on 8 May 2024.", published=None) == [None]


def test_what_the_lead_tells_to_have_been_decided_was_decided_that_day() -> None:
    signed = "It signed the investment agreement for its cathode plant in Lulea."
    text = f"The minister came on 8 May. Nordcell is glad. {signed}"
    assert day(text, title="Nordcell in Lulea") == ["2024-05-08"]


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("agreed", "So is the town. It signed the investment agreement for its cathode plant in Lulea."),
        # What goes on has not begun that day.
        ("construction", "Its cathode plant in Lulea is under construction."),
    ],
)
def test_what_stands_further_down_or_goes_on_is_no_news_of_the_day(stage: str, told: str) -> None:
    text = f"The minister came on 8 May. Nordcell is glad. {told}"
    assert day(text, title="Nordcell in Lulea", stage=stage) == [None]
