"""The command line: parses arguments, calls the monitor, shows the results. It contains no domain rules."""

import atexit
import gc
import sys
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.commands import Commands
from monitor.errors import ConfigError, MonitorError

FAILED, WRONG = 1, 2
#: Loading a command makes hundreds of thousands of objects, and nearly all of them stay. To look for garbage after each
#: 2,000, as Python does, takes a tenth of the time of a short command.
_OBJECTS_BEFORE_GARBAGE = 50_000

app = typer.Typer(
    name="monitor",
    cls=Commands,
    no_args_is_help=True,
    # Typer's tracebacks show local variables, which may contain secrets.
    pretty_exceptions_enable=False,
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
    from monitor.logs import set_up_logs  # noqa: PLC0415 - not needed for help

    set_up_logs(verbose=verbose)


def main() -> None:
    """Run the command of ``sys.argv``. An error that the user can fix is shown as one message without a traceback."""
    gc.set_threshold(_OBJECTS_BEFORE_GARBAGE)
    # Python looks through all of them once more when it ends. What is open was closed by then.
    atexit.register(gc.freeze)
    try:
        app(prog_name="monitor")
    except MonitorError as error:
        from monitor.cli.output import complain  # noqa: PLC0415 - not needed for help

        complain(error)
        sys.exit(WRONG if isinstance(error, ConfigError) else FAILED)
