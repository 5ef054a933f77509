"""``backup``, ``restore``: all that the monitor knows in one file, and back."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import show, show_json
from monitor.cli.session import opened


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="To be made; never written over.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Write all that the database holds into one file, as of one instant; the service may go on meanwhile.

    Of SQLite and PostgreSQL alike, so that the one can become the other. The configuration is not in it.

    Example:
        monitor backup /var/backups/monitor-2026-11-25.db
    """
    with opened(config, as_json=as_json) as app:
        rows = app.backup(file)
    if as_json:
        show_json({"file": str(file), "rows": rows})
    else:
        show(f"{file}: {rows:,} rows.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by monitor backup, of this version or before.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Fill an empty database with a backup, all or nothing; the database is that of monitor.yaml, of either kind.

    What was owed when the backup was made is owed again, so what was sent since is sent once more.

    Example:
        monitor restore /var/backups/monitor-2026-11-25.db
    """
    with opened(config, as_json=as_json) as app, tempfile.TemporaryDirectory() as scratch:
        rows = app.restore(file, Path(scratch))
    if as_json:
        show_json({"file": str(file), "rows": rows})
    else:
        show(f"{file}: {rows:,} rows restored.")
