"""Draws the labelled articles that ship with the program, to try a language model on.

::

    python -m training.sample training/articles/around-*.jsonl --seed 1 --out monitor/readers/sample/articles.jsonl

They come from writers of whom nothing was learnt. Nobody reads them, and nothing is tuned by them.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article
from monitor.core.periods import Period
from monitor.core.reading.lexicon import Lexicon
from monitor.readers.examiner import Examiner
from monitor.readers.plug import survey
from monitor.settings.lexicons import load_lexicons
from training.data import Part, part_of, project_of

#: Articles in each language, and how many of them make no claim.
EACH, WITHOUT = 8, 2
#: The most words, and the most Chinese characters.
MOST_WORDS, MOST_CHARACTERS = 220, 360
_ARTICLE = ("id", "lang", "published", "title", "text", "projects")
_CLAIM = ("project", "stage", "state", "date")
_FACT = ("project", "kind", "value", "unit")

Line = Mapping[str, Any]


def draw(files: Iterable[Path], seed: int) -> list[Line]:
    """The lines of the sample, one of each language after the other.

    Raises:
        ValueError: a writer was learnt from, or there are too few articles.
    """
    told, silent = defaultdict[str, list[Line]](list), defaultdict[str, list[Line]](list)
    lexicons = load_lexicons()
    for file in sorted(files):
        for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if part_of(line["writer"]) is Part.TRAINING:
                raise ValueError(f"{file}: {line['writer']} was learnt from")
            if _is_short(line) and not line["labels"].get("optional") and is_asked(line, lexicons):
                (told if line["labels"]["claims"] else silent)[line["lang"]].append(line)
    rng = random.Random(seed)
    drawn = [_mixed(rng, told[language], silent[language], language) for language in sorted({*told, *silent})]
    return [_shipped(line) for lines in zip(*drawn, strict=True) for line in lines]


def _is_short(line: Line) -> bool:
    text = f"{line['title']} {line['text']}"
    return len(text) <= MOST_CHARACTERS if line["lang"] == "zh" else len(text.split()) <= MOST_WORDS


def is_asked(line: Line, lexicons: Mapping[str, Lexicon]) -> bool:
    """Whether a language model would be asked about an article."""
    projects = [project_of(each) for each in line["projects"]]
    stages = {INDUSTRIAL.name: INDUSTRIAL}
    examiner = Examiner(survey(projects, lexicons), stages, model="a model")
    article = Article(
        key=line["id"],
        url=None,
        title=line["title"],
        text=line["text"],
        published=Period.parse(line["published"]),
        language=line["lang"],
    )
    return examiner.question(article) is not None


def _mixed(rng: random.Random, told: Sequence[Line], silent: Sequence[Line], language: str) -> list[Line]:
    if len(told) < EACH - WITHOUT or len(silent) < WITHOUT:
        raise ValueError(f"too few articles in {language}")
    lines = [*rng.sample(told, EACH - WITHOUT), *rng.sample(silent, WITHOUT)]
    rng.shuffle(lines)
    return lines


def _shipped(line: Line) -> Line:
    labels = line["labels"]
    return {
        **{key: line[key] for key in _ARTICLE},
        "labels": {
            "relevant": labels["relevant"],
            "claims": [{key: claim[key] for key in _CLAIM} for claim in labels["claims"]],
            "facts": [{key: fact[key] for key in _FACT} for fact in labels.get("facts", ())],
        },
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        lines = draw(options.files, options.seed)
    except ValueError as error:
        sys.exit(str(error))
    options.out.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
    print(f"{len(lines)} articles")
