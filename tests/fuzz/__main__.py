"""``python -m tests.fuzz TARGET --runs N``: run a target on many inputs, and tell what came of it."""

import argparse
import json
import sys
import time
from pathlib import Path
from random import Random

from tests.fuzz.running import SLOW, Run, totals

_TOLD_EVERY = 10.0


def main() -> int:
    """Exit 1 where an input failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", help="which; all of them, each for its share, when absent")
    parser.add_argument("--runs", type=int, default=10_000, metavar="N", help="how many inputs (10000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed, the same inputs (0)")
    parser.add_argument("--folder", type=Path, default=Path("fuzzruns"), metavar="DIR", help="for files and summaries")
    parser.add_argument("--guided", action="store_true", help="let atheris look for inputs that reach other code")
    parser.add_argument("--input", type=Path, action="append", metavar="FILE", help="run on this file; may be repeated")
    parser.add_argument("--totals", action="store_true", help="add up the summaries in the folder")
    asked = parser.parse_args()
    if asked.totals:
        print(*totals(asked.folder), sep="\n")
        return 0
    if asked.guided and not asked.target:
        parser.error("atheris ends the process: name one target")
    if asked.guided:
        from tests.fuzz.guided import guide  # noqa: PLC0415 - it watches what is imported after it

        guide(asked.target, asked.runs, Run(asked.target, asked.folder, "atheris", asked.seed))
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - as above

    names = [asked.target] if asked.target else list(TARGETS)
    unknown = [name for name in names if name not in TARGETS]
    if unknown:
        parser.error(f"no target '{unknown[0]}'; there are: {', '.join(TARGETS)}")
    return max(_run(name, asked, Random(f"{name} {asked.seed}")) for name in names)


def _run(name: str, asked: argparse.Namespace, random: Random) -> int:
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - as above

    target = TARGETS[name]
    run = Run(name, asked.folder, "mutators", asked.seed)
    if asked.input:
        for path in asked.input:
            # Bare, so that a failure shows where it came from.
            target.run(path.read_bytes())
        return 0
    for seed in target.seeds():
        # What is loaded once is loaded now; and what is valid must hold.
        target.run(seed)
    told = time.monotonic()
    for number in range(asked.runs):
        run.try_one(target.run, target.mutated(random))
        if time.monotonic() - told > _TOLD_EVERY:
            told = time.monotonic()
            print(f"{name}: {number + 1:,} inputs, {len(run.failures)} kinds of failure", file=sys.stderr)
    summary = run.close(target.run)
    print(json.dumps(summary, indent=2))
    slow = [each for each in summary["slowest"] if each["seconds"] > SLOW]
    print(f"{name}: {len(slow)} inputs took more than {SLOW:g} s", file=sys.stderr)
    return 1 if summary["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
