"""Sheets as a writer reads them: compact, one line for each thing to tell."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from training.sheets.dates import DAYS
from training.sheets.model import Claim, Fact, Project, Role, Sheet, date_code

GUIDE = Path(__file__).parent / "WRITERS.md"
NAMES = {"ar": "Arabic", "en": "English", "es": "Spanish", "fr": "French", "zh": "Chinese (simplified)"}
#: A Chinese text has about so many characters for a word of the others.
CHARACTERS = 1.7
_STATES = {"reached": "reached", "expected": "EXPECTED", "denied": "DENIED"}
_ROLES = {
    Role.QUIET: "the article is about it, but says nothing of how far it is: no stage, no date, no figure of it",
    Role.PASSING: "only named in passing, in one clause; nothing is told of it",
}


def guide() -> str:
    """The general rules for writers: the part of WRITERS.md between its two lines."""
    text = GUIDE.read_text(encoding="utf-8")
    match = re.search(r"<!-- prompt -->\n(.*?)<!-- end -->", text, re.DOTALL)
    if match is None:
        raise ValueError(f"{GUIDE}: the lines <!-- prompt --> and <!-- end --> are missing")
    return match[1].strip()


def briefs(sheets: Iterable[Sheet], avoid: Sequence[str] = ()) -> str:
    """The rules, worn phrases to avoid, and the sheets."""
    parts = [guide()]
    if avoid:
        parts.append("WORN PHRASES. Do not use these, nor slight variants of them: " + " · ".join(avoid))
    parts += [brief(sheet) for sheet in sheets]
    return "\n\n".join(parts) + "\n"


def brief(sheet: Sheet) -> str:
    """One sheet."""
    day = date.fromisoformat(sheet.published)
    lines = [
        f"=== {sheet.id}",
        f"{NAMES[sheet.language]} · {length(sheet)} · {sheet.register}: {sheet.manner}",
        f"appears {DAYS[day.weekday()]} {sheet.published} · setting {sheet.country} · writer: {sheet.persona}",
    ]
    if sheet.theme:
        lines.append(f"ABOUT: {sheet.theme}")
    for project in sheet.projects:
        lines += _project(project)
    lines += [f"TRAP (unmarked): {trap.instruction}" for trap in sheet.traps]
    if sheet.furniture:
        lines.append("PAGE FURNITURE: " + "; ".join(sheet.furniture))
    return "\n".join(lines)


def length(sheet: Sheet) -> str:
    if sheet.language == "zh":
        return f"about {round(sheet.words * CHARACTERS, -1):.0f} characters"
    return f"about {sheet.words} words"


def _project(project: Project) -> list[str]:
    if project.role is Role.ABSENT:
        return []
    head = f"PROJECT {project.title} · {project.names}"
    if project.role is not Role.TOLD:
        return [f"{head} -- {_ROLES[project.role]}"]
    return [f"{head} -- {project.gist}", *map(_claim, project.claims), *map(_fact, project.facts)]


def _claim(claim: Claim) -> str:
    when = f"; {date_code(claim)}: {claim.say} (= {claim.date})" if claim.date else "; no date"
    extra = "".join(f"; {text}" for text in (claim.note, claim.manner) if text)
    return f"  {claim.code} {claim.stage} {_STATES[claim.state]}{when}{extra}"


def _fact(fact: Fact) -> str:
    note = f"; {fact.note}" if fact.note else ""
    return f"  {fact.code} {fact.kind}: {fact.say}{note}"
