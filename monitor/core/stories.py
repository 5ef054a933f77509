"""Finds articles that report one piece of news in nearly the same words, and what each adds. Pure."""

import re
import struct
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Generic, TypeVar
from zlib import crc32

from monitor.core.model import Article, Claim, Fact
from monitor.core.reading.text.text import bare
from monitor.core.state import Report, Source

# The sketch of an article: what is compared to find articles with nearly the same words -------------------------------
#
# A sketch covers the first words of title and text, each three consecutive words as one number. Two articles are copies
# if much of the shorter sketch also stands in the other. A dropped paragraph or an added notice does not separate them.
# Two outlets that write about one event in their own words stay separate.


T = TypeVar("T")

#: The number of consecutive words in one run.
RUN = 3
#: The number of words of title and of text that are compared. Copies are cut at their ends.
_LEAD = 300
#: The longest average word in any language, in characters.
_CHARACTERS = 20
#: The share of the shorter sketch that must stand in the other. Measured (benchmarks/README.md): copies share 0.47 to
#: 1, the same news in own words at most 0.32, any other article at most 0.37.
_SHARED = 0.45

#: Shorter sketches belong to notes and summaries, which use the same words whatever they report ("X has halted work on
#: …"). For these, nearly all of the longer sketch must stand in the other.
_SHORT, _SAME = 20, 0.95

#: The fewest words by which a sentence is told from another one.
_TELLING = 6

#: Scripts without spaces between words. For these, two characters stand for a word.
_RUNNING_ON = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"(?=([{_RUNNING_ON}]{{2}}))[{_RUNNING_ON}]|([^\W_{_RUNNING_ON}]+)")


def sketch(title: str, text: str) -> bytes:
    """What is compared of an article: four bytes for each three words, at most 2.4 kB.

    A sketch outlives the text and is compared with those of later versions. If its format changes, all stored sketches
    must be computed again.
    """
    found = {number for part in (title, text) for number in runs(words(part))}
    return struct.pack(f"<{len(found)}I", *sorted(found))


def numbers(sketched: bytes) -> frozenset[int]:
    """The runs of words in a sketch, as numbers."""
    return frozenset(struct.unpack(f"<{len(sketched) // 4}I", sketched))


def words(text: str) -> list[str]:
    """The words that are compared, from the beginning of a text: without case, accents and signs."""
    folded = bare(text[: _LEAD * _CHARACTERS])
    return [pair or word for pair, word in _WORDS.findall(folded)][:_LEAD]


def runs(of: Sequence[str]) -> list[int]:
    """Each three consecutive words as a number. Fewer words are one run."""
    found = zip(of, of[1:], of[2:], strict=False) if len(of) >= RUN else [of] * bool(of)
    return [crc32(" ".join(run).encode()) for run in found]


def copies(of: bytes, among: Iterable[tuple[T, bytes]]) -> list[T]:
    """The names of the other sketches with nearly the same words. Empty if there are no words."""
    sketches: Sketches[None] = Sketches()
    sketches.add(None, of)
    return [name for name, other in among if sketches.copies(other)]


class Sketches(Generic[T]):
    """A set of sketches that finds the copies of another sketch without comparing it with each of them."""

    def __init__(self) -> None:
        self._sizes: dict[T, int] = {}
        self._having: dict[int, list[T]] = {}

    def add(self, name: T, sketched: bytes) -> None:
        found = numbers(sketched)
        self._sizes[name] = len(found)
        for number in found:
            self._having.setdefault(number, []).append(name)

    def copies(self, of: bytes) -> list[T]:
        """The names of the sketches with nearly the same words. Empty if there are no words."""
        mine = numbers(of)
        shared = Counter(chain.from_iterable(self._having[number] for number in mine & self._having.keys()))
        return [name for name, count in shared.items() if _is_enough(count, len(mine), self._sizes[name])]


class Sentences(Generic[T]):
    """Sentences that somebody tells. Finds who tells another one in nearly the same words.

    A short sentence does not show whose words it has.
    """

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._tellers: list[T] = []
        self._having: dict[int, list[int]] = defaultdict(list)

    def add(self, teller: T, sentence: str) -> set[T]:
        """Add a sentence. Returns those who told it before in nearly the same words."""
        told = words(sentence)
        mine = frozenset(runs(told)) if len(told) >= _TELLING else frozenset[int]()
        shared = Counter(chain.from_iterable(self._having[run] for run in mine if run in self._having))
        for run in mine:
            self._having[run].append(len(self._sizes))
        self._sizes.append(len(mine))
        self._tellers.append(teller)
        return {
            self._tellers[number]
            for number, count in shared.items()
            if count >= _SHARED * min(len(mine), self._sizes[number])
        }


def _is_enough(shared: int, one: int, other: int) -> bool:
    """Whether two sketches of these sizes are copies if they share this many runs."""
    shorter, longer = sorted((one, other))
    return shared >= (_SAME * longer if shorter < _SHORT else _SHARED * shorter)


# Removes from the copies of a story what they only repeat -------------------------------------------------------------
#
# A story is one source. What its copies say is counted once, and a copy counts only for what it adds. A sentence is not
# new if nearly all of its words stand in an earlier copy. Outlets put titles between labels and exchange a word here
# and there. A sentence from a shortened text is also easily read as saying more than was said.


S = TypeVar("S", Claim, Fact)

#: A copy with this share of another copy's sketch is as full as that one. An extra dateline makes no difference.
_AS_FULL = 0.8

#: One in this many words of a sentence may differ. The second value is the smallest share of a sentence that is its
#: body; the rest may be labels before or behind it.
_EXCHANGED, _BODY = 8, 0.6

#: How long outlets take over a piece of news in nearly its words. What an outlet says later in nearly its own words may
#: be the next news: "has suspended", "has resumed".
_TAKEN_OVER = timedelta(days=2)

#: What outlets put between a title and their labels: "Industrie : …", "UPDATE. …", "… | The Morning Echo".
_LABELS = re.compile(r"\s[-–—]+\s|[|｜_:：]|(?<![.!?…])[.!?…]++\s")


@dataclass(frozen=True, slots=True, order=True)
class StoryMember:
    """An article as a member of its story, ordered by publication."""

    published_at: datetime
    article: str
    outlet: str = field(default="", compare=False)
    trust: float = field(default=0.5, compare=False)
    sketch: bytes = field(default=b"", compare=False)


def without_echoes(report: Report, story: Iterable[StoryMember]) -> Report:
    """The report without what was read in sentences that stand, nearly word for word, in an earlier copy.

    They were read there, with at least as much context. A copy that is fuller or trusted more counts in everything it
    says. Some sentences count unless they stand word for word in the earlier copy: a sentence that its publisher has
    rewritten since, one that the same outlet had published differently before, and one that appeared days before.
    """
    tellings = {telling.article: telling for telling in story}
    own = tellings.get(report.source.article)
    if own is None:
        return report
    earlier = [
        telling
        for telling in sorted(tellings.values())
        if telling < own and telling.trust >= own.trust and len(telling.sketch) >= _AS_FULL * len(own.sketch)
    ]

    def is_new(said: Claim | Fact) -> bool:
        sentence = _sentence(said.evidence)
        is_as_published = sentence.stands_in(_held(own.sketch))

        def stands_in(telling: StoryMember) -> bool:
            held = _held(telling.sketch)
            is_taken_over = telling.outlet != own.outlet and own.published_at - telling.published_at <= _TAKEN_OVER
            return sentence.nearly_stands_in(held) if is_as_published and is_taken_over else sentence.stands_in(held)

        return not any(stands_in(telling) for telling in earlier)

    return replace(
        report,
        claims=tuple(claim for claim in report.claims if is_new(claim)),
        facts=tuple(fact for fact in report.facts if is_new(fact)),
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    #: The words between the marks of its labels, part by part.
    parts: Sequence[Sequence[str]]
    runs: Sequence[int]

    def stands_in(self, held: frozenset[int]) -> bool:
        """Whether it stands word for word in a text with these known runs."""
        return held.issuperset(self.runs)

    def nearly_stands_in(self, held: frozenset[int]) -> bool:
        """Whether it stands there apart from labels and a few words. Figures never count as a few words."""
        known = {place for start, run in enumerate(self.runs) if run in held for place in range(start, start + RUN)}
        parts = list(self._places(known))
        whole = sum(map(len, parts))
        while parts and _is_label(parts[0]):
            del parts[0]
        while parts and _is_label(parts[-1]):
            del parts[-1]
        body = [is_known for part in parts for _, is_known in part]
        others = [word for part in parts for word, is_known in part if not is_known]
        is_enough = len(body) >= _BODY * whole and len(others) * _EXCHANGED <= len(body)
        return bool(body) and is_enough and not _has_figure(others)

    def _places(self, known: set[int]) -> Iterator[list[tuple[str, bool]]]:
        """Each word, and whether it is known."""
        place = 0
        for part in self.parts:
            yield [(word, place + number in known) for number, word in enumerate(part)]
            place += len(part)


def _is_label(part: Sequence[tuple[str, bool]]) -> bool:
    return not any(is_known for _, is_known in part) and not _has_figure(word for word, _ in part)


def _has_figure(said: Iterable[str]) -> bool:
    return any(char.isdigit() for word in said for char in word)


@lru_cache(maxsize=10_000)
def _sentence(text: str) -> _Sentence:
    parts = tuple(tuple(found) for part in _LABELS.split(text) if (found := words(part)))
    return _Sentence(parts, tuple(runs(words(text))))


@lru_cache(maxsize=500)
def _held(sketched: bytes) -> frozenset[int]:
    return numbers(sketched)


def told_once(ordered: Iterable[Report]) -> list[Report]:
    """The reports without what copies repeat. A repetition counts again only if its copy is trusted more.

    So a shortened copy does not make the statements that it keeps newer than those that it omits. All reports remain,
    so the origin of the story is still visible. Each statement has the confidence of the copy in which it was read most
    surely.

    Args:
        ordered: the reports in order of publication.
    """
    reports = list(ordered)
    told: dict[tuple[object, ...], Source] = {}
    surest: dict[tuple[object, ...], float] = {}
    for report in reports:
        for said in report.said:
            thing = report.source.story, said.told
            surest[thing] = max(said.confidence, surest.get(thing, 0.0))

    def news(report: Report, said: Iterable[S]) -> Iterator[S]:
        source = report.source
        for each in said:
            thing = source.story, each.told
            held = told.setdefault(thing, source)
            if source.trust > held.trust:
                held = told[thing] = source
            if held.article == source.article:
                yield replace(each, confidence=surest[thing])

    return [
        replace(report, claims=tuple(news(report, report.claims)), facts=tuple(news(report, report.facts)))
        for report in reports
    ]


# Groups articles that report the same news in nearly the same words: copies of one story, which are one source --------
#
# A story is all articles that are connected by copies. Its key is that of the earliest one. So stories depend only on
# the set of articles, not on their order. A late article may join two stories.


#: News is copied within days. The same words after that are news again.
WINDOW = timedelta(days=10)


class Stories:
    """The stories of articles that arrive one by one, in memory."""

    def __init__(self) -> None:
        self._of_project: dict[str, list[StoryMember]] = defaultdict(list)
        #: The earliest article in the story of each article, and all members of its story.
        self._first: dict[str, StoryMember] = {}
        self._members: dict[StoryMember, list[StoryMember]] = {}

    def add(self, article: Article, source: Source, projects: Sequence[str]) -> None:
        """Join an article to the stories of its copies: articles from the same days that share a project with it."""
        if not projects or article.key in self._first:
            return
        new = StoryMember(
            source.published_at, article.key, source.outlet, source.trust, sketch(article.title, article.text)
        )
        self._first[new.article] = new
        self._members[new] = [new]
        nearby = {told for project in projects for told in self._near(project, new.published_at)}
        for copy in copies(new.sketch, ((told, told.sketch) for told in nearby)):
            self._join(self._first[copy.article], self._first[new.article])
        for project in projects:
            insort(self._of_project[project], new)

    def of(self, report: Report) -> Report:
        """The report of an added article, with its present story and without its echoes."""
        first = self._first[report.source.article]
        members = self._members[first]
        if len(members) == 1:
            return report
        return without_echoes(replace(report, source=replace(report.source, story=first.article)), members)

    def _near(self, project: str, at: datetime) -> list[StoryMember]:
        told = self._of_project[project]
        start = bisect_left(told, -WINDOW, key=lambda one: one.published_at - at)
        return told[start : bisect_right(told, WINDOW, key=lambda one: one.published_at - at)]

    def _join(self, one: StoryMember, other: StoryMember) -> None:
        first, later = sorted((one, other))
        if first != later:
            joining = self._members.pop(later)
            self._members[first] += joining
            self._first.update((told.article, first) for told in joining)
