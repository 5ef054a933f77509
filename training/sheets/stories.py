"""Stories: what may happen to a project, as a list of claims that agree with each other.

``data/stories.txt`` has one line for each; how a claim is written there is told at its top.
"""

import calendar
import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from monitor.core.periods import Period
from training.sheets import tables
from training.sheets.chance import chance
from training.sheets.dates import say
from training.sheets.model import CONDITIONS, STAGES, STATES, Claim

_CLAIM = re.compile(
    r"(?P<stage>[a-z]+)\.(?P<state>[a-z]+)"
    r"(?:@(?P<low>-?\d+)\.\.(?P<high>-?\d+)(?P<unit>[dmy]))?"
    r"(?:~(?P<dated>\d+))?(?:\?(?P<told>\d+|&))?(?P<news>\*)?(?:\"(?P<note>[^\"]*)\")?(?:\s+|$)"
)
MANNERS = (
    "plainly",
    "in a quote",
    "in a subordinate clause",
    "by a noun, not a verb",
    "in a sentence that does not name the project (it, the site, there)",
    "by what somebody sees there",
    "in the passive, with no agent",
    "in the last paragraph",
    "in the headline and again in the text",
    "in the words of somebody who dislikes it",
    "split over two sentences",
    "in reported speech",
)
#: How often a claim is shown by a sign rather than said in a manner.
SIGNS = 28
#: How often another claim has a manner; the others are told as news is.
MANNERED = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A claim of a story, not yet dated."""

    stage: str
    state: str
    low: int
    high: int
    unit: str
    dated: int
    #: How often it is told, in percent; None: where the part before it is.
    told: int | None
    news: bool
    note: str


@dataclass(frozen=True, slots=True)
class Story:
    key: str
    weight: int
    groups: frozenset[str]
    gist: str
    parts: tuple[Part, ...]

    def fits(self, group: str) -> bool:
        return not self.groups or group in self.groups


@cache
def stories() -> tuple[Story, ...]:
    return tuple(
        Story(key, int(weight), frozenset(groups.split()), gist, _parts(key, claims))
        for key, weight, groups, gist, claims in tables.rows("stories.txt")
    )


def _parts(key: str, text: str) -> tuple[Part, ...]:
    parts, at = [], 0
    while at < len(text):
        match = _CLAIM.match(text, at)
        if match is None:
            raise ValueError(f"stories.txt: {key}: cannot read {text[at:]!r}")
        stage, state = match["stage"], match["state"]
        if stage not in STAGES + CONDITIONS or state not in STATES:
            raise ValueError(f"stories.txt: {key}: no such claim: {stage}.{state}")
        told = match["told"]
        parts.append(
            Part(
                stage=stage,
                state=state,
                low=int(match["low"] or 0),
                high=int(match["high"] or 0),
                unit=match["unit"] or "",
                dated=int(match["dated"] or 75) if match["unit"] else 0,
                told=None if told == "&" else int(told or 100),
                news=bool(match["news"]),
                note=match["note"] or "",
            )
        )
        at = match.end()
    return tuple(parts)


def unfold(rng: random.Random, story: Story, *, published: date, group: str, first: int, most: int) -> list[Claim]:
    """The claims of a story, dated and consistent; their codes are numbered from ``first``.

    Not more than ``most`` of those that may be left out are told beyond those that may not.
    """
    for _ in range(200):
        claims = _try(rng, story, published=published, group=group, first=first, most=most)
        if claims and is_consistent(claims, published):
            return claims
    raise ValueError(f"story {story.key}: no consistent dates around {published}")


def _try(rng: random.Random, story: Story, *, published: date, group: str, first: int, most: int) -> list[Claim]:
    told: list[Part] = []
    was_told, spare = False, most
    for part in story.parts:
        if part.told is None:
            pass
        elif part.told == 100:
            was_told = True
        else:
            was_told = spare > 0 and chance(rng, part.told)
            spare -= was_told
        if was_told:
            told.append(part)
    return [_claim(rng, part, published, group, f"c{number}") for number, part in enumerate(told, first)]


def _claim(rng: random.Random, part: Part, published: date, group: str, code: str) -> Claim:
    said = say(rng, published, _moment(rng, part, published)) if chance(rng, part.dated) else None
    return Claim(
        code=code,
        stage=part.stage,
        state=part.state,
        date=str(said.period) if said else None,
        say=said.say if said else "",
        manner=_manner(rng, part, group, dated=said is not None),
        note=part.note,
    )


def _moment(rng: random.Random, part: Part, published: date) -> date:
    steps = rng.randint(part.low, part.high)
    if part.unit == "d":
        return published + timedelta(days=steps)
    months = published.year * 12 + published.month - 1 + steps * (12 if part.unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, rng.randint(1, calendar.monthrange(year, month + 1)[1]))


@cache
def signs(claim: str, group: str) -> tuple[str, ...]:
    """Concrete ways to show a claim for a kind of project."""
    return tuple(
        sign for key, groups, sign in tables.rows("signs.txt") if key == claim and (not groups or group in groups)
    )


def _manner(rng: random.Random, part: Part, group: str, *, dated: bool) -> str:
    claim = f"{part.stage}.{part.state}"
    is_begun = claim == "construction.reached" and (dated or part.unit == "d")
    shown = signs("construction.begun" if is_begun else claim, group)
    if shown and not part.note and chance(rng, SIGNS):
        return f"by a sign, e.g. {rng.choice(shown)}"
    return rng.choice(MANNERS) if chance(rng, MANNERED) else ""


def is_consistent(claims: list[Claim], published: date) -> bool:
    """Whether dates lie on the right side of the publishing, and stages follow each other in time."""
    keys = [(claim.stage, claim.state) for claim in claims]
    return (
        len(set(keys)) == len(keys)
        and all(_in_time(claim, published) for claim in claims)
        and all(_in_order(one, other) for one in claims for other in claims)
    )


def _in_time(claim: Claim, published: date) -> bool:
    if claim.date is None:
        return True
    period = Period.parse(claim.date)
    return period.end > published if claim.state == "expected" else period.start <= published


#: What comes after what, beside the ladder of stages.
_AFTER = {
    "suspended": ("resumed",),
    "agreed": ("cancelled",),
    "construction": ("suspended", "cancelled"),
    "operating": ("closed",),
}


def _in_order(one: Claim, other: Claim) -> bool:
    """Whether two claims may stand together, where the first is of the earlier stage."""
    if "denied" in {one.state, other.state}:
        return True
    is_ladder = one.stage in STAGES and other.stage in STAGES and STAGES.index(one.stage) < STAGES.index(other.stage)
    if is_ladder and (one.state, other.state) == ("expected", "reached"):
        return False
    if not is_ladder and other.stage not in _AFTER.get(one.stage, ()):
        return True
    if one.date is None or other.date is None:
        return True
    return Period.parse(one.date).start <= Period.parse(other.date).end
