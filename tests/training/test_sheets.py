"""Sheets hold together: what they ask for can be true, is varied, and is the same for the same seed."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from monitor.core.periods import Period
from training.sheets import tables
from training.sheets.brief import brief
from training.sheets.draw import draw
from training.sheets.model import CONDITIONS, LANGUAGES, STAGES, STATES, Claim, Role, Sheet, read_sheets, write_sheets
from training.sheets.stories import is_consistent, stories
from training.sheets.tally import tally

COUNT = 120


@pytest.fixture(scope="module")
def drawn() -> list[Sheet]:
    return [sheet for language in LANGUAGES for sheet in draw(language, COUNT, 5, "w01")]


def test_the_same_seed_gives_the_same_sheets() -> None:
    assert list(draw("fr", 6, 3, "w02")) == list(draw("fr", 6, 3, "w02"))


def test_another_writer_gets_other_sheets() -> None:
    assert next(draw("fr", 1, 3, "w02")).projects != next(draw("fr", 1, 3, "w03")).projects


def test_what_is_reached_is_not_ahead_and_what_is_expected_is_not_over(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        for _, claim in sheet.claims:
            if claim.date:
                period = Period.parse(claim.date)
                in_time = period.end > sheet.day if claim.state == "expected" else period.start <= sheet.day
                assert in_time, (sheet.id, claim)


def test_stages_follow_each_other_in_time(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        for project in sheet.projects:
            assert is_consistent(list(project.claims), sheet.day), (sheet.id, project.claims)


def test_no_project_is_expected_to_come_where_it_has_been() -> None:
    claims = [Claim("c1", "construction", "expected"), Claim("c2", "operating", "reached")]
    assert not is_consistent(claims, date(2025, 1, 1))


def test_no_stage_is_dated_before_the_one_it_needs() -> None:
    claims = [Claim("c1", "construction", "reached", "2024-05"), Claim("c2", "operating", "reached", "2023")]
    assert not is_consistent(claims, date(2025, 1, 1))


def test_a_plan_is_labelled_announced_only_where_nothing_further_is_told(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        for project in sheet.projects:
            stages = [claim.stage for claim in project.claims]
            assert "announced" not in stages or len(stages) == 1, sheet.id


def test_progress_is_told_only_of_works_under_way(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        for project in sheet.projects:
            keys = {(claim.stage, claim.state) for claim in project.claims}
            if any(fact.kind == "progress" for fact in project.facts):
                assert ("construction", "reached") in keys, sheet.id
                assert ("operating", "reached") not in keys, sheet.id


def test_projects_without_news_have_no_claims(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        for project in sheet.projects:
            assert bool(project.claims) == (project.role is Role.TOLD), sheet.id


def test_watched_projects_of_a_sheet_are_told_apart(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        keys = [(project.who, project.what, project.where) for project in sheet.projects]
        assert len(set(keys)) == len({project.id for project in sheet.projects}) == len(keys), sheet.id


def test_all_claims_are_covered_and_much_is_no_news(drawn: list[Sheet]) -> None:
    claims = Counter((claim.stage, claim.state) for sheet in drawn for _, claim in sheet.claims)
    assert not [(stage, state) for stage in STAGES + CONDITIONS for state in STATES if not claims[stage, state]]
    assert sum(not sheet.claims for sheet in drawn) >= len(drawn) / 4
    assert sum(len(sheet.projects) > 1 for sheet in drawn) >= len(drawn) / 3


def test_the_tables_are_rich_enough() -> None:
    assert len(tables.kinds()) >= 100
    assert len(tables.towns()) >= 300
    assert len(tables.weighted("traps.txt")) >= 40
    assert len(tables.lines("personas.txt")) >= 60
    assert len(stories()) >= 50


def test_every_claim_that_can_be_drawn_is_in_the_brief(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        text = brief(sheet)
        assert all(f"  {claim.code} {claim.stage}" in text for _, claim in sheet.claims)
        assert all(f"  {fact.code} {fact.kind}" in text for _, fact in sheet.facts)
        assert "{" not in text


def test_a_file_of_sheets_is_read_as_it_was_written(tmp_path: Path, drawn: list[Sheet]) -> None:
    path = tmp_path / "sheets.jsonl"
    write_sheets(path, drawn[:20])
    assert read_sheets(path) == drawn[:20]


def test_the_tally_counts_each_claim(drawn: list[Sheet]) -> None:
    assert f"{sum(len(sheet.claims) for sheet in drawn)} claims" in tally(drawn)
