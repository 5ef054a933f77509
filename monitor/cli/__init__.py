"""The command line: parses arguments, calls the monitor, shows the results. It contains no domain rules."""

import inspect
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import (
    backing_up,
    configuring,
    delivering,
    demo,
    doctor,
    evaluate,
    exporting,
    feeds,
    importing,
    knowledge,
    polling,
    projects,
    reading,
    rebuilding,
    reviewing,
    subscribing,
)
from monitor.cli.output import complain
from monitor.errors import ConfigError, MonitorError
from monitor.logs import set_up_logs

FAILED, WRONG = 1, 2


def _add(to: typer.Typer, command: Callable[..., None], name: str | None = None, *, panel: str | None = None) -> None:
    """Add a command with its docstring as help. Paragraphs wrap at the terminal's width; examples stay as written."""
    told = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    prose = (part if "\n    " in part else part.replace("\n", " ") for part in told)
    to.command(name, help="\n\n".join(prose), rich_help_panel=panel)(command)


app = typer.Typer(
    name="monitor",
    no_args_is_help=True,
    # Typer's tracebacks show local variables, which may contain secrets.
    pretty_exceptions_enable=False,
)

_CONFIGURE, _RUN, _KNOW, _TRY = "Configure", "Run", "What is known", "Try out; nothing is kept, nothing is sent"
for panel, commands in {
    _CONFIGURE: (configuring.init, configuring.check, evaluate.evaluate, configuring.schema),
    _RUN: (
        polling.run,
        polling.poll,
        rebuilding.rebuild,
        delivering.deliveries,
        delivering.retry,
        delivering.notify,
        doctor.doctor,
        backing_up.backup,
        backing_up.restore,
    ),
    _KNOW: (knowledge.status, knowledge.timeline, knowledge.changes, exporting.export),
    _TRY: (reading.read, reading.replay, demo.demo),
}.items():
    for command in commands:
        _add(app, command, panel=panel)

# A Python keyword cannot be a function name.
_add(app, importing.import_, "import", panel=_RUN)

_review = typer.Typer(invoke_without_command=True)
_review.callback()(reviewing.overview)
_add(_review, reviewing.list_claims, "list")
for deciding in (reviewing.confirm, reviewing.reject, reviewing.correct, reviewing.assign, reviewing.undo):
    _add(_review, deciding)
app.add_typer(_review, name="review", rich_help_panel=_KNOW)

_feeds = typer.Typer(no_args_is_help=True)
_add(_feeds, feeds.list_feeds, "list")
_add(_feeds, feeds.explain, "why")
_add(_feeds, feeds.add)
_add(_feeds, feeds.try_out, "test")
_add(_feeds, feeds.discover)
_add(_feeds, feeds.export_opml, "export")
_add(_feeds, feeds.import_opml, "import")
app.add_typer(
    _feeds,
    name="feeds",
    help="List, explain, add, try and find feeds, give and take them as OPML.",
    rich_help_panel=_RUN,
)

_projects = typer.Typer(no_args_is_help=True)
_add(_projects, projects.list_projects, "list")
for changing in (projects.add, projects.edit, projects.remove):
    _add(_projects, changing)
app.add_typer(
    _projects,
    name="projects",
    help="Watch a new project; list, change and remove projects.",
    rich_help_panel=_CONFIGURE,
)

_subscribers = typer.Typer(no_args_is_help=True)
_add(_subscribers, subscribing.list_subscribers, "list")
_add(_subscribers, subscribing.explain)
_add(_subscribers, subscribing.readmit)
app.add_typer(
    _subscribers, name="subscribers", help="List subscribers; say who is told what, and why not.", rich_help_panel=_RUN
)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"monitor {__version__}\n")
        raise typer.Exit


@app.callback()
def _common(
    *,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log what the monitor does in detail.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tells people when a big industrial project really moves.

    Exit codes: 0 done, 1 failed, 2 wrong use or configuration.
    """
    set_up_logs(verbose=verbose)


def main() -> None:
    """Run the command of ``sys.argv``. An error that the user can fix is shown as one message without a traceback."""
    try:
        app(prog_name="monitor")
    except ConfigError as error:
        complain(error)
        sys.exit(WRONG)
    except MonitorError as error:
        complain(error)
        sys.exit(FAILED)
