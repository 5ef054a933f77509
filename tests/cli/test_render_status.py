"""The table of all projects: a line for each, on terminals of any width, whatever the script of the names."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from monitor.cli.render_projects import overview
from monitor.core.changes.changes import to_come
from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Project, State
from monitor.core.periods import Period
from monitor.core.state import ProjectState, Report
from tests.builders import NOW, make_article, make_claim, make_project

LATE = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"))
OFFICIAL = 1.0
PROJECTS = (
    make_project(id="chinese", name={"": "贝特瑞正极材料工厂（丹吉尔科技城）"}),
    make_project(id="unknown", name={"": "Nobody has heard of it"}),
    make_project(id="arabic", name={"": "مصنع الكاثود بي تي آر في طنجة تيك"}),
    make_project(id="long-and-late-one", name={"": "A battery materials complex with a name without end"}),
)


def state(project: Project, *claims: Claim, trust: float = 0.5) -> ProjectState:
    source = make_article(day=-400, trust=trust).source
    return fold(project.id, [Report(source=source, claims=claims)] if claims else [], INDUSTRIAL)


STATES = (
    state(PROJECTS[0], make_claim(stage="construction"), trust=OFFICIAL),
    state(PROJECTS[1]),
    state(PROJECTS[2], make_claim(), make_claim(stage="delayed", date=None)),
    state(PROJECTS[3], make_claim(stage="announced"), LATE),
)


def lines(width: int) -> list[str]:
    console = Console(width=width, color_system=None, force_terminal=False)
    inferred = {
        each.project: [
            change for change in to_come(each, INDUSTRIAL, quiet_after=NOW - NOW.replace(year=2025)) if change.at <= NOW
        ]
        for each in STATES
    }
    with console.capture() as capture:
        console.print(overview(PROJECTS, STATES, {"industrial": INDUSTRIAL}, inferred, now=NOW), crop=False)
    return capture.get().splitlines()


def rows(width: int) -> dict[str, str]:
    """The lines by the id at their beginning."""
    return {line.split()[0]: line for line in lines(width) if line.split()[:1] and line.split()[0].isascii()}


def words(width: int, id_: str) -> str:
    """The line of a project without the gaps between its columns."""
    return " ".join(rows(width)[id_].split())


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_every_project_has_one_line_that_fits(width: int) -> None:
    shown = lines(width)

    assert max(map(cell_len, shown)) <= width
    for project in PROJECTS:
        assert sum(project.id in line for line in shown) == 1


def test_eighty_columns_have_room_for_all_but_the_name() -> None:
    assert words(80, "long-and-late-one") == "long-and-late-one ■□□□□□□ announced ○ 2024-03 operating 2026-09 55d 13mo"
    assert words(80, "chinese") == "chinese ◧◧◧■□□□ construction ✔ 2024-03 – – 13mo"


def test_a_narrow_terminal_keeps_status_next_and_lateness() -> None:
    assert words(60, "long-and-late-one") == "long-and-late-one announced ○ operating 2026-09 55d"
    assert words(40, "long-and-late-one") == "long-and-late-one announced ○ 55d"


def test_a_wide_terminal_shows_the_names_in_their_own_script() -> None:
    shown = rows(160)

    assert "贝特瑞正极材料工厂（丹吉尔科技城）" in shown["chinese"]
    assert "مصنع الكاثود بي تي آر في طنجة تيك" in shown["arabic"]
    assert "贝特瑞正极材料工厂" in rows(120)["chinese"]


def test_columns_stand_under_each_other_whatever_the_script() -> None:
    at = {id_: cell_len(row[: row.index("2024-03")]) for id_, row in rows(120).items() if "2024-03" in row}

    assert len(at) == 3
    assert len(set(at.values())) == 1


def test_what_is_late_comes_first_and_what_is_unknown_last_else_the_operators_order_holds() -> None:
    order = [id_ for id_ in rows(80) if id_ in {project.id for project in PROJECTS}]

    assert order == ["long-and-late-one", "chinese", "arabic", "unknown"]
    assert "nothing known" in rows(80)["unknown"]


def test_a_delay_of_which_nobody_says_how_long_is_marked_and_the_marks_are_explained() -> None:
    assert rows(80)["arabic"].split()[-2:] == ["?", "13mo"]
    assert "✔ confirmed  ○ reported  ? delayed, by how much is not known" in lines(80)
    assert "Late: 9d overdue, +9d later and -9d earlier than first expected" in lines(80)
    assert "In full, with proof: monitor status PROJECT" in lines(80)


@pytest.mark.parametrize(
    ("dates", "late"), [(("2027-03-01", "2027-03-31"), "+30d"), (("2027-03-31", "2027-03-01"), "-30d")]
)
def test_a_date_that_moved_has_a_sign_so_that_nobody_takes_it_for_overdue(dates: tuple[str, str], late: str) -> None:
    told = [
        Report(
            source=make_article(f"a{number}", day=number - 9).source,
            claims=(make_claim(stage="operating", state=State.EXPECTED, date=Period.parse(each)),),
        )
        for number, each in enumerate(dates)
    ]
    known = fold("plant", told, INDUSTRIAL)
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(overview([make_project()], [known], {"industrial": INDUSTRIAL}, now=NOW))

    assert late in capture.get().split()


@pytest.mark.parametrize(
    ("days", "text"), [(0, "today"), (-1, "1d"), (-59, "59d"), (-60, "2mo"), (-700, "23mo"), (-800, "2y")]
)
def test_the_last_news_is_told_by_its_age(days: int, text: str) -> None:
    report = Report(source=make_article(day=days).source, claims=(make_claim(),))
    console = Console(width=80, color_system=None)
    table = overview([make_project()], [fold("plant", [report], INDUSTRIAL)], {"industrial": INDUSTRIAL}, now=NOW)

    with console.capture() as capture:
        console.print(table)

    assert capture.get().splitlines()[2].split()[-1] == text


def test_a_disputed_status_is_marked() -> None:
    disputed = replace(STATES[0], disputed=("construction",))
    console = Console(width=100, color_system=None)

    with console.capture() as capture:
        console.print(overview([PROJECTS[0]], [disputed], {"industrial": INDUSTRIAL}, now=NOW))

    assert "construction  !" in capture.get()
    assert "! disputed" in capture.get()
