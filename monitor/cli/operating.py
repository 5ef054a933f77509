"""``doctor``, ``backup``, ``restore``: what is wrong with the monitor itself, and all its data in one file."""

import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.app.archive import is_closed_to_all
from monitor.app.opening import build_app, load_last_valid
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import NO_ACCOUNT, err, out, show, show_json, unused_proxy, warn
from monitor.cli.render import instant, lines, table, text
from monitor.cli.session import consulted
from monitor.core.health import Trouble, observe
from monitor.core.message.compose import fields
from monitor.errors import LedgerError
from monitor.operate.selfcheck import hindrance

# ``backup``, ``restore``: write all data of the monitor into one file, and load it ------------------------------------


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


# ``doctor``: shows what is wrong with the monitor itself --------------------------------------------------------------


if TYPE_CHECKING:
    from monitor.app.build import App

#: What a running service has not found again for this long is over. Longer than the time between two of its checks.
_FRESH = timedelta(minutes=2)


def doctor(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show what is wrong with the monitor itself: feeds, deliveries, disk, and what the service has found.

    The service reports the same to its operator (operator.to in monitor.yaml) if it lasts. For the state of the
    projects, use monitor status. Exit 1 if something is wrong. An edit of the configuration that the service refuses is
    a finding too. Exit 2 if the configuration is wrong and there is none before it.

    Examples:
        monitor doctor
        monitor doctor --json
    """
    last, lexicons, refused = load_last_valid(config)
    with closing(build_app(last, lexicons, console=err if as_json else out)) as app:
        now = app.clock()
        found = observe(app.health.ailments(), app.findings(refused_edit=refused, unserved=_unserved(app)), now)
        # This command has just read the files and tried the port. It knows better than the service has known before.
        over = {Trouble.EDIT_REFUSED: timedelta(0), Trouble.UNSERVED: _FRESH}
        ailments = [each for each in found if now - each.found_at <= over.get(each.trouble, timedelta.max)]
        zone = app.watch.timezone
        is_closed = is_closed_to_all(app.config, app.accounts)
    for warning in filter(None, (NO_ACCOUNT if is_closed else "", unused_proxy())):
        warn(warning)
    if as_json:
        for ailment in ailments:
            show_json(fields(ailment))
    elif not ailments:
        show("All is well.")
    else:
        rows = table("What", "Since", "Told", "How it is")
        others = [each for each in ailments if each.trouble is not Trouble.NO_NETWORK]
        for ailment in ailments:
            if ailment not in others:
                show(text(ailment.detail, "yellow"))
        for ailment in others:
            what = lines(text(ailment.trouble.value, "bold"), text(ailment.subject))
            told = instant(ailment.told_at, zone) if ailment.told_at else "not yet"
            rows.add_row(what, instant(ailment.since, zone), told, text(ailment.detail))
        if others:
            show(rows)
    if ailments:
        raise typer.Exit(1)


def _unserved(app: "App") -> str:
    """Why the pages cannot be served here. "" if they can, or if a service runs, which knows that itself."""
    settings = app.config.web
    if not (why := hindrance(settings.host, settings.port)):
        return ""
    try:
        with app.exclusively():
            return why
    except LedgerError:
        return ""
