"""The checker turns a right article into labels, and says what is wrong with any other."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.core.periods import Period
from training.sheets.__main__ import main
from training.sheets.agreement import agreement, blind
from training.sheets.check import Article, check, parse
from training.sheets.copies import Seen
from training.sheets.datewords import date_fault
from training.sheets.figures import figure_fault
from training.sheets.marks import MarkError, strip
from training.sheets.model import Claim, Fact, Project, Role, Sheet, write_sheets
from training.sheets.worn import worn

PROJECT = Project(
    id="norvex-safi",
    name="Norvex: cement works, Safi",
    who=("Norvex Materials", "Norvex"),
    what=("cement works", "cement"),
    where=("Safi", "Morocco"),
    role=Role.TOLD,
    title="cement works, Safi",
    names="Norvex",
    claims=(
        Claim("c1", "suspended", "reached", "2025-03", "last month"),
        Claim("c2", "construction", "reached"),
    ),
    facts=(Fact("f1", "investment", 3.6e9, "MAD", "3.6 billion MAD"),),
)
SHEET = Sheet(
    id="w01-en-1-01",
    writer="w01",
    language="en",
    country="Morocco",
    register="agency",
    manner="",
    persona="",
    words=40,
    published="2025-04-10",
    projects=(PROJECT,),
)
TITLE = "Silence at the Norvex site"
TEXT = (
    "The cranes above the cement works at Safi do not turn. ⟦c2|The walls stand⟧ as high as a man, and then "
    "⟦c1|everybody was sent home ⟦d1|in March⟧⟧, a foreman of the firm said. It costs ⟦f1|3.6 billion dirhams⟧ in all."
)


def faults(title: str = TITLE, text: str = TEXT, sheet: Sheet = SHEET) -> str:
    return "; ".join(check([sheet], [Article(sheet.id, title, text)])[0].faults)


@pytest.mark.parametrize("text", ["a ⟦c1|b", "a⟧ b", "⟦x1|a⟧", "⟦c1|  ⟧", "⟦a⟧"])
def test_a_mark_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(MarkError):
        strip(text)


def test_a_right_article_becomes_labels_with_offsets() -> None:
    labelled = check([SHEET], [Article(SHEET.id, TITLE, TEXT)])[0].labelled
    assert labelled is not None
    whole = f"{labelled['title']}\n{labelled['text']}"
    claim = labelled["labels"]["claims"][0]
    assert [whole[start:end] for start, end in claim["spans"]] == ["everybody was sent home in March"]
    assert [whole[start:end] for start, end in claim["date_spans"]] == ["in March"]
    assert labelled["labels"]["relevant"] == ["norvex-safi"]
    assert labelled["labels"]["facts"][0]["value"] == 3.6e9
    assert labelled["projects"] == [PROJECT.config()]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("⟦d1|in March⟧", "in March", "d1 is not marked"),
        ("The walls stand", "⟦c3|The walls stand⟧", "the sheet has no c3"),
        ("in March", "in May", "names another month"),
        ("in March", "in March 2024", "says 2024"),
        ("3.6 billion", "4.6 billion", "another figure"),
        ("3.6 billion", "3.6 million", "another order of magnitude"),
        ("everybody was sent home ⟦d1|in March⟧", "⟦d1|in March⟧", "marks only its date"),
        ("The walls stand", "The walls\nstand", "marks too much"),
        ("said.", 'said: "no.', 'odd number of "'),
        ("said.", "said (no.", "has 1 ( and 0 )"),
        ("said.", "said c1| so.", "are left in it"),
        ("at Safi", "by the sea", "does not name"),
        (" in all.", " in all." + " And the wind blew over the sand." * 12, "has the length"),
    ],
)
def test_a_slip_is_refused_and_named(old: str, new: str, fault: str) -> None:
    sheet = SHEET if "Safi" not in old else replace(SHEET, projects=(replace(PROJECT, who=(), claims=PROJECT.claims),))
    assert old in TEXT
    assert fault in faults(text=TEXT.replace(old, new), sheet=sheet)


def test_an_article_that_does_not_name_the_owner_is_refused() -> None:
    assert "does not name" in faults(title="Silence at the site")


def test_another_language_is_refused() -> None:
    assert "does not look like es" in faults(sheet=replace(SHEET, language="es"))


def test_a_near_copy_is_refused() -> None:
    seen = Seen()
    other = replace(SHEET, id="w01-en-1-02")
    outcomes = check([SHEET, other], [Article(SHEET.id, TITLE, TEXT), Article(other.id, TITLE, TEXT)], seen)
    assert not outcomes[0].faults
    assert "copies whole runs of words of w01-en-1-01" in outcomes[1].faults[0]


def test_what_is_missing_or_unknown_is_said() -> None:
    outcomes = check([SHEET], [Article("w09-en-1-01", TITLE, TEXT)])
    assert [(outcome.id, outcome.faults) for outcome in outcomes] == [
        ("w01-en-1-01", ("is not written",)),
        ("w09-en-1-01", ("there is no such sheet",)),
    ]


def test_articles_are_read_from_blocks_and_from_json() -> None:
    blocks = "```\n=== a-1\nTitle\n\nOne.\nTwo.\n=== a-2\nOther\nThree.\n```"
    assert list(parse(blocks)) == [Article("a-1", "Title", "One.\nTwo."), Article("a-2", "Other", "Three.")]
    line = json.dumps({"id": "a-1", "title": "Title", "text": "One."})
    assert list(parse(line)) == [Article("a-1", "Title", "One.")]
    with pytest.raises(ValueError, match="an article begins"):
        list(parse("Here are the articles:"))


@pytest.mark.parametrize(
    ("words", "language", "value"),
    [
        ("3,6 milliards de dirhams", "fr", 3.6e9),
        ("3 600 millions de dirhams", "fr", 3.6e9),
        ("1.200 millones de euros", "es", 1.2e9),
        ("4 mil millones", "es", 4e9),
        ("nine hundred million", "en", 9e8),
    ],
)
def test_an_amount_is_known_however_it_is_written(words: str, language: str, value: float) -> None:
    assert figure_fault(words, language, "investment", value) is None
    assert figure_fault(words.replace("nine hundred", "9"), language, "investment", value * 10)


@pytest.mark.parametrize(
    ("words", "language", "period", "fault"),
    [
        ("le 15 juin", "fr", "2025-06-14", "names another day"),
        ("mardi", "fr", "2025-06-14", "names another day of the week"),
        ("في ربيع 2024", "ar", "2024-Q2", None),
        ("6月24日", "zh", "2022-06-24", None),
        ("7月", "zh", "2022-06", "names another month"),
        ("in March 2026", "en", "2026", "is finer than the sheet"),
    ],
)
def test_a_date_that_means_something_else_is_seen(words: str, language: str, period: str, fault: str | None) -> None:
    assert date_fault(words, language, Period.parse(period)) == fault


def test_a_second_reader_agrees_or_not_by_claims() -> None:
    labelled = check([SHEET], [Article(SHEET.id, TITLE, TEXT)])[0].labelled
    assert labelled is not None
    assert "labels" not in json.loads(blind(labelled))
    told = [("suspended", "reached"), ("announced", "reached"), ("closed", "reached")]
    claims = [{"project": "norvex-safi", "stage": stage, "state": state} for stage, state in told]
    found = agreement([labelled], [{"id": SHEET.id, "claims": claims}, {"id": "another", "claims": []}])
    assert [key[2] for key in found.both] == ["suspended"]
    assert [key[2] for key in found.only_sheet] == ["construction"]
    assert [key[2] for key in found.only_reader] == ["closed"]
    assert found.f1 == 0.5


def test_a_phrase_that_many_use_is_worn() -> None:
    labelled = check([SHEET], [Article(SHEET.id, TITLE, TEXT)])[0].labelled
    assert labelled is not None
    # The phrase goes two words beyond the mark.
    assert ("sent home in march a", 4) in worn([labelled] * 4)["en"]
    assert worn([labelled] * 3)["en"] == []


def test_the_commands_lead_from_a_draw_to_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = tmp_path / "drawn.jsonl"
    assert (
        main(["draw", "--language", "en", "--count", "3", "--seed", "1", "--writer", "w01", "--out", str(drawn)]) == 0
    )
    assert main(["brief", str(drawn), "--count", "2"]) == 0
    assert capsys.readouterr().out.count("=== w01-en-1-") == 2

    sheets, articles, out = tmp_path / "sheets.jsonl", tmp_path / "articles.txt", tmp_path / "labelled.jsonl"
    write_sheets(sheets, [SHEET])
    articles.write_text(f"=== {SHEET.id}\n{TITLE}\n{TEXT.replace('⟦c2|', '').replace('stand⟧', 'stand')}\n")
    assert main(["check", str(sheets), str(articles), "--out", str(out)]) == 1
    assert "w01-en-1-01: c2 is not marked" in capsys.readouterr().out
    repaired = tmp_path / "repaired.txt"
    repaired.write_text(f"=== {SHEET.id}\n{TITLE}\n{TEXT}\n")
    assert main(["check", str(sheets), str(articles), str(repaired), "--out", str(out)]) == 0
    assert json.loads(out.read_text())["id"] == SHEET.id
    assert main(["check", str(sheets), str(tmp_path / "no.txt")]) == 2
