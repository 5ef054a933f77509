"""Draws fact sheets. The same seed, writer and language give the same sheets."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from training.sheets import tables
from training.sheets.chance import Deck, chance, pick
from training.sheets.facts import draw_facts
from training.sheets.model import STAGES, Claim, Fact, Project, Role, Sheet, Trap
from training.sheets.names import company
from training.sheets.projects import NO_NEWS, News, Site, draw_other_town, draw_owner, draw_town, watched
from training.sheets.stories import Story, stories, unfold
from training.sheets.tables import Kind, Row, alike, kinds
from training.sheets.traps import Surroundings

FIRST, LAST = date(2019, 1, 15), date(2027, 11, 30)
#: How many personas one writer is given: different writers have different ones.
PERSONAS = 8
#: The writer of every other sheet.
ORDINARY = "an ordinary professional of this register"
#: What a sheet is about, by weight. The first five have several projects with news.
SHAPES = (
    ("siblings", 9),
    ("phases", 5),
    ("rivals", 6),
    ("one town", 5),
    ("roundup", 6),
    ("one", 42),
    ("no news", 25),
    ("nothing watched", 2),
)


@dataclass(frozen=True, slots=True)
class Decks:
    """What is dealt from sheet to sheet, so that a draw repeats little."""

    kinds: Deck[Kind]
    stories: Deck[Story]
    negatives: Deck[tuple[str, ...]]
    traps: Deck[Row]
    registers: Deck[Row]
    personas: Deck[str]
    furniture: Deck[str]
    shapes: Deck[str]

    @classmethod
    def shuffled(cls, rng: random.Random, language: str, writer: str) -> "Decks":
        suited = [persona for languages, persona in tables.rows("personas.txt") if language in languages.split()]
        personas = random.Random(f"{writer}/{language}").sample(suited, PERSONAS)
        return cls(
            kinds=Deck(rng, ((kind, 1) for kind in kinds())),
            stories=Deck(rng, ((story, story.weight) for story in stories())),
            negatives=Deck(rng, ((row, 1) for row in tables.rows("negatives.txt"))),
            traps=Deck(rng, ((row, row.weight) for row in tables.weighted("traps.txt"))),
            registers=Deck(rng, ((row, row.weight) for row in tables.weighted("registers.txt"))),
            personas=Deck(rng, [*((persona, 1) for persona in personas), (ORDINARY, PERSONAS)]),
            furniture=Deck(rng, ((line, 1) for line in tables.lines("furniture.txt"))),
            shapes=Deck(rng, SHAPES),
        )


def draw(language: str, count: int, seed: int, writer: str) -> Iterator[Sheet]:
    """So many sheets for a writer."""
    rng = random.Random(f"{seed}/{writer}/{language}")
    decks = Decks.shuffled(rng, language, writer)
    for number in range(1, count + 1):
        yield _Drawing(rng, decks, language, writer).sheet(f"{writer}-{language}-{seed}-{number:02d}")


class _Drawing:
    """One sheet on its way: numbers its claims and facts through."""

    def __init__(self, rng: random.Random, decks: Decks, language: str, writer: str) -> None:
        self.rng, self.decks, self.language, self.writer = rng, decks, language, writer
        self.published = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
        self.sites: list[Site] = []
        self.claims: list[Claim] = []
        self.facts: list[Fact] = []
        self.theme = ""

    def sheet(self, key: str) -> Sheet:
        shape = self.decks.shapes.deal()
        main = self._site(self.decks.kinds.deal(), draw_town(self.rng, self.language))
        if shape in {"siblings", "phases"}:
            main = replace(self._owned(main), phase=1 if shape == "phases" else 0)
        projects = self._projects(shape, main)
        register = self.decks.registers.deal()
        laid = self._traps(main, register.id, is_news=bool(self.claims))
        return Sheet(
            id=key,
            writer=self.writer,
            language=self.language,
            country=main.country.names["en"],
            register=register.id,
            manner=register.cells[0],
            persona=self.decks.personas.deal(),
            words=self._words(register.id, laid),
            published=self.published.isoformat(),
            projects=tuple(projects),
            theme=self.theme,
            traps=laid,
            furniture=self._furniture(main),
        )

    def _site(self, kind: Kind, town: tables.Town) -> Site:
        owner, parent = draw_owner(self.rng, kind, town.country)
        return Site(kind, town, owner, parent)

    def _watched(self, site: Site, role: Role, news: News = NO_NEWS) -> Project:
        self.sites.append(site)
        return watched(self.rng, site, self.language, role, news)

    def _owned(self, site: Site) -> Site:
        """The same with an owner."""
        return replace(site, owner=site.owner or company(self.rng, site.country.culture, site.kind.group))

    def _projects(self, shape: str, main: Site) -> list[Project]:
        if shape == "nothing watched":
            self.theme = self._fill(self._negative("no")[2], main)
            return []
        if shape == "no news":
            return self._without_news(main)
        others = self._others(shape, main)
        most = 4 if not others else 2
        projects = [self._told(main, most)]
        height = _height(self.claims)
        projects += [self._told(site, 1, highest=height if site.phase else None) for site in others]
        if not others and chance(self.rng, 30):
            projects.append(self._bystander(main))
        return projects

    def _others(self, shape: str, main: Site) -> list[Site]:
        rng, kind, town = self.rng, main.kind, main.town
        if shape == "siblings":
            another = rng.choice(alike(kind)) if chance(rng, 55) else kind
            is_near = another != kind and chance(rng, 45)
            there = town if is_near else draw_other_town(rng, town, same_country=75)
            return [Site(another, there, main.owner, main.parent)]
        if shape == "phases":
            return [replace(main, phase=2)]
        if shape == "rivals":
            return [self._site(kind, draw_other_town(rng, town, same_country=80))]
        if shape == "one town":
            return [self._site(self.decks.kinds.deal(), town)]
        if shape == "roundup":
            others = [draw_other_town(rng, town, same_country=100) for _ in range(2)]
            return [self._site(self.decks.kinds.deal(), other) for other in others]
        return []

    def _told(self, site: Site, most: int, *, highest: int | None = None) -> Project:
        """A project with its news; a second phase is not further than the first."""
        first, group = len(self.claims) + 1, site.kind.group
        while True:
            story = self._story(group)
            claims = unfold(self.rng, story, published=self.published, group=group, first=first, most=most)
            if highest is None or _height(claims) <= highest:
                break
        self.claims += claims
        facts = draw_facts(
            self.rng,
            site.kind,
            site.country,
            claims,
            first=len(self.facts) + 1,
            most=3 if most > 2 else 2,
            may_progress=story.key != "groundbreaking",
        )
        self.facts += facts
        return self._watched(site, Role.TOLD, News(story.gist, tuple(claims), tuple(facts)))

    def _story(self, group: str) -> Story:
        while True:
            story = self.decks.stories.deal()
            if story.fits(group):
                return story

    def _bystander(self, main: Site) -> Project:
        """A watched project without news: a sibling or a stranger, named in passing or not at all."""
        rng = self.rng
        town = draw_other_town(rng, main.town, same_country=80)
        if main.owner and chance(rng, 65):
            site = Site(rng.choice(alike(main.kind)) if chance(rng, 50) else main.kind, town, main.owner, main.parent)
        else:
            site = self._site(self.decks.kinds.deal(), town)
        return self._watched(site, Role.PASSING if chance(rng, 55) else Role.ABSENT)

    def _without_news(self, main: Site) -> list[Project]:
        _, relevant, theme = self.decks.negatives.deal()
        if "{short}" in theme:
            main = self._owned(main)
        self.theme = self._fill(theme, main)
        role = Role.QUIET if relevant == "yes" else Role.PASSING
        projects = [self._watched(main, role)]
        if chance(self.rng, 40):
            projects.append(self._bystander(main))
        return projects

    def _negative(self, relevant: str) -> tuple[str, ...]:
        """A theme without news of this relevance."""
        while True:
            row = self.decks.negatives.deal()
            if row[1] == relevant:
                return row

    def _fill(self, text: str, main: Site) -> str:
        return text.format_map(self._surroundings(main).fillings(self.rng))

    def _surroundings(self, main: Site) -> Surroundings:
        towns = frozenset(site.town.names["en"] for site in [*self.sites, main])
        return Surroundings(main, tuple(self.claims), towns, self.language, self.published.year)

    def _traps(self, main: Site, register: str, *, is_news: bool) -> tuple[Trap, ...]:
        count = 1 if register == "wire brief" else pick(self.rng, ((14, 0), (36, 1), (33, 2), (17, 3)))
        if not is_news:
            count = min(count, 1)
        around = self._surroundings(main)
        laid: dict[str, Trap] = {}
        while len(laid) < count:
            row = self.decks.traps.deal()
            if row.id not in laid and around.fits(row):
                laid[row.id] = around.lay(self.rng, row)
        return tuple(laid.values())

    def _words(self, register: str, laid: tuple[Trap, ...]) -> int:
        least = 35 + 22 * len(self.claims) + 12 * len(self.facts) + 22 * len(laid)
        if register == "wire brief":
            return _tens(max(60, least * 0.8))
        longest = 900 if chance(self.rng, 7) else 360
        return _tens(max(least, self.rng.triangular(90, longest, 200)))

    def _furniture(self, main: Site) -> tuple[str, ...]:
        if chance(self.rng, 62):
            return ()
        owner = main.owner.short[self.language] if main.owner else "the publisher"
        chosen = {self.decks.furniture.deal() for _ in range(self.rng.randint(1, 4))}
        return tuple(line.replace("{owner}", owner) for line in sorted(chosen))


def _tens(number: float) -> int:
    return round(number / 10) * 10


def _height(claims: list[Claim]) -> int:
    """The highest stage that is reached; 0 where none is."""
    return max(
        (STAGES.index(claim.stage) for claim in claims if claim.state == "reached" and claim.stage in STAGES), default=0
    )
