"""``rebuild``: reads all stored articles again by the current vocabulary and configuration."""

from typing import Annotated

import typer

from monitor.app.reading_pool import reading_pool
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import progress, show, show_json, warn
from monitor.cli.render_rebuild import rebuilt
from monitor.cli.session import opened
from monitor.contracts.rebuild import rebuilt_json
from monitor.know.rebuild import rebuild as read_again
from monitor.know.rebuild import try_out


def rebuild(
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Keep the new readings; without it nothing is kept.")] = False,
    alert: Annotated[bool, typer.Option("--alert", help="Tell subscribers what moves; else it is history.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read all stored articles again by the current vocabulary, and show which knowledge and alerts would differ.

    With --apply the new readings replace the old ones, which stay on record. Articles that were read by the current
    vocabulary and configuration are not read again, so an interrupted rebuild can be continued by running it again.
    Operators' decisions stay in force. An article whose text is no longer stored keeps its claims.

    Examples:
        monitor rebuild
        monitor rebuild --apply
        monitor rebuild --json | jq '.projects[] | {project, status}'
    """
    if alert and not apply:
        raise typer.BadParameter("nobody is told of what is not kept: add --apply", param_hint="--alert")
    with opened(config, as_json=as_json) as app:
        watch, ledger, now = app.watch, app.ledger, app.clock()
        total = ledger.count_read_otherwise(watch.fingerprint)
        with (
            reading_pool(app, articles=total, warn=warn) as read_all,
            progress("Reading articles again", total) as heard,
        ):
            if apply:
                done = read_again(watch, ledger, read_all, now=now, alert=alert, heard=heard)
            else:
                done = try_out(watch, ledger, read_all, now=now, heard=heard)
    if as_json:
        show_json(rebuilt_json(done, applied=apply))
    else:
        show(rebuilt(done, watch.projects, applied=apply))
