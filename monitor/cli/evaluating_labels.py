"""Measures readers on labelled articles, and compares with an earlier run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.app.chosen_readers import chosen
from monitor.cli.labelled import Labelled, read_labelled
from monitor.cli.output import complain, err, progress, show, show_json, warn
from monitor.cli.render import count
from monitor.cli.render_evaluation import figures, head, mistakes, moved, side_by_side
from monitor.contracts.plain import Json
from monitor.contracts.runs import comparison_json, evaluation_json, last_run, load_run, save_run
from monitor.core.evaluation.evaluation import Evaluation
from monitor.core.evaluation.scoring import evaluate as score
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.app.build import App


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labelled articles to measure readers on, and the run to compare with."""

    config: Path
    labels: Path
    articles: str
    #: Projects that are not scored.
    skip: frozenset[str]
    #: The run to compare with instead of the last one.
    baseline: Path | None
    #: Another file in which to keep the run.
    save: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The evaluation of one reader, and the run to compare it with."""

    run: Evaluation
    before: Evaluation | None
    #: The file in which the run is kept for the next comparison.
    last: Path

    def json(self) -> Json:
        compared = comparison_json(self.before, self.run) if self.before else None
        return {**evaluation_json(self.run), "compared": compared}


def evaluate_labels(app: "App", given: Labels, readers: Sequence[str], *, cases: int, as_json: bool) -> bool:
    """Measure these readers, or the configured one, and show the result.

    Returns:
        Whether all input was valid.

    Raises:
        InputError: nothing can be measured.
    """
    baseline = load_run(given.baseline) if given.baseline else None
    watches, complaints = chosen(app, readers)
    with progress("Reading articles", None) as advance:
        found = read_labelled(app, given.labels, given.articles, readers=watches, skip=given.skip, heard=advance)
    complaints += found.complaints
    for complaint in complaints:
        complain(complaint)
    if found.unlabelled:
        err.print(f"{count(found.unlabelled, 'article')} without a label left out.")
    if not found.titles:
        raise InputError(f"{given.labels}: none of its labels has its article in {given.articles}")
    runs: dict[str, _Run] = {}
    for name, read in found.read.items():
        last = last_run(given.config, given.labels, given.articles, name if readers else "")
        run = score(read, skip=given.skip | found.strangers)
        runs[name] = _Run(run=run, before=baseline or _last(last), last=last)
    if as_json:
        _print(runs)
    else:
        _show(app, runs, found, cases)
    for each in runs.values():
        _keep(each, given.save)
    return not complaints


def _print(runs: Mapping[str, _Run]) -> None:
    if len(runs) > 1:
        show_json({"readers": [{"reader": name, **each.json()} for name, each in runs.items()]})
    else:
        for each in runs.values():
            show_json(each.json())


def _show(app: "App", runs: Mapping[str, _Run], found: Labelled, cases: int) -> None:
    if len(runs) > 1:
        show(side_by_side({name: each.run for name, each in runs.items()}))
    for name, each in runs.items():
        if len(runs) > 1:
            show(head(name))
        show(figures(each.run, each.before, app.watch.lifecycles.values()))
        show(mistakes(each.run.mistakes, found.titles, cases))
        show(
            moved(each.before, each.run, found.titles, cases)
            if each.before
            else "There is no run before to compare with."
        )


def _last(path: Path) -> Evaluation | None:
    """The kept run. None if there is none, or if it cannot be read, which is only a warning."""
    try:
        return load_run(path) if path.exists() else None
    except InputError as error:
        warn(str(error))
        return None


def _keep(done: _Run, save: Path | None) -> None:
    try:
        save_run(done.last, done.run)
    except InputError as error:
        # The configuration folder may be read-only, as in a container. The figures are shown all the same.
        warn(str(error))
    if save:
        save_run(save, done.run)
