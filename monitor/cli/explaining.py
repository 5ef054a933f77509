"""``read --explain``, ``read --html``: shows how articles are read, on the terminal or as a page."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from monitor.app.opening import build_app, load_folder
from monitor.cli import explain_html, explain_terminal
from monitor.cli.documents import articles, opened_file
from monitor.cli.output import complain, show, show_page, warn
from monitor.core.model import Article
from monitor.core.page.explained import section
from monitor.errors import InputError
from monitor.logs import redact
from monitor.readers.plug import TRAINED, explainer


def show_explained(file: str, folder: Path, *, as_html: bool) -> bool:
    """Show how the trained reader reads the articles of a file, each as soon as it is read.

    Returns:
        Whether every line is a valid article. Errors in other lines are shown, and valid articles are shown anyway.
    """
    config, lexicons = load_folder(folder)
    if config.reader.llm or config.reader.use != TRAINED:
        warn("this is how the trained reader reads; the configuration has another beside it or in its place")
    if config.phrases:
        warn("the phrases of reading.yaml are not shown; they are laid over what is read here")
    explain = explainer(config.projects, lexicons, config.lifecycles, weights=config.reader.weights)
    good, bad = 0, 0
    with opened_file(file) as lines, closing(build_app(config, lexicons)) as app:
        if as_html:
            show_page(explain_html.page_start())
        for item in articles(app, file, lines):
            if isinstance(item, InputError):
                complain(item)
                bad += 1
                continue
            good += 1
            explained = explain(item.article)
            if as_html:
                show_page(section(redact(item.id), _redacted(item.article), explained, number=good))
            else:
                show(explain_terminal.explanation(item.id, item.article, explained))
        if as_html:
            show_page(explain_html.page_end())
        elif good:
            show(explain_terminal.LEGEND)
    return not bad


def _redacted(article: Article) -> Article:
    """The article without secrets in what its head shows: an address may contain a key."""
    return replace(
        article, title=redact(article.title), outlet=redact(article.outlet), url=redact(article.url or "") or None
    )
