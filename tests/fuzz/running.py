"""A target run on many inputs: what failed is kept as files, what was slow is told, and all of it is summed up."""

import json
import platform
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from heapq import heappushpop
from operator import itemgetter
from pathlib import Path
from typing import Any

#: Inputs that take longer are told, in seconds.
SLOW = 1.0
#: Inputs that take longer are given up and are failures, in seconds.
_GIVEN_UP = 60
_SLOWEST = 5


@dataclass(slots=True)
class Run:
    """What came of the inputs so far."""

    target: str
    folder: Path
    engine: str
    seed: int
    inputs: int = 0
    seconds: float = 0.0
    #: Of each kind the first input, as a file.
    failures: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    #: (seconds, digest, input), the quickest first.
    slowest: list[tuple[float, str, bytes]] = field(default_factory=lambda: [(0.0, "", b"")] * _SLOWEST)

    def try_one(self, run: Callable[[bytes], None], data: bytes) -> bool:
        """Run the target on one input; whether it holds."""
        began = time.perf_counter()
        kind = ""
        try:
            with _bounded():
                run(data)
        except Exception as error:  # noqa: BLE001 - whatever a target lets out is what is looked for
            kind = _kind(error)
        seconds = time.perf_counter() - began
        self.inputs += 1
        self.seconds += seconds
        heappushpop(self.slowest, (seconds, sha256(data).hexdigest()[:16], data))
        if kind:
            self.counts[kind] += 1
            if kind not in self.failures:
                self.failures[kind] = self._keep("failure", data)
        return not kind

    def close(self, run: Callable[[bytes], None]) -> dict[str, Any]:
        """Keep the slowest inputs and the summary; the summary.

        What was slow is run again: what is loaded once, and a busy machine, are no fault of the input.
        """
        slowest = []
        for seconds, _, data in [each for each in self.slowest if each[1]]:
            began = time.perf_counter()
            with suppress(Exception), _bounded():
                run(data)
            again = min(seconds, time.perf_counter() - began)
            slowest.append({"seconds": round(again, 3), "file": self._keep("slow", data)})
        slowest.sort(key=itemgetter("seconds"), reverse=True)
        summary = {
            "target": self.target,
            "engine": self.engine,
            "seed": self.seed,
            "python": platform.python_version(),
            "inputs": self.inputs,
            "seconds": round(self.seconds, 1),
            "failures": [
                {"error": kind, "count": self.counts[kind], "file": file} for kind, file in self.failures.items()
            ],
            "slowest": slowest,
        }
        self._write(f"summary-{self.target}-{self.engine}-{self.seed}.json", json.dumps(summary, indent=2).encode())
        return summary

    def _keep(self, why: str, data: bytes) -> str:
        return self._write(f"{why}-{self.target}-{sha256(data).hexdigest()[:12]}", data)

    def _write(self, name: str, data: bytes) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_bytes(data)
        return str(path)


def totals(folder: Path) -> Iterator[str]:
    """A line for each target that the summaries in a folder tell of, and one for all of them."""
    summaries = [json.loads(path.read_text()) for path in sorted(folder.rglob("summary-*.json"))]
    for target in sorted({summary["target"] for summary in summaries}):
        yield _line(target, [summary for summary in summaries if summary["target"] == target])
    yield _line("all", summaries)


def _line(name: str, summaries: Iterable[dict[str, Any]]) -> str:
    summaries = list(summaries)
    inputs, seconds = (sum(summary[key] for summary in summaries) for key in ("inputs", "seconds"))
    kinds = {failure["error"] for summary in summaries for failure in summary["failures"]}
    slowest = max((each["seconds"] for summary in summaries for each in summary["slowest"]), default=0.0)
    return f"{name:10} {inputs:>9,} inputs {seconds:>9,.0f} s  slowest {slowest:.2f} s  {len(kinds)} kinds of failure"


def _kind(error: Exception) -> str:
    """What tells a failure from others: the error, and where in the program it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/monitor/" in frame.filename or "/fuzz/targets" in frame.filename]
    place = f" in {Path(own[-1].filename).name}:{own[-1].name}" if own else ""
    return f"{type(error).__name__}{place}"


@contextmanager
def _bounded() -> Iterator[None]:
    """Gives up what takes too long, so that a run ends."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"took more than {_GIVEN_UP} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _GIVEN_UP)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
