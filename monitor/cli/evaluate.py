"""``evaluate``: how well labelled articles are read, and what moved since they were read before."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.labelled import read_labelled
from monitor.cli.opening import opened
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import complain, err, progress, show, show_json, warn
from monitor.cli.render import count
from monitor.cli.render_evaluation import figures, moved, worst
from monitor.cli.runs import comparison_json, evaluation_json, last_run, load_run, save_run
from monitor.core.evaluation.evaluation import Evaluation
from monitor.core.evaluation.scoring import evaluate as score
from monitor.errors import InputError


def evaluate(
    labels: Annotated[
        Path, typer.Argument(metavar="LABELS", help="A folder with a JSON file for each article, or JSON Lines.")
    ],
    articles: Annotated[str, typer.Argument(metavar="ARTICLES|-", help="Articles as JSON Lines; - is standard input.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
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
    """Read labelled articles and show how well: by language, stage and kind, and the worst cases with their sentences.

    The run is kept in data/evaluations beside the configuration; the next one over the same files tells what got better
    and what got worse. What is wrong in a label or an article is told with its place, costs only itself, and makes the
    exit 1.

    Examples:
        monitor evaluate labels.jsonl articles.jsonl
        monitor evaluate labels/ articles.jsonl --save before.json
        monitor evaluate labels/ articles.jsonl --baseline before.json --worst 30
    """
    last = last_run(config, labels, articles)
    before = load_run(baseline) if baseline else _last(last)
    skipped = frozenset(skip or ())
    with opened(config, as_json=as_json) as app:
        with progress("Reading articles", None) as advance:
            found = read_labelled(app, labels, articles, skip=skipped, heard=advance)
        run = score(found.read, skip=skipped | found.strangers)
        if as_json and found.read:
            show_json({**evaluation_json(run), "compared": comparison_json(before, run) if before else None})
        elif found.read:
            show(figures(run, before, app.watch.lifecycles.values()))
            show(worst(run, found.titles, cases))
            show(moved(before, run, found.titles, cases) if before else "There is no run before to compare with.")
    for complaint in found.complaints:
        complain(complaint)
    if found.unlabelled:
        err.print(f"{count(found.unlabelled, 'article')} without a label left out.")
    if not found.read:
        raise InputError(f"{labels}: none of its labels has its article in {articles}")
    _keep(run, last, save)
    if found.complaints:
        raise typer.Exit(1)


def _last(path: Path) -> Evaluation | None:
    """The run that was kept; one that cannot be read is no reason to stop."""
    try:
        return load_run(path) if path.exists() else None
    except InputError as error:
        warn(str(error))
        return None


def _keep(run: Evaluation, last: Path, save: Path | None) -> None:
    try:
        save_run(last, run)
    except InputError as error:
        # A container's configuration may stand where nothing can be written; the figures are told all the same.
        warn(str(error))
    if save:
        save_run(save, run)
