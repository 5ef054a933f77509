"""Measures readers on operators' decisions: reads the articles with decisions again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor.app.chosen_readers import chosen
from monitor.cli.output import complain, progress, show, show_json
from monitor.cli.render_decided import decided
from monitor.contracts.decided import decided_json
from monitor.core.evaluation.decided import DecidedArticle, Material, evaluate_decided, material
from monitor.core.model import Reading
from monitor.know.replay import read_article

if TYPE_CHECKING:
    from monitor.app.build import App


def evaluate_reviews(app: "App", readers: Sequence[str], *, cases: int, as_json: bool) -> bool:
    """Measure these readers, or the configured one, and show the result.

    Returns:
        Whether all of the readers can be used.

    Raises:
        InputError: none of the readers can be used.
        LedgerError: the database refused.
    """
    watches, complaints = chosen(app, readers)
    for complaint in complaints:
        complain(complaint)
    given = _material(app)
    read: dict[str, list[tuple[DecidedArticle, Reading]]] = {name: [] for name in watches}
    with progress("Reading articles", len(given.articles)) as advance:
        for each in given.articles:
            for name, watch in watches.items():
                read[name].append((each, read_article(each.article, watch)))
            advance()
    runs = {name: evaluate_decided(readings) for name, readings in read.items()}
    if as_json:
        show_json(decided_json(given, runs))
    else:
        show(decided(given, runs, cases))
    return not complaints


def _material(app: "App") -> Material:
    reviews = app.ledger.reviews()
    heard = app.ledger.heard(tuple({review.source.article for review in reviews}))
    articles = {key: None if item.is_dropped else item.article for key, item in heard.items()}
    return material(reviews, articles, app.watch.projects)
