"""Measurements of readers on labelled articles, on a terminal: figures, worst cases, changes since the last run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.cli.render import NOTHING, Blocks, count, in_a_row, lines, quote, table, text
from monitor.core.evaluation.decided import DecidedScores, Material, Tally
from monitor.core.evaluation.scoring import (
    LEAST_DECISIONS,
    OF,
    RIGHT,
    Band,
    By,
    Count,
    Evaluation,
    ReadingMistake,
    Subject,
    Threshold,
    bands,
    compare,
    fit,
    worst,
)
from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.plain import clean, shorten
from monitor.core.review import Ruling

_COUNTS = ("Right", "Wrong", "Missed")
_SHARES = ("Precision", "Recall", "F1")
_MAX_TITLE = 120
#: Smaller differences are invisible in three decimal places.
_LEAST_MOVE = 0.0005


def figures(run: Evaluation, before: Evaluation | None, lifecycles: Iterable[Lifecycle]) -> RenderableType:
    """All figures, with their gain or loss since the earlier run."""
    tables = [
        _whole(run, before),
        _languages(run, before),
        _stages(run, before, lifecycles),
        _kinds(run, before),
        _reliability(run),
    ]
    return Group(f"{count(len(run.articles), 'article')} read", *(made for made in tables if made.row_count))


def _whole(run: Evaluation, before: Evaluation | None) -> Table:
    rows = table("", *_COUNTS, *_SHARES, whole=7)
    for subject in Subject:
        found, old = run.count(subject), _old(before, subject)
        if subject is Subject.DATES:
            rows.add_row(subject, str(found.right), NOTHING, str(found.missed), NOTHING, _share(found, old), NOTHING)
        else:
            rows.add_row(subject, *_counts(found), *_shares(found, old))
    return rows


def _languages(run: Evaluation, before: Evaluation | None) -> Table:
    shown = (Subject.RELEVANCE, Subject.CLAIMS, Subject.BEYOND, Subject.DATES, Subject.FACTS)
    rows = table(
        "Language", *(subject.capitalize() for subject in shown), title="By language: F1, dates found", whole=1
    )
    for name in run.names(By.LANGUAGE):
        pairs = [(run.count(s, By.LANGUAGE, name), _old(before, s, By.LANGUAGE, name)) for s in shown]
        rows.add_row(text(name), *(_share(found, old) for found, old in pairs))
    return rows


def _stages(run: Evaluation, before: Evaluation | None, lifecycles: Iterable[Lifecycle]) -> Table:
    rows = table("Stage", *_COUNTS, *_SHARES, "Dates", title="Claims by stage and state", whole=8)
    order = dict.fromkeys([*(stage for each in lifecycles for stage in each.stages), *Condition])
    # The operator's own reader may return unknown stages. They come last.
    names = run.names(By.STAGE)
    for stage in (*(stage for stage in order if stage in names), *(stage for stage in names if stage not in order)):
        claims = run.count(Subject.CLAIMS, By.STAGE, stage)
        dates = _share(run.count(Subject.DATES, By.STAGE, stage), _old(before, Subject.DATES, By.STAGE, stage))
        shares = _shares(claims, _old(before, Subject.CLAIMS, By.STAGE, stage))
        rows.add_row(Text(stage, "bold"), *_counts(claims), *shares, dates)
        for name in run.names(By.CLAIM):
            if name.rpartition(" ")[0] == stage:
                part = run.count(Subject.CLAIMS, By.CLAIM, name)
                rows.add_row(Text(f"  {name.rpartition(' ')[2]}", "dim"), *_counts(part), *_shares(part, None))
    return rows


def _kinds(run: Evaluation, before: Evaluation | None) -> Table:
    rows = table("Kind", *_COUNTS, *_SHARES, title="Facts by kind", whole=7)
    for name in run.names(By.KIND):
        found = run.count(Subject.FACTS, By.KIND, name)
        rows.add_row(name, *_counts(found), *_shares(found, _old(before, Subject.FACTS, By.KIND, name)))
    return rows


def _reliability(run: Evaluation) -> Table:
    rows = table("Sure", "Claims", "Right", "Share", "Said", title="Is what is surely read right?", whole=1)
    for band in run.bands:
        rows.add_row(
            f"from {band.least:.1f}", str(band.claims), str(band.right), f"{band.share:.3f}", f"{band.confidence:.3f}"
        )
    return rows


def side_by_side(runs: Mapping[str, Evaluation]) -> RenderableType:
    """The figures that distinguish readers, side by side."""
    rows = table("", *map(clean, runs), title="Side by side: F1, dates found", whole=1)
    for subject in Subject:
        rows.add_row(subject, *(_share(run.count(subject), None) for run in runs.values()))
        if subject is Subject.CLAIMS:
            shares = [_shares(run.count(subject), None) for run in runs.values()]
            rows.add_row(Text("  precision", "dim"), *(precision for precision, _, _ in shares))
            rows.add_row(Text("  recall", "dim"), *(recall for _, recall, _ in shares))
    return Group(rows, reliability({name: run.bands for name, run in runs.items()}))


def reliability(readers: Mapping[str, Sequence[Band]]) -> Table:
    """How many of the claims in each tenth of confidence are right, for the readers side by side."""
    rows = table("Sure", *map(clean, readers), title="Is what is surely read right?", whole=1)
    for least in sorted({band.least for of_one in readers.values() for band in of_one}):
        found = (next((band for band in of_one if band.least == least), None) for of_one in readers.values())
        shown = (f"{band.right} of {band.claims}: {band.share:.3f}" if band else NOTHING for band in found)
        rows.add_row(f"from {least:.1f}", *shown)
    return rows


def head(reader: str) -> Text:
    """The heading above the figures of one of several readers."""
    return Text.assemble("\n", ("Reader ", "bold"), (clean(reader), "bold cyan"), "\n")


def _old(before: Evaluation | None, subject: Subject, by: By = By.ALL, name: str = "") -> Count | None:
    return before.count(subject, by, name) if before else None


def _counts(found: Count) -> tuple[str, ...]:
    return str(found.right), str(found.wrong), str(found.missed)


def _shares(found: Count, old: Count | None) -> tuple[str | Text, ...]:
    precision = f"{found.precision:.3f}" if found.right + found.wrong else NOTHING
    recall = f"{found.recall:.3f}" if found.right + found.missed else NOTHING
    return precision, recall, _share(found, old)


def _share(found: Count, old: Count | None) -> Text:
    """F1, or for dates the recall; then the gain or loss since the earlier run."""
    if not _total(found):
        return Text(NOTHING)
    share = _figure(found)
    shown = Text(f"{share:.3f}")
    difference = share - _figure(old) if old and _total(old) else 0.0
    if abs(difference) >= _LEAST_MOVE:
        shown.append(f" {difference:+.3f}", "green" if difference > 0 else "red")
    return shown


def _total(found: Count) -> int:
    return found.right + found.wrong + found.missed


def _figure(found: Count) -> float:
    return found.recall if found.subject is Subject.DATES else found.f1


# ---------------------------------------------------------------- cases


def mistakes(made: Sequence[ReadingMistake], titles: Mapping[str, str], limit: int) -> RenderableType:
    """The invented and the missed cases, the worst first."""
    parts: list[RenderableType] = []
    for is_invented, head in ((True, "invented"), (False, "missed")):
        parts += _cases(f"{{}} {head}", "red", worst(made, is_invented=is_invented), titles, limit)
    return Group(*parts)


def moved(before: Evaluation, run: Evaluation, titles: Mapping[str, str], limit: int) -> RenderableType:
    """The cases that are read better or worse than in the earlier run."""
    found = compare(before, run)
    if not found.better and not found.worse:
        return Text(f"No case has moved since the run before, in {count(found.articles, 'article')}.")
    return Group(
        *_cases("{} better than in the run before", "green", found.better, titles, limit),
        *_cases("{} worse than in the run before", "red", found.worse, titles, limit),
    )


def _cases(
    head: str, style: str, cases: Sequence[ReadingMistake], titles: Mapping[str, str], limit: int
) -> list[RenderableType]:
    if not cases:
        return []
    shown = Blocks()
    for mistake in cases[:limit]:
        shown.add_row(text(mistake.article), _case(mistake, titles.get(mistake.article, "")))
    more = len(cases) - limit
    rest = [Text(f"and {more:,} more; --worst {len(cases)} shows all\n", "dim")] if more > 0 else []
    return [Text(head.format(count(len(cases), "case")), f"bold {style}"), shown, *rest]


def _case(mistake: ReadingMistake, title: str) -> Text:
    sure = f"sure {mistake.confidence:.2f}" if mistake.confidence else None
    what = Text.assemble((f"{mistake.subject}: ", "dim"), text(mistake.what))
    verdict = "invented" if mistake.is_invented else "missed"
    instead = f"read instead: {mistake.instead}" if mistake.instead else None
    return lines(
        in_a_row(what, verdict, sure, text(instead) if instead else None),
        quote(mistake.sentence) or text(shorten(title, _MAX_TITLE), "dim"),
    )


# Measurements of readers on operators' decisions, on a terminal -------------------------------------------------------


_COLUMNS = {
    Ruling.CONFIRM: "Confirmed, made",
    Ruling.REJECT: "Rejected, made again",
    Ruling.CORRECT: "Corrected, right now",
    Ruling.ASSIGN: "Assigned, right now",
}


def decided(given: Material, runs: Mapping[str, DecidedScores], cases: int) -> RenderableType:
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


def _side_by_side(runs: Mapping[str, DecidedScores]) -> Table:
    rows = table("", *map(clean, runs), title="Decisions", whole=1)
    for ruling, title in _COLUMNS.items():
        tallies = [run.tally(ruling) for run in runs.values()]
        if any(tally.decisions for tally in tallies):
            rows.add_row(title, *map(_cell, tallies))
    return rows


def _groups(run: DecidedScores) -> Table:
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
