"""Measurements of readers on operators' decisions, on a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.cli.render import NOTHING, count, table
from monitor.cli.render_evaluation import head, mistakes, reliability
from monitor.core.evaluation.decided import Decided, Material, Tally
from monitor.core.evaluation.evaluation import By
from monitor.core.evaluation.reliability import LEAST_DECISIONS, OF, RIGHT, Threshold, bands, fit
from monitor.core.plain import clean
from monitor.core.review.review import Ruling

_COLUMNS = {
    Ruling.CONFIRM: "Confirmed, made",
    Ruling.REJECT: "Rejected, made again",
    Ruling.CORRECT: "Corrected, right now",
    Ruling.ASSIGN: "Assigned, right now",
}


def decided(given: Material, runs: Mapping[str, Decided], cases: int) -> RenderableType:
    """The material, the figures of the readers side by side, and for each reader its groups and worst cases."""
    shown: list[RenderableType] = [*_left_out(given)]
    if not given.decisions:
        return Group(*shown, "There is no decision to measure on.")
    shown.append(f"{count(given.decisions, 'decision')} on {count(len(given.articles), 'article')} that were read anew")
    shown.append(_side_by_side(runs))
    certainty = reliability({name: bands(run.judged) for name, run in runs.items()})
    shown += [certainty] if certainty.row_count else []
    shown += _advice({name: fit(run.judged, decisions=given.on_claims) for name, run in runs.items()})
    for name, run in runs.items():
        shown += [head(name), _groups(run), mistakes(run.mistakes, {}, cases)]
    return Group(*shown)


def _left_out(given: Material) -> Iterator[str]:
    if given.without_text:
        yield f"{count(given.without_text, 'article')} left out: the text is no longer kept."
    if given.unwatched:
        yield f"{count(given.unwatched, 'decision')} left out: the project is no longer in the configuration."


def _side_by_side(runs: Mapping[str, Decided]) -> Table:
    rows = table("", *map(clean, runs), title="Decisions", whole=1)
    for ruling, title in _COLUMNS.items():
        tallies = [run.tally(ruling) for run in runs.values()]
        if any(tally.decisions for tally in tallies):
            rows.add_row(title, *map(_cell, tallies))
    return rows


def _groups(run: Decided) -> Table:
    rows = table("", *_COLUMNS.values(), title="By language, state, and kind of amount", whole=1)
    for by in (By.LANGUAGE, By.STATE, By.KIND):
        for name in run.names(by):
            rows.add_row(clean(name), *(_cell(run.tally(ruling, by, name)) for ruling in _COLUMNS))
        rows.add_section()
    return rows


def _cell(tally: Tally) -> str:
    made = tally.again if tally.ruling is Ruling.REJECT else tally.right
    return f"{made} of {tally.decisions}" if tally.decisions else NOTHING


def _advice(thresholds: Mapping[str, Threshold]) -> Iterator[Text]:
    """For each reader the line for monitor.yaml, or the reason why there is none."""
    for reader, threshold in thresholds.items():
        if threshold.missing:
            # The missing number is the same for all readers.
            missing = count(threshold.missing, "decision")
            yield Text(f"alert_from is fitted to {LEAST_DECISIONS} decisions on claims or more: {missing} missing.")
            return
        if threshold.alert_from is None:
            said = f"no alert_from makes {RIGHT} of {OF} claims right, with {OF} claims or more above it."
        else:
            said = (
                f"{threshold.right} of {threshold.claims} claims that are sure enough are right with this line in "
                f"monitor.yaml:\nalert_from: {threshold.alert_from:.2f}"
            )
        yield Text.assemble((clean(reader), "bold"), ": ", said)
