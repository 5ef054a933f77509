"""How quickly the reader reads: articles a second, what each step costs, memory, and what hostile text can do.

    python -m benchmarks.reading                      # all of it, in about two minutes
    python -m benchmarks.reading speed --rounds 5
    python -m benchmarks.reading memory --articles 100000
    python -m benchmarks.reading hostile

Times are of the processor, of one core, the best of some rounds. See README.md beside this file.
"""

import argparse
import functools
import gc
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from benchmarks.articles import articles, stories, synthetic, watched
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import MAX_TEXT, Article
from monitor.core.periods import Period
from monitor.core.reading import layout
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.projects.matching import Matcher, PhaseNames
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.subject import SubjectGate
from monitor.core.reading.text.phrases import Phrasebook
from monitor.core.reading.text.tokens import Tokens
from monitor.core.reading.trained.decoding import Decoder
from monitor.core.reading.trained.pieces import Pieces
from monitor.ports import Reader
from monitor.readers.checked import CheckedReader
from monitor.readers.plug import SHIPPED, make_trained
from monitor.readers.trained.reader import Encoder
from monitor.settings.lexicons import load_lexicons

SYNTHETIC_PROJECTS = 2_000

P = ParamSpec("P")
R = TypeVar("R")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", nargs="?", choices=["all", "speed", "memory", "hostile"], default="all")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--articles", type=int, default=5_000, help="so many are read to see memory grow")
    arguments = parser.parse_args()
    reader = start()
    if arguments.part in {"all", "speed"}:
        speed(reader, arguments.rounds)
    if arguments.part in {"all", "memory"}:
        memory(reader, arguments.articles)
    if arguments.part in {"all", "hostile"}:
        hostile(reader)


def start() -> Reader:
    """The reader of all projects; prints what it takes to have one."""
    began = time.process_time()
    lexicons = dict(load_lexicons())
    loaded = time.process_time()
    projects = [*watched(), *synthetic(SYNTHETIC_PROJECTS)]
    made = time.process_time()
    surveyor = Surveyor(projects, lexicons, Matcher(projects))
    known = time.process_time()
    reader = make_trained(SHIPPED, surveyor, {"industrial": INDUSTRIAL})
    built = time.process_time()
    print(
        f"start: {len(lexicons)} lexicons {loaded - began:.2f} s, {len(projects)} projects {known - made:.2f} s,"
        f" weights {built - known:.2f} s"
    )
    return CheckedReader(reader, (SubjectGate(surveyor),))


# ---------------------------------------------------------------- speed


def speed(reader: Reader, rounds: int) -> None:
    kinds = articles()
    for kind, those in kinds.items():
        for article in those:
            reader.read(article)
        seconds = best(lambda: [reader.read(article) for article in those], rounds)  # noqa: B023 - called at once
        readings = [reader.read(article) for article in those]
        print(
            f"{kind}: {len(those) / seconds:.0f} articles/s, {1000 * seconds / len(those):.2f} ms each"
            f" ({len(those)} articles, {sum(len(a.text) for a in those) // len(those)} characters,"
            f" {sum(bool(r.projects) for r in readings)} of them on {sum(len(r.projects) for r in readings)} projects,"
            f" {sum(len(r.claims) for r in readings)} claims, {sum(len(r.facts) for r in readings)} facts)"
        )
        languages = {
            language: [a for a in those if a.language == language] for language in ("ar", "en", "es", "fr", "zh")
        }
        each = {
            language: len(some) / best(lambda: [reader.read(a) for a in some], rounds)  # noqa: B023 - called at once
            for language, some in languages.items()
        }
        print("  a second, by language: " + ", ".join(f"{language} {rate:.0f}" for language, rate in each.items()))
    for kind in ("dense", "usual", "other"):
        print(f"{kind}: ms for each article in each step: {in_steps(reader, kinds[kind])}")
    peers(kinds["dense"], rounds)


def best(work: Callable[[], object], rounds: int) -> float:
    """Seconds of the processor that it takes, at best."""
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


#: The functions of each step, where they are looked up.
STEPS: tuple[tuple[str, Any, str], ...] = (
    ("text", layout, "text_of"),
    ("match", Matcher, "mentions"),
    ("match", Matcher, "candidates"),
    ("pointers", Pointers, "find"),
    ("segment", layout, "segment"),
    ("phases", PhaseNames, "within"),
    ("times", layout, "time_expressions"),
    ("quantities", layout, "quantities"),
    ("amounts", layout, "amounts"),
    ("tokens", Tokens, "of"),
    ("phrases", Phrasebook, "within"),
    ("other plants", layout, "OtherPlants"),
    ("pieces", Encoder, "tokenize"),
    ("flags", Pieces, "flags"),
    ("lower layers", Encoder, "state"),
    ("upper layers", Encoder, "scores"),
    ("decode", Decoder, "decode"),
    ("gate", SubjectGate, "applied"),
)


def in_steps(reader: Reader, those: Sequence[Article]) -> str:
    """What each step takes of the time, less what the steps within it take."""
    spent: dict[str, float] = defaultdict(float)
    running: list[list[float]] = []

    def timed(name: str, work: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(work)
        def step(*args: P.args, **kwargs: P.kwargs) -> R:
            began = time.process_time()
            running.append([0.0])
            try:
                return work(*args, **kwargs)
            finally:
                took = time.process_time() - began
                spent[name] += took - running.pop()[0]
                if running:
                    running[-1][0] += took

        return step

    originals = [(o, a, o.__dict__[a]) for _, o, a in STEPS]
    try:
        for name, owner, attribute in STEPS:
            setattr(owner, attribute, timed(name, getattr(owner, attribute)))
        read = timed("rest", reader.read)
        for article in those:
            read(article)
    finally:
        for owner, attribute, original in originals:
            setattr(owner, attribute, original)
    return ", ".join(
        f"{name} {1000 * seconds / len(those):.2f}"
        for name, seconds in sorted(spent.items(), key=lambda step: -step[1])
    )


def peers(those: Sequence[Article], rounds: int) -> None:
    """What others take for one of the steps alone, on the same articles."""
    names = sorted({name for project in synthetic(SYNTHETIC_PROJECTS) for name in project.who}, key=len, reverse=True)
    scan = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    took = best(lambda: [scan.findall(article.text) for article in those], 1)
    print(f"re, searching for {len(names)} names of companies: {1000 * took / len(those):.2f} ms an article")
    try:
        from dateparser.search import search_dates  # type: ignore[import-untyped] # noqa: PLC0415 - a peer, if it is there
    except ImportError:
        print("dateparser: not installed")
        return
    some = [article for article in those if article.language != "zh"][:20]
    took = best(lambda: [search_dates(a.text, languages=[a.language or "en"]) for a in some], min(rounds, 2))
    print(f"dateparser.search, searching for dates: {1000 * took / len(some):.2f} ms an article")


# ---------------------------------------------------------------- memory


def memory(reader: Reader, count: int) -> None:
    """How much more memory is held after so many articles, no two of them the same."""
    poll = articles()["poll"]
    held: list[float] = []
    for number in range(count + 1):
        if number % max(count // 5, 1) == 0:
            gc.collect()
            held.append(resident())
        article = poll[number % len(poll)]
        reader.read(
            replace(article, key=f"{number}", text=f"{article.text} Reference {number}-{number * 7919 % 104729}.")
        )
    grown = ", ".join(f"{megabytes - held[1]:+.1f}" for megabytes in held[1:])
    print(f"memory: {held[1]:.0f} MB after {count // 5} articles; then, after as many again each time, {grown} MB")


def resident() -> float:
    """Megabytes of this process that are in memory."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s*(\d+) kB", status)[0]) / 1000


# ---------------------------------------------------------------- hostile text

#: What is said again and again, on a project that is watched, so that every step has work.
HOSTILE = {
    "stories, one after another": "",
    "no stop": "word ",
    "one word": "x",
    "digits": "1",
    "numbers": "1 ",
    "numbers with marks": "1.234,5 ",
    "number words": "two million ",
    "money": "$5 billion ",
    "brackets": "(",
    "brackets and quotes": ".\"')] ",
    "stops": ".",
    "spaces": " ",
    "lines": "\n",
    "commas": ", ",
    "names": "BTR ",
    "all of a project": "BTR cathode Tangier ",
    "sentences on projects": "BTR cathode Tangier. Gotion battery Kenitra. ",
    "and": "BTR Tangier anode and cathode Indonesia and ",
    "plants abroad": "German plant and Moroccan plant, ",
    "events": "construction began ",
    "halves of events": "sign agreement ",
    "cues": "will not ",
    "dates": "on 3 May 2024 ",
    "years": "2026 ",
    "months": "May ",
    "jobs": "500 new jobs, ",
    "Arabic events": "بدأ البناء ",
    "Chinese events": "开工",
    "Arabic marks": "\u064b",
    "wide letters": "\ufdfa",
}


def hostile(reader: Reader) -> None:
    """What so much of it takes, and how many times as long ten times as much: where all of it is read, and beyond."""
    lead = "BTR broke ground on its cathode plant in Tangier on 3 May 2024. "
    long = "\n".join(story["text"] for story in stories("data/articles-a") if story["lang"] == "en")
    for name, piece in HOSTILE.items():
        took = []
        for size in (20_000, 100_000, MAX_TEXT, 1_000_000):
            said = (piece or long) * (size // len(piece or long) + 1)
            day = Period.parse("2024-05-10")
            article = Article(key="a", url=None, title="", text=(lead + said)[:size], published=day, language="en")
            reader.read(article)
            took.append(best(lambda: reader.read(article), 1))  # noqa: B023 - called at once
        few, some, most, beyond = took
        print(
            f"{name}: 20 kB {few:.3f} s, 200 kB {most:.2f} s, {most / few:.1f} times;"
            f" 100 kB {some:.2f} s, 1 MB {beyond:.2f} s, {beyond / some:.1f} times"
        )


if __name__ == "__main__":
    main()
