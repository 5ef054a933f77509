"""Traps: what an article says beside its news, and a careless reader takes for it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from training.sheets.chance import chance
from training.sheets.model import Claim, Trap
from training.sheets.names import FOREIGN, company
from training.sheets.projects import Site, draw_other_town
from training.sheets.tables import Row, alike, rows

#: Where a project has any of these claims, it runs, is being built, or is not begun; unless it has any of the others.
_PHASES: Mapping[str, tuple[set[str], set[str]]] = {
    "late": ({"delayed reached"}, set()),
    "running": ({"operating reached", "closed expected", "closed denied"}, {"suspended reached", "closed reached"}),
    "started": (
        {"construction reached", "completed expected", "commissioning reached"},
        {"suspended reached", "operating reached", "cancelled reached", "delayed reached", "closed reached"},
    ),
    "advanced": (
        {"completed expected", "completed denied", "commissioning reached", "commissioning expected"},
        {"suspended reached", "completed reached", "operating reached"},
    ),
    "unbuilt": (
        {"announced reached", "agreed reached", "approved reached", "approved expected", "construction expected"},
        {"construction reached", "operating reached", "completed reached", "cancelled reached", "suspended reached"},
    ),
}
#: Traps on how the project stands; they are not laid where they would contradict a claim of the sheet.
_OWN = frozenset({"on-schedule", "milestone-60", "subcontractor", "site-prep", "hearing", "tender", "phase-two"})

ENDINGS = ("given up", "shut for good", "stopped half-built")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What traps are laid around: the main project, the claims and the towns of the sheet."""

    site: Site
    claims: tuple[Claim, ...]
    towns: frozenset[str]
    language: str
    year: int

    def fits(self, row: Row) -> bool:
        """Whether the trap has what it needs here, and contradicts nothing that is told."""
        need, _, never = row.cells
        stages = {claim.stage for claim in self.claims}
        contradicts = row.id in _OWN and stages & {*never.replace(",", "").split(), "delayed"}
        return set(need.split()) <= self._has() and not contradicts

    def _has(self) -> set[str]:
        keys = {f"{claim.stage} {claim.state}" for claim in self.claims}
        phases = {phase for phase, (any_of, none_of) in _PHASES.items() if keys & any_of and not keys & none_of}
        return phases | ({"company"} if self.site.owner else set()) | ({"told"} if keys else set())

    def lay(self, rng: random.Random, row: Row) -> Trap:
        """The trap with its names and events filled in."""
        _, instruction, never = row.cells
        return Trap(row.id, instruction.format_map(self.fillings(rng)), never)

    def fillings(self, rng: random.Random) -> Mapping[str, str]:
        """Names and events: another town, another kind, a rival."""
        culture = self.site.country.culture if chance(rng, 50) else rng.choice(FOREIGN)
        rival = company(rng, culture, self.site.kind.group)
        owner = self.site.owner.short[self.language] if self.site.owner else self.site.title(self.language)
        town = draw_other_town(rng, self.site.town, same_country=60)
        while town.names["en"] in self.towns:
            town = draw_other_town(rng, self.site.town, same_country=0)
        return {
            "owner": owner,
            "short": owner,
            "name": self.site.title(self.language),
            "other_kind": rng.choice(alike(self.site.kind)).words[self.language][0],
            "other_town": town.names[self.language],
            "rival": rival.short[self.language],
            "event": self._event(rng),
            "ending": f"{rng.choice(ENDINGS)} in {self.year - rng.randint(7, 25)}",
        }

    def _event(self, rng: random.Random) -> str:
        """An event of another stage than those told of the project."""
        told = {claim.stage for claim in self.claims}
        events = [text for stage, text in rows("events.txt") if stage not in told]
        year = self.year
        past = rng.choice(
            (f"{year - rng.randint(1, 6)}", "last month", "last week", f"the spring of {year - 1}", "this week")
        )
        later = rng.choice((f"{year + rng.randint(1, 4)}", "next year", f"the end of {year + 1}"))
        return rng.choice(events).format(when=past, later=later)
