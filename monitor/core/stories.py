"""Articles that tell the same piece of news in nearly the same words: copies of one story, which are one source.

A sketch is what is compared of an article: its first words, each three in a row as one number. Two articles are copies
where much of the shorter sketch stands in the other too, so that neither a dropped paragraph nor a notice put under the
text parts them, while two outlets that write of one event in their own words stay two. A story is all articles that
are joined by copies; it is known by the earliest of them. So it is a function of the set of articles, in whatever
order they come; one that comes late may join two stories. A story is one source: what its copies say is said once, and
a copy is heard for what it adds.
"""

import re
import struct
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar
from zlib import crc32

from monitor.core.model import Article, Claim, Fact
from monitor.core.reading.text import bare
from monitor.core.state import Report, Source

T = TypeVar("T")

#: News is copied within days; what is told in the same words later is told anew.
WINDOW = timedelta(days=10)

#: So many words of title and text each are compared: copies are cut from their ends.
_LEAD = 300
#: No word is longer on average, in any language.
_CHARACTERS = 20
#: So much of the shorter sketch stands in the other. Measured (benchmarks/README.md): with copies 0.47 to 1, with the
#: same news in own words 0.32 at most, with any other article 0.37 at most.
_SHARED = 0.4

#: Shorter sketches are those of notes and summaries, which are written alike whatever they tell ("X has halted work on
#: …"): there nearly all of the longer must stand in the other.
_SHORT, _SAME = 20, 0.95

#: A copy of so many of another's words is as full as that: a dateline more is none.
_AS_FULL = 0.8

#: Scripts that write words without spaces: there two characters stand for a word.
_RUNNING_ON = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"(?=([{_RUNNING_ON}]{{2}}))[{_RUNNING_ON}]|([^\W_{_RUNNING_ON}]+)")


def sketch(title: str, text: str) -> bytes:
    """What is compared of an article; four bytes for each three words, at most 2.4 kB.

    It outlives the text and is compared with those of later versions: who changes it must make all stored ones anew.
    """
    numbers = {number for part in (title, text) for number in _shingles(part)}
    return struct.pack(f"<{len(numbers)}I", *sorted(numbers))


def _shingles(part: str) -> Iterable[int]:
    folded = bare(part[: _LEAD * _CHARACTERS])
    words = [pair or word for pair, word in _WORDS.findall(folded)][:_LEAD]
    runs = zip(words, words[1:], words[2:], strict=False) if len(words) > 2 else [words] * bool(words)  # noqa: PLR2004 - three
    return (crc32(" ".join(run).encode()) for run in runs)


def copies(of: bytes, among: Iterable[tuple[T, bytes]]) -> list[T]:
    """Those of the others whose sketches are of nearly the same words; where there are no words there are no copies."""
    sketches: Sketches[None] = Sketches()
    sketches.add(None, of)
    return [name for name, other in among if sketches.copies(other)]


class Sketches(Generic[T]):
    """Some sketches, among which the copies of any other are found without comparing it with each of them."""

    def __init__(self) -> None:
        self._sizes: dict[T, int] = {}
        self._having: dict[int, list[T]] = {}

    def add(self, name: T, sketched: bytes) -> None:
        numbers = _numbers(sketched)
        self._sizes[name] = len(numbers)
        for number in numbers:
            self._having.setdefault(number, []).append(name)

    def copies(self, of: bytes) -> list[T]:
        """Those whose sketches are of nearly the same words; where there are no words there are no copies."""
        mine = _numbers(of)
        shared = Counter(chain.from_iterable(self._having[number] for number in mine & self._having.keys()))
        return [name for name, count in shared.items() if _is_enough(count, len(mine), self._sizes[name])]


def _numbers(sketched: bytes) -> frozenset[int]:
    return frozenset(struct.unpack(f"<{len(sketched) // 4}I", sketched))


def _is_enough(shared: int, one: int, other: int) -> bool:
    """Whether so much is shared by two sketches of these sizes that they are copies."""
    shorter, longer = sorted((one, other))
    return shared >= (_SAME * longer if shorter < _SHORT else _SHARED * shorter)


@dataclass(frozen=True, slots=True, order=True)
class Telling:
    """An article by its place in the order of publication, as one of its story."""

    published_at: datetime
    article: str
    trust: float = field(default=0.5, compare=False)
    sketch: bytes = field(default=b"", compare=False)


def without_echoes(report: Report, story: Iterable[Telling]) -> Report:
    """The report without what it has read in sentences that stand word for word in an earlier copy of the story.

    There they were read, with no less around them: what remains of a text that was cut is easily taken for more than
    was told. A copy that is fuller, or trusted more, is heard in all that it says.
    """
    tellings = {telling.article: telling for telling in story}
    own = tellings.get(report.source.article)
    if own is None:
        return report
    earlier = [
        telling.sketch
        for telling in sorted(tellings.values())
        if telling < own and telling.trust >= own.trust and len(telling.sketch) >= _AS_FULL * len(own.sketch)
    ]
    return replace(
        report,
        claims=tuple(claim for claim in report.claims if not _stands(claim.evidence, earlier)),
        facts=tuple(fact for fact in report.facts if not _stands(fact.evidence, earlier)),
    )


def _stands(sentence: str, earlier: Iterable[bytes]) -> bool:
    return any(_sentence(sentence) <= _held(words) for words in earlier)


@lru_cache(maxsize=10_000)
def _sentence(text: str) -> frozenset[int]:
    return frozenset(_shingles(text))


@lru_cache(maxsize=500)
def _held(sketched: bytes) -> frozenset[int]:
    return _numbers(sketched)


def told_once(ordered: Iterable[Report]) -> list[Report]:
    """The reports, in order of publication, without what copies say again: a more trusted one alone is heard anew.

    So what an outlet cuts from a story leaves the rest no newer than it was. Whose word a story is, all still show.
    """
    told: dict[tuple[object, ...], Source] = {}

    def is_news(report: Report, said: Claim | Fact) -> bool:
        thing, source = (report.source.story, *_said(said)), report.source
        held = told.setdefault(thing, source)
        if source.trust > held.trust:
            told[thing] = source
        return told[thing].article == source.article

    return [
        replace(
            report,
            claims=tuple(claim for claim in report.claims if is_news(report, claim)),
            facts=tuple(fact for fact in report.facts if is_news(report, fact)),
        )
        for report in ordered
    ]


def _said(said: Claim | Fact) -> tuple[object, ...]:
    if isinstance(said, Claim):
        return said.phase, said.stage, said.state, said.date
    return said.phase, said.kind, said.unit, said.value


class Stories:
    """The stories of articles that come one by one, in memory."""

    def __init__(self) -> None:
        self._of_project: dict[str, list[Telling]] = defaultdict(list)
        #: The earliest article of each one's story, and all of that.
        self._first: dict[str, Telling] = {}
        self._members: dict[Telling, list[Telling]] = {}

    def add(self, article: Article, source: Source, projects: Sequence[str]) -> None:
        """Join an article to the stories of its copies: of those that concern a project of its, of the same days."""
        if not projects or article.key in self._first:
            return
        new = Telling(source.published_at, article.key, source.trust, sketch(article.title, article.text))
        self._first[new.article] = new
        self._members[new] = [new]
        nearby = {told for project in projects for told in self._near(project, new.published_at)}
        for copy in copies(new.sketch, ((told, told.sketch) for told in nearby)):
            self._join(self._first[copy.article], self._first[new.article])
        for project in projects:
            insort(self._of_project[project], new)

    def of(self, report: Report) -> Report:
        """The report of an article that was added, with its story as it is now and without its echoes."""
        first = self._first[report.source.article]
        members = self._members[first]
        if len(members) == 1:
            return report
        return without_echoes(replace(report, source=replace(report.source, story=first.article)), members)

    def _near(self, project: str, at: datetime) -> list[Telling]:
        told = self._of_project[project]
        start = bisect_left(told, at - WINDOW, key=lambda one: one.published_at)
        return told[start : bisect_right(told, at + WINDOW, key=lambda one: one.published_at)]

    def _join(self, one: Telling, other: Telling) -> None:
        first, later = sorted((one, other))
        if first != later:
            joining = self._members.pop(later)
            self._members[first] += joining
            self._first.update((told.article, first) for told in joining)
