"""The commands of fact sheets. ``python -m training.sheets COMMAND --help`` explains each."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from training.sheets.agreement import agreement, blind
from training.sheets.brief import briefs
from training.sheets.check import check, parse
from training.sheets.copies import Seen
from training.sheets.draw import draw
from training.sheets.model import LANGUAGES, Sheet, read_lines, read_sheets, write_sheets
from training.sheets.tally import tally
from training.sheets.worn import worn

#: So many worn phrases a brief forbids.
FORBIDDEN = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 where all is well, 1 where an article is refused, 2 where a file cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.sheets", description=__doc__)
    commands = parser.add_subparsers(required=True)

    one = commands.add_parser("draw", help="draw fact sheets")
    one.add_argument("--language", choices=LANGUAGES, required=True)
    one.add_argument("--count", type=int, default=20)
    one.add_argument("--seed", type=int, required=True)
    one.add_argument("--writer", required=True, help="who writes them, such as w03; the data is split by it")
    one.add_argument("--out", type=Path, required=True)
    one.set_defaults(run=_draw)

    one = commands.add_parser("brief", help="print sheets for the writer")
    one.add_argument("sheets", type=Path)
    one.add_argument("--from", dest="first", type=int, default=1, help="number of the first sheet")
    one.add_argument("--count", type=int, default=None)
    one.add_argument("--avoid", type=Path, help="worn phrases, as the command worn writes them")
    one.set_defaults(run=_brief)

    one = commands.add_parser("check", help="check articles against their sheets")
    one.add_argument("sheets", type=Path)
    one.add_argument("articles", type=Path, nargs="+", help="of two articles with one id the later counts")
    one.add_argument("--out", type=Path, help="where the labelled articles go")
    one.add_argument("--against", type=Path, nargs="*", default=[], help="labelled articles that must not be copied")
    one.set_defaults(run=_check)

    one = commands.add_parser("worn", help="list worn phrases of labelled articles")
    one.add_argument("articles", type=Path, nargs="+")
    one.add_argument("--out", type=Path)
    one.set_defaults(run=_worn)

    one = commands.add_parser("blind", help="print every tenth labelled article without its labels")
    one.add_argument("articles", type=Path, nargs="+")
    one.add_argument("--every", type=int, default=10)
    one.set_defaults(run=_blind)

    one = commands.add_parser("agree", help="compare labels with what a second reader found")
    one.add_argument("answers", type=Path, help="lines of JSON with id and claims")
    one.add_argument("articles", type=Path, nargs="+")
    one.set_defaults(run=_agree)

    one = commands.add_parser("tally", help="count what sheets hold")
    one.add_argument("sheets", type=Path, nargs="+")
    one.set_defaults(run=_tally)
    return parser


def _draw(options: argparse.Namespace) -> int:
    write_sheets(options.out, draw(options.language, options.count, options.seed, options.writer))
    return 0


def _brief(options: argparse.Namespace) -> int:
    sheets = read_sheets(options.sheets)[options.first - 1 :][: options.count]
    print(briefs(sheets, _forbidden(options.avoid, sheets)), end="")
    return 0


def _forbidden(path: Path | None, sheets: Sequence[Sheet]) -> list[str]:
    if path is None:
        return []
    languages = {sheet.language for sheet in sheets}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line)
    return [phrase for language, _, phrase in rows if language in languages][:FORBIDDEN]


def _check(options: argparse.Namespace) -> int:
    seen = Seen()
    for path in options.against:
        for other in read_lines(path):
            seen.add(other["id"], f"{other['title']}\n{other['text']}")
    written = [article for path in options.articles for article in parse(path.read_text(encoding="utf-8"))]
    outcomes = check(read_sheets(options.sheets), written, seen)
    accepted = [outcome.labelled for outcome in outcomes if outcome.labelled]
    for outcome in outcomes:
        for fault in outcome.faults:
            print(f"{outcome.id}: {fault}")
    print(f"{len(accepted)} accepted, {len(outcomes) - len(accepted)} refused")
    if options.out:
        options.out.write_text(
            "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in accepted), encoding="utf-8"
        )
    return 0 if len(accepted) == len(outcomes) else 1


def _worn(options: argparse.Namespace) -> int:
    found = worn(article for path in options.articles for article in read_lines(path))
    text = "".join(f"{language}\t{count}\t{phrase}\n" for language, rows in found.items() for phrase, count in rows)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _blind(options: argparse.Namespace) -> int:
    every = [article for path in options.articles for article in read_lines(path)]
    for article in every[:: options.every]:
        print(blind(article))
    return 0


def _agree(options: argparse.Namespace) -> int:
    labelled = (article for path in options.articles for article in read_lines(path))
    found = agreement(labelled, read_lines(options.answers))
    for name, keys in (("only in the sheet", found.only_sheet), ("only found by the reader", found.only_reader)):
        for key in keys:
            print(f"{name}: {' '.join(key)}")
    print(f"{found.articles} articles, {len(found.both)} claims found by both, F1 {found.f1:.3f}")
    return 0


def _tally(options: argparse.Namespace) -> int:
    print(tally(sheet for path in options.sheets for sheet in read_sheets(path)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
