"""``evaluate``: measures readers on labelled articles or on the operators' decisions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.app.build import Readers, chosen
from monitor.cli.documents import articles, opened_file
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import complain, err, progress, show, show_json, warn
from monitor.cli.render import count
from monitor.cli.render_evaluation import decided, figures, head, mistakes, moved, side_by_side
from monitor.cli.session import opened
from monitor.contracts.articles import GivenArticle
from monitor.contracts.labels import GivenLabel, fitted, parse_labels
from monitor.contracts.plain import Json
from monitor.contracts.runs import comparison_json, decided_json, evaluation_json, last_run, load_run, save_run
from monitor.core.evaluation.decided import DecidedArticle, Material, evaluate_decided, material
from monitor.core.evaluation.scoring import Evaluation, Label
from monitor.core.evaluation.scoring import evaluate as score
from monitor.core.model import Reading
from monitor.errors import InputError
from monitor.know.rebuild import read_article
from monitor.settings.scalars import suggest
from monitor.watch.watch import Watch

# Measures readers on operators' decisions: reads the articles with decisions again ------------------------------------


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


# Loads labels and articles from files, joins them and reads the articles ----------------------------------------------


if TYPE_CHECKING:
    from monitor.app.build import App


@dataclass(slots=True)
class Labelled:
    """Labelled articles with their readings, and all errors in the files."""

    #: By the name of each reader, in the order of the articles.
    read: dict[str, list[tuple[Label, Reading]]]
    #: The headline of each article, by article id.
    titles: dict[str, str] = field(default_factory=dict)
    #: The number of articles without a label.
    unlabelled: int = 0
    #: Projects of the labels that are not in the configuration.
    strangers: set[str] = field(default_factory=set)
    complaints: list[InputError] = field(default_factory=list)


def read_labelled(
    app: "App",
    labels: Path,
    article_file: str,
    *,
    readers: Mapping[str, Watch],
    skip: frozenset[str],
    heard: Callable[[], None] = lambda: None,
) -> Labelled:
    """Read each labelled article with each of these readers. ``heard`` is called after each article.

    Raises:
        InputError: a file cannot be read.
    """
    result = Labelled(read={name: [] for name in readers})
    given = _labels(labels, result)
    _fit(app, given, result, skip)
    for article in _articles(app, article_file, result):
        if article.id not in given:
            result.unlabelled += 1
            continue
        result.titles[article.id] = article.article.title
        label = given.pop(article.id).label
        for name, watch in readers.items():
            result.read[name].append((label, read_article(article.article, watch)))
        heard()
    result.complaints += [
        InputError(f"{label.place}: article '{label.label.article}' is not in {article_file}; left out")
        for label in given.values()
    ]
    return result


def _labels(path: Path, result: Labelled) -> dict[str, GivenLabel]:
    given: dict[str, GivenLabel] = {}
    for item in parse_labels(path):
        if isinstance(item, InputError):
            result.complaints.append(item)
        elif (first := given.setdefault(item.label.article, item)) is not item:
            told = f"{item.place}: '{item.label.article}' has a label in {first.place} already; left out"
            result.complaints.append(InputError(told))
    return given


def _fit(app: "App", given: dict[str, GivenLabel], result: Labelled, skip: frozenset[str]) -> None:
    """Leave out what the configuration does not contain."""
    projects = app.watch.projects
    for id_, item in given.items():
        given[id_], complaints = fitted(item, projects, app.watch.lifecycles)
        result.complaints += complaints
        for project in sorted(item.label.projects - projects.keys() - skip):
            result.strangers.add(project)
            told = f"{item.place}: no project '{project}' in the configuration{suggest(project, projects)}; left out"
            result.complaints.append(InputError(told))


def _articles(app: "App", name: str, result: Labelled) -> Iterator[GivenArticle]:
    seen: set[str] = set()
    with opened_file(name) as lines:
        for item in articles(app, name, lines):
            if isinstance(item, InputError):
                result.complaints.append(item)
            elif item.id in seen:
                result.complaints.append(InputError(f"{item.place}: article '{item.id}' was given already; left out"))
            else:
                seen.add(item.id)
                yield item


# Measures readers on labelled articles, and compares with an earlier run ----------------------------------------------


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
