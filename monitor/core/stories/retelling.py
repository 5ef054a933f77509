"""Removes from the copies of a story what they only repeat.

A story is one source. What its copies say is counted once, and a copy counts only for what it adds. A sentence is not
new if nearly all of its words stand in an earlier copy. Outlets put titles between labels and exchange a word here and
there. A sentence from a shortened text is also easily read as saying more than was said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar

from monitor.core.model import Claim, Fact
from monitor.core.state import Report, Source
from monitor.core.stories.sketches import RUN, numbers, runs, words

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
class Telling:
    """An article as a member of its story, ordered by publication."""

    published_at: datetime
    article: str
    outlet: str = field(default="", compare=False)
    trust: float = field(default=0.5, compare=False)
    sketch: bytes = field(default=b"", compare=False)


def without_echoes(report: Report, story: Iterable[Telling]) -> Report:
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

        def stands_in(telling: Telling) -> bool:
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
