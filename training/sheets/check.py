"""Checks what a writer wrote against its sheet, and makes labelled articles of what is right."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.core.periods import Period
from training.sheets.brief import CHARACTERS
from training.sheets.copies import Seen
from training.sheets.datewords import date_fault
from training.sheets.figures import figure_fault
from training.sheets.marks import Marked, MarkError, strip
from training.sheets.model import Claim, Project, Role, Sheet, date_code

#: How far an article may be from the length asked for.
SHORTEST, LONGEST = 0.55, 1.9
#: A mark of more characters than this holds more than the words that tell the claim.
LONGEST_MARK, LONGEST_MARK_ZH = 220, 90
PAIRS = (("«", "»"), ("“", "”"), ("「", "」"), ("『", "』"), ("(", ")"), ("（", "）"), ("《", "》"))
_HEAD = re.compile(r"^===\s*(\S+)\s*$")
_LEAK = re.compile(
    r"[⟦⟧]|\b[cdf]\d\||(?:^|\n)(?:TRAP|PROJECT|ABOUT|PAGE FURNITURE)\b|\b(?:superseded|unmarked)\b.{0,3}$"
)
_COMMON = {
    "en": {"the", "of", "and", "to", "in", "a", "is", "for", "that", "on"},
    "fr": {"le", "la", "les", "de", "des", "et", "du", "en", "un", "une"},
    "es": {"el", "la", "los", "de", "que", "y", "en", "un", "una", "del"},
}
_SCRIPTS = {"ar": re.compile(r"[\u0621-\u064a]"), "zh": re.compile(r"[\u4e00-\u9fff]")}


@dataclass(frozen=True, slots=True)
class Article:
    """What a writer returned, marks and all."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An article's faults; its labelled form where it has none."""

    id: str
    faults: tuple[str, ...]
    labelled: Mapping[str, Any] | None


def parse(text: str) -> Iterator[Article]:
    """The articles of a writer's file: blocks that begin ``=== id``, or lines of JSON.

    Raises:
        ValueError: the file is neither.
    """
    if text.lstrip().startswith("{"):
        for line in text.splitlines():
            if line.strip():
                raw = json.loads(line)
                yield Article(raw["id"], raw["title"], raw["text"])
        return
    key, block = "", list[str]()
    for line in [*text.splitlines(), "=== "]:
        head = _HEAD.match(line)
        if head or line == "=== ":
            if key:
                yield _article(key, block)
            key, block = (head[1] if head else ""), []
        elif key:
            block.append(line)
        elif line.strip() and not line.startswith("```"):
            raise ValueError(f"an article begins with a line '=== id', the file with: {line[:60]}")


def _article(key: str, block: list[str]) -> Article:
    rows = [line.rstrip() for line in block if not line.startswith("```")]
    title, _, body = "\n".join(rows).strip().partition("\n")
    return Article(key, title.strip(), body.strip())


def check(sheets: Iterable[Sheet], articles: Iterable[Article], seen: Seen | None = None) -> list[Outcome]:
    """One outcome for each sheet, in order. Of two articles with one id the later counts."""
    written = {article.id: article for article in articles}
    known = seen or Seen()
    outcomes = []
    for sheet in sheets:
        article = written.pop(sheet.id, None)
        outcomes.append(_outcome(sheet, article, known) if article else Outcome(sheet.id, ("is not written",), None))
    return outcomes + [Outcome(key, ("there is no such sheet",), None) for key in written]


def _outcome(sheet: Sheet, article: Article, seen: Seen) -> Outcome:
    try:
        marked = strip(f"{article.title}\n{article.text}")
    except MarkError as error:
        return Outcome(sheet.id, (str(error),), None)
    faults = (*_mark_faults(sheet, marked), *_text_faults(sheet, marked.text))
    copied = seen.copied(marked.text)
    if copied:
        faults += (f"copies whole runs of words of {copied}: write it in other words",)
    if faults:
        return Outcome(sheet.id, faults, None)
    seen.add(sheet.id, marked.text)
    return Outcome(sheet.id, (), labelled(sheet, marked))


def _mark_faults(sheet: Sheet, marked: Marked) -> Iterator[str]:
    wanted, found = sheet.codes(), set(marked.spans)
    yield from (f"{code} is not marked" for code in sorted(wanted - found))
    yield from (f"{code} is marked, but the sheet has no {code}" for code in sorted(found - wanted))
    for _, claim in sheet.claims:
        yield from _claim_faults(sheet.language, claim, marked)
    for _, fact in sheet.facts:
        for words in _words(marked, fact.code):
            fault = figure_fault(words, sheet.language, fact.kind, fact.value)
            if fault:
                yield f"{fact.code} {fault} than {fact.say}: {words}"


def _claim_faults(language: str, claim: Claim, marked: Marked) -> Iterator[str]:
    longest = LONGEST_MARK_ZH if language == "zh" else LONGEST_MARK
    # A mark of a date that the sheet does not have is told of where codes are compared.
    dates = _words(marked, date_code(claim)) if claim.date else []
    for words in _words(marked, claim.code):
        if len(words) > longest or "\n" in words:
            yield f"{claim.code} marks too much: mark only the words that tell it: {words[:40]}…"
        if words in dates:
            yield f"{claim.code} marks only its date: mark what happens: {words}"
    for words in dates:
        fault = date_fault(words, language, Period.parse(claim.date or ""))
        if fault:
            yield f"{date_code(claim)} {fault}, not {claim.date} ({claim.say}): {words}"


def _words(marked: Marked, code: str) -> list[str]:
    return [marked.text[start:end] for start, end in marked.spans.get(code, ())]


def _text_faults(sheet: Sheet, text: str) -> Iterator[str]:
    title, _, body = text.partition("\n")
    if not title or not body:
        yield "needs a title in its first line and a text below"
    if len(title) > 220:
        yield "its first line is no title, it is too long"
    size = len(re.sub(r"\s", "", body)) / CHARACTERS if sheet.language == "zh" else len(body.split())
    if not SHORTEST * sheet.words <= size <= LONGEST * sheet.words:
        yield f"has the length of {size:.0f} words, {sheet.words} were asked for"
    if not _is_in(sheet.language, text):
        yield f"does not look like {sheet.language}"
    leak = _LEAK.search(text)
    if leak:
        yield f"words of the brief or of a mark are left in it: {leak[0]!r}"
    yield from _unpaired(text)
    for project in sheet.projects:
        yield from _name_faults(project, text)


def _is_in(language: str, text: str) -> bool:
    script = _SCRIPTS.get(language)
    letters = sum(char.isalpha() for char in text) or 1
    if script:
        return len(script.findall(text)) / letters > 0.6
    words = re.findall(r"[^\W\d_]+", text.casefold())
    shares = {key: sum(word in common for word in words) for key, common in _COMMON.items()}
    return max(shares, key=lambda key: shares[key]) == language and shares[language] > len(words) * 0.08


def _unpaired(text: str) -> Iterator[str]:
    for left, right in PAIRS:
        numbered = re.findall(r"(?:^|\s)(?:\d+|[a-zA-Z])\)", text) if right == ")" else []
        if text.count(left) != text.count(right) - (len(numbered) if text.count(left) != text.count(right) else 0):
            yield f"has {text.count(left)} {left} and {text.count(right)} {right}"
    if text.count('"') % 2:
        yield 'has an odd number of "'


def _name_faults(project: Project, text: str) -> Iterator[str]:
    """A reader finds a project by its owner and its kind or place; without an owner by both of these."""
    if project.role is Role.ABSENT:
        return
    if project.who and not _named(project.who, text):
        yield f"does not name {project.title} by one of: {', '.join(project.who)}"
    elif not _named((*project.what, *project.where), text):
        yield f"names neither kind nor town of {project.title}"
    elif not project.who and not _named(project.where, text):
        yield f"does not name the town of {project.title}"


def _named(words: tuple[str, ...], text: str) -> bool:
    folded = _fold(text)
    return any(_fold(word) in folded for word in words)


def _fold(text: str) -> str:
    """Without case, Arabic vowel signs and variants of alif; quotes make no difference."""
    return re.sub(r"[\u064b-\u0652\u0640]", "", text.casefold()).translate(str.maketrans("أإآ’", "ااا'"))


def labelled(sheet: Sheet, marked: Marked) -> dict[str, Any]:
    """The article as training data. Spans are offsets into title, line break and text."""
    title, _, text = marked.text.partition("\n")
    told = [project for project in sheet.projects if project.role in {Role.TOLD, Role.QUIET}]
    claims = [
        {
            "project": project.id,
            "stage": claim.stage,
            "state": claim.state,
            "date": claim.date,
            "spans": _spans(marked, claim.code),
            "date_spans": _spans(marked, date_code(claim)),
        }
        for project, claim in sheet.claims
    ]
    facts = [
        {"project": project.id, "kind": fact.kind, "value": fact.value, "unit": fact.unit}
        | {"spans": _spans(marked, fact.code)}
        for project, fact in sheet.facts
    ]
    # What may be read out of it or not: that a project which is talked about was announced some day.
    optional = [
        {"project": project.id, "stage": "announced", "state": "reached"}
        for project in sheet.projects
        if project.role is Role.QUIET
    ]
    labels: dict[str, Any] = {"relevant": [project.id for project in told], "claims": claims, "facts": facts}
    if optional:
        labels["optional"] = optional
    return {
        "id": sheet.id,
        "writer": sheet.writer,
        "lang": sheet.language,
        "register": sheet.register,
        "published": sheet.published,
        "title": title,
        "text": text,
        "projects": [project.config() for project in sorted(sheet.projects, key=lambda project: project.id)],
        "labels": labels,
    }


def _spans(marked: Marked, code: str) -> list[list[int]]:
    return [list(span) for span in marked.spans.get(code, ())]
