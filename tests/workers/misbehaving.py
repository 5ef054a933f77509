"""A reader that does to its process what the article's title says."""

import faulthandler
import os
import re
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.core.reading.lexicon import Lexicon
from tests.readers.hits import HitReader


def behave(_: str) -> None: ...


def sleep(seconds: str) -> None:
    time.sleep(float(seconds))


def spin(_: str) -> None:
    """One instruction that never lets go of the interpreter, and hears no handler of a signal."""
    re.match(r"(a|aa)+$", "a" * 60 + "b")


def eat(_: str) -> None:
    bytearray(2_000_000_000)


def crash(_: str) -> None:
    faulthandler._sigsegv()  # type: ignore[attr-defined] # the one way that the library has


def fail(_: str) -> None:
    raise ZeroDivisionError("by the article")


def die_once(flag: str) -> None:
    if not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)


def tell_pid(file: str) -> None:
    Path(file).write_text(str(os.getpid()))


def wait_for(flag: str) -> None:
    while not Path(flag).exists():
        time.sleep(0.01)


def meet(number_and_file: str) -> None:
    """Wait until so many have written their files: each of them has a process of its own."""
    number, file = number_and_file.split(" ", 1)
    tell_pid(file)
    while len(list(Path(file).parent.glob("pid-*"))) < int(number):
        time.sleep(0.01)


WAYS: Mapping[str, Callable[[str], None]] = {
    "sleep": sleep,
    "spin": spin,
    "eat": eat,
    "crash": crash,
    "raise": fail,
    "die-once": die_once,
    "pid": tell_pid,
    "wait-for": wait_for,
    "meet": meet,
}


class Misbehaving:
    """Implements ``ports.Reader``."""

    def __init__(
        self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], lifecycles: Mapping[str, Lifecycle]
    ) -> None: ...

    def read(self, article: Article) -> Reading:
        what, _, argument = article.title.partition(" ")
        WAYS.get(what, behave)(argument)
        return Reading(language=article.language, projects=(), claims=(), facts=())


class Moody(HitReader):
    """The built-in reader, but for articles whose titles begin with what to do."""

    def read(self, article: Article) -> Reading:
        what, _, argument = article.title.partition(" ")
        WAYS.get(what, behave)(argument)
        return super().read(article)
