"""Sheets hold together: what they ask for can be true, is varied, and is the same for the same seed."""

from datetime import date

import pytest

from monitor.core.periods import Period
from training.sheets.brief import brief
from training.sheets.draw import draw
from training.sheets.model import LANGUAGES, Claim, Sheet
from training.sheets.stories import is_consistent

COUNT = 120


@pytest.fixture(scope="module")
def drawn() -> list[Sheet]:
    return [sheet for language in LANGUAGES for sheet in draw(language, COUNT, 5, "w01")]


def test_what_is_reached_is_not_ahead_and_what_is_expected_is_not_over(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        for _, claim in sheet.claims:
            if claim.date:
                period = Period.parse(claim.date)
                in_time = period.end > sheet.day if claim.state == "expected" else period.start <= sheet.day
                assert in_time, (sheet.id, claim)


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


def test_every_claim_that_can_be_drawn_is_in_the_brief(drawn: list[Sheet]) -> None:
    for sheet in drawn:
        text = brief(sheet)
        assert all(f"  {claim.code} {claim.stage}" in text for _, claim in sheet.claims)
        assert all(f"  {fact.code} {fact.kind}" in text for _, fact in sheet.facts)
        assert "{" not in text
