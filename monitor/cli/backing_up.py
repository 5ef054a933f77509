"""``backup``, ``restore``: write all data of the monitor into one file, and load it."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import show, show_json
from monitor.cli.session import consulted


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="To be made; never written over.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the whole database into one file, as one consistent snapshot. The service may run meanwhile.

    Works for SQLite and PostgreSQL, and moves data between them. The configuration is not included.

    Example:
        monitor backup /var/backups/monitor-2026-11-25.db
    """
    with consulted(config) as app:
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
    """Load a backup into the empty database of monitor.yaml, SQLite or PostgreSQL. If it fails, nothing is kept.

    Deliveries that were due when the backup was made are due again. What was sent since then is sent once more.

    Example:
        monitor restore /var/backups/monitor-2026-11-25.db
    """
    with consulted(config, writes=True) as app, tempfile.TemporaryDirectory() as scratch:
        rows = app.restore(file, Path(scratch))
    if as_json:
        show_json({"file": str(file), "rows": rows})
    else:
        show(f"{file}: {rows:,} rows restored.")
