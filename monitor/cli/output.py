"""Where a command's words go: results to standard output, everything else to standard error."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from monitor.core.plain import clean
from monitor.errors import ConfigError, Problem
from monitor.logs import redact

#: Results.
out = Console(highlight=False)
#: Errors, warnings and progress.
err = Console(stderr=True, highlight=False)


def show(result: RenderableType) -> None:
    """Print a result for people."""
    out.print(result, soft_wrap=isinstance(result, Text))
    out.file.flush()


def show_json(result: object) -> None:
    """Print a result for programs: one line, at once."""
    line = json.dumps(result, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair, from a broken document: JSON can say it, UTF-8 cannot.
        line = json.dumps(result)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def show_page(part: str) -> None:
    """Print a part of a page of HTML, which says itself that it is in UTF-8."""
    sys.stdout.flush()
    sys.stdout.buffer.write(part.encode())
    sys.stdout.buffer.flush()


def warn(message: str) -> None:
    """Say what is odd and stops nothing."""
    err.print(Text.assemble(("warning: ", "yellow"), clean(redact(message))), soft_wrap=True)


def complain(error: Exception) -> None:
    """Say why the command failed, so that a person can mend it."""
    if isinstance(error, ConfigError):
        complain_of(error.problems)
    else:
        err.print(Text.assemble(("error: ", "bold red"), clean(redact(str(error)))), soft_wrap=True)


def complain_of(problems: Iterable[Problem], *, kind: str = "error", style: str = "bold red") -> None:
    """Say what is wrong in the configuration, one line for each problem, its place first, as compilers do."""
    for problem in problems:
        place = f"{problem.file}:{problem.line}" if problem.line is not None else problem.file
        said = f"{problem.key}: {problem.message}" if problem.key else problem.message
        line = Text.assemble((f"{clean(place)}: ", "bold"), (f"{kind}: ", style), clean(redact(said)))
        err.print(line, soft_wrap=True)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[], None]]:
    """A bar on standard error, gone when it is done, and nothing where nobody looks; call it at each step."""
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
