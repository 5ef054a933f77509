"""``import``: loads past articles, and claims and decisions from another ledger, into the ledger."""

from typing import Annotated

import typer

from monitor.app.reading_pool import reading_pool
from monitor.cli.documents import feed_of, past
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import complain, progress, show, show_json, warn
from monitor.cli.render_work import imported as render_imported
from monitor.cli.session import opened
from monitor.contracts.checked import imported_json
from monitor.core.review.review import Review, claim_id
from monitor.errors import InputError, MonitorError
from monitor.know.history import take_decisions, take_in
from monitor.know.replay import Dated
from monitor.ports import ReadArticle


def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="Feed documents; articles, or what was exported, as JSON Lines; - is standard input."
        ),
    ],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Load past articles, or data exported from another ledger, into the ledger. Sends no alerts.

    Articles that are in the ledger already stay as they are, so it is safe to run this again. Exported claims keep the
    reading made there, and exported reviews keep their decisions. A bad line or entry is shown and left out, and the
    exit code is 1.

    Examples:
        monitor import archive.xml articles.jsonl
        monitor export claims --config elsewhere | monitor import -
    """
    failed = False
    with opened(config, as_json=as_json) as app:
        for name in files:
            items: list[Dated | ReadArticle] = []
            decisions: list[Review] = []
            for item in past(app, name):
                if isinstance(item, MonitorError):
                    complain(item)
                    failed = True
                elif isinstance(item, Review):
                    decisions.append(item)
                else:
                    items.append(item)
            feed, watch, ledger, now = feed_of(app, name).url, app.watch, app.ledger, app.clock()
            with (
                reading_pool(app, articles=len(items), warn=warn) as read_all,
                progress("Taking in articles", len(items)) as heard,
            ):
                done = take_in(items, feed=feed, watch=watch, ledger=ledger, read_all=read_all, now=now, heard=heard)
            decided = take_decisions(decisions, watch=watch, ledger=ledger)
            for review in decided.homeless:
                claim = claim_id(review.claim, review.source)
                complain(InputError(f"{name}: the article of {claim} is not known here; import the claims first"))
                failed = True
            if as_json:
                show_json(imported_json(name, done, decided))
            else:
                show(render_imported(name, done, decided))
    if failed:
        raise typer.Exit(1)
