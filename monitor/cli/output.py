"""Prints results to standard output, and everything else to standard error."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from monitor.core.plain import clean
from monitor.errors import ConfigError, ConfigProblem
from monitor.logs import redact

#: For results.
out = Console(highlight=False)
#: For errors, warnings and progress.
err = Console(stderr=True, highlight=False)

#: What a warning says if the pages are reached from elsewhere.
NO_ACCOUNT = "nobody can log in to the pages and the API; make an account: monitor users add NAME --role admin"


#: The variables of the environment that name a proxy.
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


def unused_proxy() -> str:
    """What a warning says if the environment names a proxy. "" if it names none."""
    names = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    if not names:
        return ""
    return (
        f"{', '.join(names)}: the monitor uses no proxy, because it checks the address of each connection itself; "
        "let it reach feeds and services directly"
    )


def show(result: RenderableType) -> None:
    """Print a result for people. An address is printed whole, beyond the last column if it is long."""
    out.print(result, soft_wrap=isinstance(result, Text), crop=False)
    out.file.flush()


def show_json(result: object) -> None:
    """Print a result for programs: one line, flushed at once."""
    line = json.dumps(result, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        # A broken document may contain half a surrogate pair. JSON can escape it; UTF-8 cannot encode it.
        line = json.dumps(result)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show_page(part: str) -> None:
    """Print a part of an HTML page in UTF-8, the encoding that the page declares."""
    sys.stdout.flush()
    sys.stdout.buffer.write(part.encode())
    sys.stdout.buffer.flush()


def warn(message: str) -> None:
    """Print a warning: something is odd, but the command goes on."""
    err.print(Text.assemble(("warning: ", "yellow"), clean(redact(message))), soft_wrap=True)


def complain(error: Exception) -> None:
    """Print why the command failed, and what to do if the error says it."""
    if isinstance(error, ConfigError):
        complain_of(error.problems)
    else:
        err.print(Text.assemble(("error: ", "bold red"), clean(redact(str(error)))), soft_wrap=True)


def complain_of(problems: Iterable[ConfigProblem], *, kind: str = "error", style: str = "bold red") -> None:
    """Print the problems of a configuration, one per line, each after its place, in the format of compilers."""
    for problem in problems:
        place = f"{problem.file}:{problem.line}" if problem.line is not None else problem.file
        said = f"{problem.key}: {problem.message}" if problem.key else problem.message
        line = Text.assemble((f"{clean(place)}: ", "bold"), (f"{kind}: ", style), clean(redact(said)))
        err.print(line, soft_wrap=True)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error. Call the yielded function at each step.

    The bar disappears at the end, and is not shown if standard error is not a terminal.
    """
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
