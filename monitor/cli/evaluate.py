"""``evaluate``: measures readers on labelled articles or on the operators' decisions."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.app.chosen_readers import Readers
from monitor.cli.evaluating_labels import Labels, evaluate_labels
from monitor.cli.evaluating_reviews import evaluate_reviews
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.session import opened


def evaluate(
    labels: Annotated[
        Path | None, typer.Argument(metavar="LABELS", help="A folder with a JSON file for each article, or JSON Lines.")
    ] = None,
    articles: Annotated[
        str | None, typer.Argument(metavar="ARTICLES|-", help="Articles as JSON Lines; - is standard input.")
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    reviews: Annotated[
        bool, typer.Option("--reviews", help="Measure on the decisions of operators in the ledger, not on labels.")
    ] = False,
    reader: Readers = None,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="PROJECT", help="Do not score this project; may be repeated.")
    ] = None,
    cases: Annotated[
        int, typer.Option("--worst", metavar="N", min=0, help="How many cases are shown in each list.")
    ] = 10,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with the run in this file, not with the last one.")
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the run in this file too.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure a reader on labelled articles: by language, stage and kind, and the worst cases with their sentences.

    The run is kept in data/evaluations beside the configuration. The next run over the same files shows what got better
    and what got worse. An error in a label or an article is shown with its place. Only that item is left out, and the
    exit code is 1. If --reader is given several times, the readers are compared.

    With --reviews, the articles that operators have decided on are read again. The result shows whether the reader
    still makes the confirmed claims, makes rejected claims again, and now makes the right claims instead of corrected
    ones.

    Examples:
        monitor evaluate labels.jsonl articles.jsonl
        monitor evaluate labels/ articles.jsonl --save before.json
        monitor evaluate labels/ articles.jsonl --baseline before.json --worst 30
        monitor evaluate labels/ articles.jsonl --reader trained --reader llm
        monitor evaluate --reviews --reader trained --reader llm
    """
    names = tuple(dict.fromkeys(reader or ()))
    if reviews:
        if labels or skip or baseline or save:
            raise typer.BadParameter("takes no labels, and no --skip, --baseline or --save", param_hint="--reviews")
        with opened(config, as_json=as_json) as app:
            is_well = evaluate_reviews(app, names, cases=cases, as_json=as_json)
    else:
        if labels is None or articles is None:
            raise typer.BadParameter("give both, or --reviews", param_hint="LABELS ARTICLES")
        if save and len(names) > 1:
            raise typer.BadParameter("keeps the run of one reader", param_hint="--save")
        given = Labels(
            config=config,
            labels=labels,
            articles=articles,
            skip=frozenset(skip or ()),
            baseline=baseline,
            save=save,
        )
        with opened(config, as_json=as_json) as app:
            is_well = evaluate_labels(app, given, names, cases=cases, as_json=as_json)
    if not is_well:
        raise typer.Exit(1)
