"""What a fact sheet holds, and how it is kept as a line of JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

STAGES = ("announced", "agreed", "approved", "construction", "completed", "commissioning", "operating")
CONDITIONS = ("delayed", "suspended", "resumed", "cancelled", "closed")
STATES = ("reached", "expected", "denied")
LANGUAGES = ("ar", "en", "es", "fr", "zh")


class Role(StrEnum):
    """What a watched project is in the article."""

    #: Its news is told: relevant, with claims.
    TOLD = "told"
    #: The article is about it, but tells nothing that counts: relevant, without claims.
    QUIET = "quiet"
    #: It is named in passing: not relevant.
    PASSING = "passing"
    #: It is watched, but the article does not name it.
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Claim:
    """One stage or condition that the article has to tell of a project."""

    code: str
    stage: str
    state: str
    #: As in the labels: ``2026-Q3``; None where the article gives no date for it.
    date: str | None = None
    #: How the writer says the date: "last month", "the third quarter of 2026".
    say: str = ""
    #: How the writer tells the claim.
    manner: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One quantity that the article has to tell of a project."""

    code: str
    kind: str
    value: float
    unit: str
    #: The amount as a person says it: "3.6 billion MAD".
    say: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """One watched project: its entry of ``projects.yaml``, and what the article tells of it."""

    id: str
    name: str
    who: tuple[str, ...]
    what: tuple[str, ...]
    where: tuple[str, ...]
    role: Role
    #: The names that the writer uses, in the article's language.
    title: str
    names: str
    gist: str = ""
    claims: tuple[Claim, ...] = ()
    facts: tuple[Fact, ...] = ()

    def config(self) -> dict[str, Any]:
        """The project's entry of ``projects.yaml``; what is empty is left out."""
        lists = {"who": list(self.who), "what": list(self.what), "where": list(self.where)}
        return {"id": self.id, "name": self.name} | {key: words for key, words in lists.items() if words}


@dataclass(frozen=True, slots=True)
class Trap:
    """Something the article says that a careless reader takes for news of a watched project."""

    id: str
    instruction: str
    never: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a writer needs for one article, and all that its labels are."""

    id: str
    writer: str
    language: str
    country: str
    register: str
    manner: str
    persona: str
    words: int
    published: str
    projects: tuple[Project, ...]
    theme: str = ""
    traps: tuple[Trap, ...] = ()
    furniture: tuple[str, ...] = field(default=())

    @property
    def day(self) -> date:
        return date.fromisoformat(self.published)

    @property
    def claims(self) -> tuple[tuple[Project, Claim], ...]:
        return tuple((project, claim) for project in self.projects for claim in project.claims)

    @property
    def facts(self) -> tuple[tuple[Project, Fact], ...]:
        return tuple((project, fact) for project in self.projects for fact in project.facts)

    def codes(self) -> set[str]:
        """The marks that the article must bear: a claim, its date, a fact."""
        claims = {claim.code for _, claim in self.claims}
        dates = {date_code(claim) for _, claim in self.claims if claim.date}
        return claims | dates | {fact.code for _, fact in self.facts}


def date_code(claim: Claim) -> str:
    """The mark of a claim's date: ``d3`` for ``c3``."""
    return "d" + claim.code.removeprefix("c")


def to_line(sheet: Sheet) -> str:
    return json.dumps(asdict(sheet), ensure_ascii=False)


def from_dict(raw: dict[str, Any]) -> Sheet:
    projects = tuple(
        Project(
            **{
                **project,
                "who": tuple(project["who"]),
                "what": tuple(project["what"]),
                "where": tuple(project["where"]),
                "role": Role(project["role"]),
                "claims": tuple(Claim(**claim) for claim in project["claims"]),
                "facts": tuple(Fact(**fact) for fact in project["facts"]),
            }
        )
        for project in raw["projects"]
    )
    traps = tuple(Trap(**trap) for trap in raw["traps"])
    return Sheet(**{**raw, "projects": projects, "traps": traps, "furniture": tuple(raw["furniture"])})


def write_sheets(path: Path, sheets: Iterable[Sheet]) -> None:
    path.write_text("".join(to_line(sheet) + "\n" for sheet in sheets), encoding="utf-8")


def read_sheets(path: Path) -> list[Sheet]:
    return [from_dict(raw) for raw in read_lines(path)]


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file.

    Raises:
        ValueError: a line is not JSON; the message names file and line.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}:{number}: not a line of JSON: {error}") from error
