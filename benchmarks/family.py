"""What a process costs, together with those that it has started: its workers are as much of it as its threads."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu(root: int | None = None) -> float:
    """Seconds of the processor that the family has taken so far; of those that ended, what their parents know."""
    spent = 0.0
    for pid in _members(root or os.getpid()):
        fields = _stat(pid)
        # utime and stime, and those of children that were waited for: proc_pid_stat(5), fields 14 to 17.
        spent += sum(map(int, fields[11:15])) / _TICK
    return spent


def own_cpu(pid: int) -> float:
    """Seconds of the processor that this process alone has taken so far; 0 where it has ended."""
    return sum(map(int, _stat(pid)[11:13])) / _TICK


def children(parent: int) -> list[int]:
    """The processes that it has started itself."""
    return [pid for pid, each in _parents().items() if each == parent]


def memory(root: int | None = None) -> float:
    """Megabytes that the family has in memory now, what several of them share counted once (PSS)."""
    return sum(_pss(pid) for pid in _members(root or os.getpid())) / 1000


def _members(root: int) -> Iterator[int]:
    parents = _parents()
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return iter(family)


def _parents() -> dict[int, int]:
    pids = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return {pid: int(fields[1]) for pid in pids if (fields := _stat(pid))}


def _stat(pid: int) -> list[str]:
    """The fields behind the name, the state first; none where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return []


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
