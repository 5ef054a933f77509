"""What polling costs, beside the peer `reader`, in one run: seconds of the processor for each pass over the same feeds.

    pip install --group bench                                # the peer, into this environment or another
    python -m benchmarks.polling                             # 500 feeds of 30 entries: some minutes
    python -m benchmarks.polling --feeds 200 --share 0.033 --peer /other/venv/bin/python

A pass is cold (all is new), unchanged (each answers 304), or one new entry in each feed. Each is a process of its own;
time counts from the first request to the last commit, and what it takes to start stands beside it. The feeds are served
on loopback addresses by another process (benchmarks.feed_server).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from ruamel.yaml import YAML

from benchmarks.articles import synthetic, watched
from benchmarks.press import SYNTHETIC_PROJECTS

ROOT = Path(__file__).parents[1]
#: Of the entries: as in a collection of feeds that was chosen for its projects, and none.
SHARES = (1 / 30, 0.0)


@dataclass(frozen=True, slots=True)
class Served:
    """The feed server as its callers see it."""

    port: int
    feeds: list[str]

    def control(self, what: str) -> dict[str, float]:
        with urlopen(f"http://127.0.0.1:{self.port}/control/{what}") as answer:
            found: dict[str, float] = json.load(answer)
        return found

    def add(self, count: int, *, first: int = 0, step: int = 1) -> dict[str, float]:
        return self.control(f"add?first={first}&count={count}&step={step}")


@contextmanager
def serving(
    feeds: int, share: float, *, hosts: int = 20, later: float = 0.0, shown: int = 30, unheard: bool = False
) -> Iterator[Served]:
    """The feeds on loopback addresses, for as long as they are needed (benchmarks.feed_server)."""
    command = [sys.executable, "-m", "benchmarks.feed_server", "--feeds", str(feeds), "--hosts", str(hosts)]
    options = ["--share", str(share), "--later", str(later), "--shown", str(shown)]
    options += ["--unheard"] if unheard else []
    with subprocess.Popen(
        [*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as server:
        assert server.stdout is not None
        yield Served(**json.loads(server.stdout.readline()))
        server.communicate("")


def configured(folder: Path, feeds: list[str], *, every: str = "15m") -> None:
    """A configuration folder on these feeds: 2,056 projects are watched, and one subscriber hears of all."""
    files: dict[str, dict[str, Any]] = {
        "monitor": {
            "database": f"sqlite:///{folder}/monitor.db",
            "polling": {"requests_per_minute": 6_000, "per_host": 32},
            "web": {"port": 0},
            "fetch": {"allow_private": ["127.0.0.0/8"]},
        },
        "feeds": {
            "feeds": [{"url": url, "name": f"Outlet {number}", "every": every} for number, url in enumerate(feeds)]
        },
        "projects": {
            "projects": [
                {
                    "id": project.id,
                    "name": project.name[""],
                    "who": list(project.who),
                    "what": list(project.what),
                    "where": list(project.where),
                    "not": list(project.not_),
                }
                for project in [*watched(), *synthetic(SYNTHETIC_PROJECTS)]
            ]
        },
        "subscribers": {"subscribers": [{"name": "Desk", "to": ["console://"]}]},
    }
    yaml = YAML(typ="safe")
    for name, content in files.items():
        with (folder / f"{name}.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(content, file)


def passed(python: str, *arguments: str, given: str = "") -> dict[str, Any]:
    """What one process of benchmarks.polled says of itself."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [python, "-m", "benchmarks.polled", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")
    if done.stderr:
        print(done.stderr[:500], file=sys.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compare(feeds: int, share: float, peer: str, rounds: int) -> None:
    """The three passes of both, the later two so many times, one after the other so that both see the same machine."""
    took: dict[tuple[str, str], list[dict[str, Any]]] = {}
    with serving(feeds, share) as served, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configured(folder, served.feeds)
        database = str(folder / "reader.sqlite")
        passed(peer, "reader", database, "add", given="\n".join(served.feeds))
        for turn in ["cold", *["unchanged", "one new"] * rounds]:
            if turn == "one new":
                served.add(feeds)
            took.setdefault((turn, "ours"), []).append(passed(sys.executable, "ours", name))
            took.setdefault((turn, "reader"), []).append(passed(peer, "reader", database, "update"))
    print(f"\n{feeds} feeds, {share:.1%} of the entries on projects; seconds of the processor, the median of {rounds}")
    print(f"{'':10} {'ours':>7} {'reader':>7} {'ratio':>6}   {'wall':>11}   {'to start':>10}   {'peak MB':>8}")
    for turn in ("cold", "unchanged", "one new"):
        our, their = took[turn, "ours"], took[turn, "reader"]

        def middle(key: str, *runs: list[dict[str, Any]]) -> list[float]:
            return [median(run[key] for run in each) for each in runs]

        work, wall, start, peak = (middle(key, our, their) for key in ("work", "wall", "start", "peak"))
        print(
            f"{turn:10} {work[0]:7.2f} {work[1]:7.2f} {work[0] / work[1]:6.2f}   {wall[0]:5.2f} {wall[1]:5.2f}"
            f"   {start[0]:5.2f} {start[1]:4.2f}   {peak[0]:4.0f} {peak[1]:3.0f}   {our[-1]['counts']}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--share", type=float, help="of the entries, how many are on a project; one in 30, and none")
    parser.add_argument("--peer", default=sys.executable, help="the Python in whose environment `reader` is")
    parser.add_argument("--rounds", type=int, default=3, help="passes over unchanged feeds, and with one new entry")
    arguments = parser.parse_args()
    for share in SHARES if arguments.share is None else (arguments.share,):
        compare(arguments.feeds, share, arguments.peer, arguments.rounds)


if __name__ == "__main__":
    main()
