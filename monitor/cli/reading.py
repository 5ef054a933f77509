"""``read``, ``replay``: reads and replays articles. Nothing is kept, and nothing is sent."""

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.documents import articles, history, opened_file
from monitor.cli.explaining import show_explained
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import complain, progress, show, show_json, warn
from monitor.cli.render_lists import changes as render_changes
from monitor.cli.render_lists import reading as render_reading
from monitor.cli.session import opened
from monitor.contracts.status import change_json, reading_json
from monitor.core.model import MAX_TEXT
from monitor.errors import InputError, MonitorError
from monitor.know.rebuild import Dated, read_article
from monitor.know.rebuild import replay as play

if TYPE_CHECKING:
    from monitor.app.build import App


def read(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Articles as JSON Lines; - is standard input.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how each is read: the text with all that was found in it.")
    ] = False,
    as_html: Annotated[bool, typer.Option("--html", help="The same as a page of HTML on standard output.")] = False,
) -> None:
    """Read articles: the projects that each concerns, and its claims about them with their sentences. One result each.

    A line has id, title and text, and may have url, published, lang and outlet. A bad line is reported with its number
    and left out, and the exit code is 1.

    Examples:
        monitor read articles.jsonl
        monitor read --explain articles.jsonl
        monitor read --html articles.jsonl > reading.html
        cat articles.jsonl | monitor read --json -
    """
    if explain or as_html:
        if as_json:
            raise typer.BadParameter("--json gives the reading; how it came about is for people: --explain or --html")
        if not show_explained(file, config, as_html=as_html):
            raise typer.Exit(1)
        return
    failed = False
    with opened(config, as_json=as_json) as app, opened_file(file) as lines:
        for item in articles(app, file, lines):
            if isinstance(item, InputError):
                complain(item)
                failed = True
                continue
            if len(item.article.text) > MAX_TEXT:
                warn(f"{item.id}: only the first {MAX_TEXT:,} characters are read")
            reading = read_article(item.article, app.watch)
            if as_json:
                show_json(reading_json(item.id, reading))
            else:
                show(render_reading(item.id, item.article.title, reading))
    if failed:
        raise typer.Exit(1)


def replay(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Feed documents, or articles as JSON Lines; - is standard input."),
    ],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Replay past articles in the order of their publication, and show what would have moved. Sends nothing.

    The ledger is new and in memory. Facts in the configuration are known from the start. Articles without a date are
    left out with a warning.

    Examples:
        monitor replay config/history.xml
        monitor replay --json articles.jsonl | jq 'select(.type == "status")'
    """
    with opened(config, as_json=as_json) as app:
        items = _load(app, paths)
        with progress("Playing articles", len(items)) as advance:
            changes = play(items, app.watch, heard=advance)
            if as_json:
                for change in changes:
                    show_json(change_json(change))
                return
            found = list(changes)
    show(render_changes(found, app.watch.projects, app.watch.timezone) if found else "Nothing would have moved.")


def _load(app: "App", paths: list[str]) -> list[Dated]:
    found = []
    for path in paths:
        for item in history(app, path):
            if isinstance(item, MonitorError):
                warn(str(item))
            else:
                found.append(item)
    return found
