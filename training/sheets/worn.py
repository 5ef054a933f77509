"""Worn phrases: what many articles use to tell an event, to be forbidden to the next writers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: Words on either side of a claim that belong to how it is told.
AROUND = 2
#: A phrase of fewer articles than this is not worn.
LEAST = 4
SHARE = 0.02
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def worn(articles: Iterable[Mapping[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    """The worn phrases of each language with the number of articles that use them, the most used first."""
    counts: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for article in articles:
        language = article["lang"]
        totals[language] += 1
        counts.setdefault(language, Counter()).update(set(_phrases(article)))
    return {language: _most(count, totals[language]) for language, count in sorted(counts.items())}


def _most(count: Counter[str], total: int) -> list[tuple[str, int]]:
    least = max(LEAST, SHARE * total)
    frequent = [(phrase, number) for phrase, number in count.items() if number >= least]
    frequent.sort(key=lambda row: (-row[1], -len(row[0]), row[0]))
    return [
        (phrase, number)
        for phrase, number in frequent
        if not any(phrase in longer and phrase != longer and other * 1.3 >= number for longer, other in frequent)
    ]


def _phrases(article: Mapping[str, Any]) -> Iterator[str]:
    whole = f"{article['title']}\n{article['text']}"
    names = _names(article)
    for claim in article["labels"]["claims"]:
        for start, end in claim["spans"]:
            if article["lang"] == "zh":
                yield from _characters(whole[start:end])
            else:
                yield from _runs(whole, start, end, names)


def _names(article: Mapping[str, Any]) -> set[str]:
    lists = (project.get(key, []) for project in article["projects"] for key in ("who", "where", "what"))
    return {word.casefold() for names in lists for name in names for word in _WORD.findall(name)}


def _runs(whole: str, start: int, end: int, names: set[str]) -> Iterator[str]:
    words = list(_WORD.finditer(whole))
    inside = [at for at, word in enumerate(words) if word.end() > start and word.start() < end]
    if not inside:
        return
    run = [word[0].casefold() for word in words[max(0, inside[0] - AROUND) : inside[-1] + 1 + AROUND]]
    for size in (2, 3, 4, 5):
        for at in range(len(run) - size + 1):
            piece = run[at : at + size]
            if not names & set(piece) and sum(len(word) for word in piece) >= 8:
                yield " ".join(piece)


def _characters(text: str) -> Iterator[str]:
    for size in range(3, 9):
        for at in range(len(text) - size + 1):
            piece = text[at : at + size]
            if len(_HAN.findall(piece)) == size:
                yield piece
