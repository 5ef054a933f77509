"""A disk that forgets whatever was not synced: all that a power cut may leave of what SQLite has written.

A kill cannot tell, for the system keeps what was written. So somebody stands between SQLite and the system, in the
table of functions by which SQLite opens and syncs files, and keeps what each file holds at each sync. Between two of
them what was synced is safe; of what was written since any part may be on the disk, in any order.

What it does not show: a disk that says it has synced and has not, a file whose name is lost with its folder.
"""

import _sqlite3
import ctypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

#: What a disk writes whole or not at all.
SECTOR = 512
_INT, _ADDRESS = ctypes.c_int, ctypes.c_void_p
# Of a name the address, for SQLite finds more behind its end.
_OPENED = ctypes.CFUNCTYPE(_INT, _ADDRESS, _ADDRESS, _ADDRESS, _INT, _ADDRESS)
_SYNCED = ctypes.CFUNCTYPE(_INT, _ADDRESS, _INT)
#: Of ``sqlite3_io_methods``: pointers, with room for the version before them; the sync is the fifth.
_METHODS, _SYNC = _ADDRESS * 19, 5


class _Files(ctypes.Structure):
    """The beginning of ``sqlite3_vfs``: https://sqlite.org/c3ref/vfs.html."""

    _fields_ = (
        ("version", ctypes.c_int),
        ("size", ctypes.c_int),
        ("longest", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """When the power may go: before something is synced."""

    #: By the name of the file, what is on the disk in any case, and what was written.
    synced: Mapping[str, bytes]
    written: Mapping[str, bytes]
    #: How much had been acknowledged.
    acknowledged: int

    def remains(self, chance: Random) -> Iterator[Mapping[str, bytes]]:
        """What may be found when the power is back: nothing of what was not synced, all of it, and parts of it."""
        yield self.synced
        yield self.written
        for name, new in self.written.items():
            old = self.synced.get(name, b"")
            if new != old:
                for torn in _torn(old, new, chance):
                    yield {**self.synced, name: torn}


@dataclass(slots=True)
class Disk:
    """What is recorded of the files in one folder."""

    folder: Path
    moments: list[Moment] = field(default_factory=list)
    #: What somebody was told is safe, the oldest first.
    acknowledged: list[str] = field(default_factory=list)
    _synced: dict[str, bytes] = field(default_factory=dict)

    def sync(self, path: Path) -> None:
        """A file is about to be synced."""
        written = self.look()
        self._synced[path.name] = written[path.name]

    def look(self) -> Mapping[str, bytes]:
        """Remember this moment; what is written in it."""
        written = {each.name: each.read_bytes() for each in self.folder.iterdir() if not each.name.endswith("-shm")}
        self.moments.append(Moment(dict(self._synced), written, len(self.acknowledged)))
        return written


@contextmanager
def recorded(folder: Path) -> Iterator[Disk]:
    """Record what is written into this folder; what is opened there is to be closed before the end.

    What stands there at the beginning is safe.
    """
    library = ctypes.CDLL(_sqlite3.__file__)
    try:
        find = library.sqlite3_vfs_find
    except AttributeError:
        pytest.skip("the SQLite of this Python lets nobody stand between it and the system")
    find.restype = ctypes.POINTER(_Files)
    files = find(None).contents
    disk = Disk(folder, _synced={each.name: each.read_bytes() for each in folder.iterdir()})
    original = _OPENED(files.open)
    # Whoever is called by C must live as long as it may be.
    kept: list[Any] = []

    def opened(files_: int, name: int | None, file: int, flags: int, out: int) -> int:
        result = original(files_, name, file, flags, out)
        path = Path(ctypes.string_at(name).decode()) if name else Path()
        if result == 0 and path.parent == folder:
            methods = ctypes.c_void_p.from_address(file)
            own = _METHODS.from_buffer_copy(_METHODS.from_address(methods.value or 0))
            sync = _SYNCED(own[_SYNC] or 0)

            def synced(file: int, flags: int) -> int:
                disk.sync(path)
                return int(sync(file, flags))

            callback = _SYNCED(synced)
            own[_SYNC] = ctypes.cast(callback, ctypes.c_void_p).value
            kept.extend((own, callback))
            methods.value = ctypes.addressof(own)
        return int(result)

    standing_between = _OPENED(opened)
    before, files.open = files.open, ctypes.cast(standing_between, ctypes.c_void_p).value
    try:
        yield disk
    finally:
        files.open = before


def _torn(old: bytes, new: bytes, chance: Random) -> Iterator[bytes]:
    """The one partly written over the other: up to each page and somewhere in it, and sectors in no order."""
    size = max(len(old), len(new))
    # A page of the log with its head; the first one stands behind the log's.
    step = 4096 + 24
    for start in range(0, len(new), step):
        if new[start : start + step] != old[start : start + step]:
            for cut in (start + 32, start + chance.randrange(step)):
                yield new[:cut] + old[cut:]
    sectors = [new if chance.random() < 0.5 else old for _ in range(0, size, SECTOR)]
    parts = (source[at * SECTOR : (at + 1) * SECTOR] for at, source in enumerate(sectors))
    yield b"".join(part.ljust(SECTOR, b"\0") for part in parts)[:size]
