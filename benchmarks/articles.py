"""Articles of about 300 words, made from the labelled ones of the tests, and the projects that are watched."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from monitor.core.model import Article, Project
from monitor.core.periods import Period

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus"
#: Where labelled sets lie.
FOLDERS = (CORPUS, ROOT / "training" / "corpus")
WORDS = 300
#: Han characters to a word.
HAN = 1.7
#: Of the articles of a poll, how many tell of a project that is watched.
RELEVANT = 0.1


def watched() -> list[Project]:
    entries = YAML(typ="safe").load((CORPUS / "data" / "projects.yaml").read_text(encoding="utf-8"))["projects"]
    return [
        Project(
            id=entry["id"],
            name={"": entry["name"]},
            who=tuple(entry.get("who", ())),
            what=tuple(entry.get("what", ())),
            where=tuple(entry.get("where", ())),
            not_=tuple(entry.get("not", ())),
        )
        for entry in entries
    ]


def synthetic(count: int) -> list[Project]:
    """Projects of companies that no article names, whose products and places many do."""
    chance = random.Random(1)
    whats = sorted({word for project in watched() for word in project.what})
    wheres = sorted({word for project in watched() for word in project.where})
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return [
        Project(
            id=f"synthetic-{number}",
            name={"": f"Synthetic {number}"},
            who=("".join(chance.choices(syllables, k=4)).title(), "".join(chance.choices(syllables, k=5)).title()),
            what=tuple(chance.sample(whats, 2)),
            where=tuple(chance.sample(wheres, 2)),
        )
        for number in range(count)
    ]


def articles() -> Mapping[str, list[Article]]:
    """By what they are: nothing but news of the projects, one such story among others, none, and what a poll sees."""
    news = [*stories("data/articles-a"), *stories("data/articles-b")]
    others = stories("fresh/articles")
    dense = list(joined(news, news))
    usual = list(joined(others, news, one=True))
    other = list(joined(others, others))
    share = round(len(usual) * (1 - RELEVANT) / RELEVANT)
    return {
        "dense": dense,
        "usual": usual,
        "other": other,
        "poll": [*usual, *(other[index % len(other)] for index in range(share))],
    }


def stories(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file(name).read_text(encoding="utf-8").splitlines()]


def file(name: str) -> Path:
    """The file of a labelled set."""
    return next(path for folder in FOLDERS if (path := folder / f"{name}.jsonl").exists())


def joined(
    fillers: Sequence[dict[str, Any]], leads: Sequence[dict[str, Any]], *, one: bool = False
) -> Iterator[Article]:
    """Articles of about 300 words: each begins with a lead, and goes on with fillers in its language.

    Every lead is told once: those that went into an article before begin none, unless ``one`` is to be in each.
    """
    used: set[str] = set()
    turns: Counter[str] = Counter()
    for lead in leads:
        if lead["id"] + lead["text"][:40] in used:
            continue
        language = lead["lang"]
        rest = [filler for filler in fillers if filler["lang"] == language and filler is not lead]
        parts = [lead["text"]]
        while length("\n".join(parts), language) < WORDS:
            filler = rest[turns[language] % len(rest)]
            turns[language] += 1
            parts.append(f"{filler['title']}\n{filler['text']}")
            if not one:
                used.add(filler["id"] + filler["text"][:40])
        yield Article(
            key=lead["id"],
            url=lead["url"],
            title=lead["title"],
            text=cut("\n".join(parts), language),
            published=Period.parse(lead["published"][:10]) if lead["published"] else None,
            language=language,
        )


def length(text: str, language: str) -> float:
    return len(text) / HAN if language == "zh" else len(text.split())


def cut(text: str, language: str) -> str:
    if language == "zh":
        return text[: round(WORDS * HAN)]
    return text[: [match.end() for match in re.finditer(r"\S+", text)][:WORDS][-1]]
