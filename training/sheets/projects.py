"""Watched projects: a kind in a town, owned by somebody, with the line that an operator writes for it."""

import random
import re
import unicodedata
from dataclasses import dataclass

from training.sheets.chance import chance
from training.sheets.model import Claim, Fact, Project, Role
from training.sheets.names import FOREIGN, Company, company
from training.sheets.tables import Country, Kind, Town, towns

PUBLIC = frozenset({"line", "building", "water", "port"})
PHASES = {
    "en": ("phase {n}", "{ord} phase"),
    "fr": ("phase {n}", "{ord} phase", "{ord} tranche"),
    "es": ("fase {n}", "{ord} fase"),
    "ar": ("المرحلة {ord}",),
    "zh": ("{ord}期",),
}
ORDINALS = {
    "en": ("first", "second"),
    "fr": ("première", "deuxième"),
    "es": ("primera", "segunda"),
    "ar": ("الأولى", "الثانية"),
    "zh": ("一", "二"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """A project before anything is told of it."""

    kind: Kind
    town: Town
    owner: Company | None
    parent: Company | None = None
    #: 1 or 2 where its owner builds it in phases that are watched apart.
    phase: int = 0

    @property
    def country(self) -> Country:
        return self.town.country

    @property
    def key(self) -> str:
        owner = f"{self.owner.key}-" if self.owner else f"{self.kind.id}-"
        kind = f"-{self.kind.id}" if self.owner else ""
        phase = f"-{self.phase}" if self.phase else ""
        return slug(f"{owner}{self.town.names['en']}{kind}{phase}")

    def title(self, language: str) -> str:
        """What the project is called in a sentence of the brief."""
        kind, town = self.kind.words[language][0], self.town.names[language]
        phase = f", {phase_words(language, self.phase)[0]}" if self.phase else ""
        return f"{kind}{phase}, {town}"

    def names(self, language: str) -> str:
        """The owner's names, for the writer."""
        if self.owner is None:
            return "no named owner: call it by kind and town"
        names = " / ".join(dict.fromkeys((self.owner.long[language], self.owner.short[language])))
        if self.owner.short["en"] != self.owner.short[language]:
            names += f" ({self.owner.short['en']})"
        if self.parent:
            names += f"; parent {self.parent.short[language]}"
        return names


def phase_words(language: str, phase: int) -> tuple[str, ...]:
    """What a phase is called: "phase 2", "second phase"."""
    ordinal = ORDINALS[language][phase - 1]
    return tuple(pattern.format(n=phase, ord=ordinal) for pattern in PHASES[language])


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def draw_town(rng: random.Random, language: str) -> Town:
    """A town; in two cases of three of a country whose press writes in the language."""
    at_home = [town for town in towns() if language in town.country.languages]
    return rng.choice(at_home if chance(rng, 66) else towns())


def draw_other_town(rng: random.Random, town: Town, *, same_country: int) -> Town:
    """Another town, of the same country in so many cases of a hundred, if it has one."""
    others = [other for other in towns() if other.names["en"] != town.names["en"]]
    near = [other for other in others if other.country == town.country]
    return rng.choice(near if near and chance(rng, same_country) else others)


def draw_owner(rng: random.Random, kind: Kind, country: Country) -> tuple[Company | None, Company | None]:
    """Owner and its parent; public works often have no owner that anybody names."""
    if kind.group in PUBLIC and chance(rng, 50):
        return None, None
    culture = country.culture if chance(rng, 60) else rng.choice(FOREIGN)
    owner = company(rng, culture, kind.group)
    parent = company(rng, rng.choice((*FOREIGN, country.culture)), kind.group) if chance(rng, 14) else None
    return owner, parent


def describe(rng: random.Random, site: Site, language: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The lists ``who``, ``what`` and ``where`` as an operator writes them: sometimes full, sometimes spare."""
    others = [other for other in ("en", "fr", "es", "ar", "zh") if other != language and chance(rng, 35)]
    who = list(site.owner.variants(language)) if site.owner else []
    if site.parent:
        who += site.parent.variants(language)[:2]
    what = list(site.kind.words[language])
    where = [site.town.names[language], site.town.names["en"]]
    for other in others:
        what += site.kind.words[other]
        where.append(site.town.names[other])
        who += site.owner.variants(other) if site.owner and other in {"ar", "zh"} else ()
    if site.phase:
        what = [word for spoken in (language, *others) for word in phase_words(spoken, site.phase)]
    if chance(rng, 50):
        where += [site.country.names[language], site.country.names["en"]]
    if chance(rng, 35) and language not in {"ar", "zh"}:
        where.append(site.town.region)
    if who and not site.phase and chance(rng, 8):
        what = []
    return tuple(dict.fromkeys(who)), tuple(dict.fromkeys(what)), tuple(dict.fromkeys(where))


@dataclass(frozen=True, slots=True)
class News:
    """What is told of a project, and in what story."""

    gist: str = ""
    claims: tuple[Claim, ...] = ()
    facts: tuple[Fact, ...] = ()


NO_NEWS = News()


def watched(rng: random.Random, site: Site, language: str, role: Role, news: News) -> Project:
    """The project as the sheet holds it."""
    who, what, where = describe(rng, site, language)
    owner = f"{site.owner.short['en']}: " if site.owner else ""
    return Project(
        id=site.key,
        name=f"{owner}{site.title('en')}",
        who=who,
        what=what,
        where=where,
        role=role,
        title=site.title(language),
        names=site.names(language),
        gist=news.gist,
        claims=news.claims,
        facts=news.facts,
    )
