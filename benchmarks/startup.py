"""What commands cost before they do anything, and what it costs to prepare the workers.

    python -m benchmarks.startup                # with the starter configuration
    python -m benchmarks.startup --config config --rounds 10

CPU time of whole processes, the best of some rounds, and its ratio to a bare start of Python. The byte code of the
program is written first.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = (
    ("--help",),
    ("status",),
    ("changes",),
    ("feeds", "list"),
    ("deliveries",),
    ("doctor",),
    ("check",),
)
#: What a template of workers does before its workers are warm.
_PREPARE = """
import sys
from pathlib import Path
from monitor.settings.lexicons import load_lexicons
from monitor.workers.warming import steps
for step in steps(load_lexicons(Path(sys.argv[1]))):
    step()
"""


def cost(command: list[str], rounds: int) -> float:
    """The least CPU time of some runs, in seconds."""
    return min(_once(command) for _ in range(rounds))


def _once(command: list[str]) -> float:
    before = _used()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, help="The configuration folder; the starter configuration when absent.")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        config = args.config or Path(scratch) / "config"
        monitor = [sys.executable, "-m", "monitor"]
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        if args.config is None:
            subprocess.run([*monitor, "init", str(config)], capture_output=True, check=True)
        bare = cost([sys.executable, "-c", ""], args.rounds)
        print(f"{bare:6.2f} s         a bare start of Python")
        for command in COMMANDS:
            where = [] if command == ("--help",) else ["--config", str(config)]
            _show(" ".join(command), [*monitor, *command, *where], args.rounds, bare)
        _show("preparation of the workers", [sys.executable, "-c", _PREPARE, str(config)], 1, bare)


def _show(name: str, command: list[str], rounds: int, bare: float) -> None:
    _once(command)
    seconds = cost(command, rounds)
    print(f"{seconds:6.2f} s {seconds / bare:5.0f} ×  {name}", flush=True)


if __name__ == "__main__":
    main()
