"""Runs of ``monitor evaluate`` as JSON: printed, and stored in files for comparison with the next run."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from monitor.contracts.articles import reasons
from monitor.contracts.plain import Json
from monitor.contracts.status import change_json
from monitor.core.evaluation.decided import DecidedScores, Material, Tally
from monitor.core.evaluation.scoring import Band, Count, Evaluation, ReadingMistake, bands, compare, fit
from monitor.core.folding.listing import fact_fields, milestone_fields
from monitor.core.state import KnownFact, Milestone, ProjectState
from monitor.errors import InputError
from monitor.know.rebuild import RebuildAlert, RebuildDifference, Rebuilt

_FOLDER = Path("data", "evaluations")


def last_run(config: Path, labels: Path, articles: str, reader: str = "") -> Path:
    """The file of the last run with these labels and articles, beside the configuration like the database.

    Each named reader has a run of its own. Without a name it is the run of the configured reader.
    """
    what = "\n".join([str(labels.resolve()), str(Path(articles).resolve()), *([reader] if reader else [])])
    name = f"{labels.stem}-{hashlib.sha256(what.encode(errors='surrogateescape')).hexdigest()[:12]}.json"
    return config.resolve().parent / _FOLDER / name


def load_run(path: Path) -> Evaluation:
    """Load a run that was stored, or printed with ``--json``.

    Raises:
        InputError: the file cannot be read or contains no run.
    """
    try:
        return TypeAdapter(Evaluation).validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise InputError(f"{path}: holds no run of monitor evaluate: {reasons(error)}") from error


def save_run(path: Path, run: Evaluation) -> None:
    """Store a run in the file, atomically.

    Raises:
        InputError: the file cannot be written.
    """
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(f"{json.dumps(evaluation_json(run), ensure_ascii=False, indent=1)}\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error


# ---------------------------------------------------------------- JSON


def evaluation_json(run: Evaluation) -> Json:
    """The JSON of ``monitor evaluate``; ``load_run`` reads it."""
    return {
        "articles": list(run.articles),
        "counts": [_count(count) for count in run.counts],
        "bands": [band_json(band) for band in run.bands],
        "mistakes": [_mistake(mistake) for mistake in run.mistakes],
    }


def comparison_json(before: Evaluation, after: Evaluation) -> Json:
    """The differences from one run to the next: cases, and the figures of the earlier run."""
    moved = compare(before, after)
    return {
        "articles": moved.articles,
        "better": [_mistake(mistake) for mistake in moved.better],
        "worse": [_mistake(mistake) for mistake in moved.worse],
        "before": [_count(count) for count in before.counts],
    }


def _count(count: Count) -> Json:
    shares = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
    return {
        "subject": count.subject.value,
        "by": count.by.value,
        "name": count.name,
        "right": count.right,
        "wrong": count.wrong,
        "missed": count.missed,
        **{name: round(share, 4) for name, share in shares.items()},
    }


def band_json(band: Band) -> Json:
    return {
        "least": band.least,
        "claims": band.claims,
        "right": band.right,
        "share": round(band.share, 4),
        "confidence": round(band.confidence, 4),
    }


def _mistake(mistake: ReadingMistake) -> Json:
    return {
        "article": mistake.article,
        "subject": mistake.subject.value,
        "is_invented": mistake.is_invented,
        "what": mistake.what,
        "instead": mistake.instead,
        "sentence": mistake.sentence,
        "confidence": mistake.confidence,
    }


# The JSON of ``monitor evaluate --reviews`` ---------------------------------------------------------------------------


def decided_json(given: Material, runs: Mapping[str, DecidedScores]) -> Json:
    """The size of the material, and one object for each reader."""
    return {
        "decisions": given.decisions,
        "articles": len(given.articles),
        "without_text": given.without_text,
        "unwatched": given.unwatched,
        "readers": [_reader(name, run, given.on_claims) for name, run in runs.items()],
    }


def _reader(name: str, run: DecidedScores, decisions: int) -> Json:
    threshold = fit(run.judged, decisions=decisions)
    return {
        "reader": name,
        "counts": [_tally(tally) for tally in run.tallies],
        "bands": [band_json(band) for band in bands(run.judged)],
        "threshold": {
            "alert_from": threshold.alert_from,
            "claims": threshold.claims,
            "right": threshold.right,
            "missing": threshold.missing,
        },
        "mistakes": [_decided_mistake(mistake) for mistake in run.mistakes],
    }


def _tally(tally: Tally) -> Json:
    return {
        "verdict": tally.ruling.value,
        "by": tally.by.value,
        "name": tally.name,
        "decisions": tally.decisions,
        "right": tally.right,
        "again": tally.again,
    }


def _decided_mistake(mistake: ReadingMistake) -> Json:
    return {
        "claim": mistake.article,
        "is_invented": mistake.is_invented,
        "what": mistake.what,
        "sentence": mistake.sentence,
        "confidence": mistake.confidence,
    }


# The JSON of ``monitor rebuild`` --------------------------------------------------------------------------------------


def rebuilt_json(done: Rebuilt, *, applied: bool) -> Json:
    """The result of a rebuild: the differences of each project, with the alerts."""
    return {
        "articles": done.articles,
        "otherwise": done.otherwise,
        "applied": applied,
        "projects": [_difference(difference) for difference in done.differences],
        "changes": [change_json(change) for change in done.changes],
    }


def _difference(difference: RebuildDifference) -> Json:
    return {
        "project": difference.after.project,
        "status": {"before": _status(difference.before), "after": _status(difference.after)},
        "milestones": [{"before": _milestone(was), "after": _milestone(now)} for was, now in difference.milestones],
        "facts": [{"before": _fact(was), "after": _fact(now)} for was, now in difference.facts],
        "missed": [_alert(alert) for alert in difference.missed],
        "mistaken": [_alert(alert) for alert in difference.mistaken],
    }


def _status(state: ProjectState) -> Json:
    return {
        "status": state.status,
        "since": str(state.since) if state.since else None,
        "condition": state.condition,
        "confidence": state.confidence.value,
    }


def _milestone(milestone: Milestone | None) -> Json | None:
    return milestone_fields(milestone) if milestone else None


def _fact(fact: KnownFact | None) -> Json | None:
    return fact_fields(fact) if fact else None


def _alert(alert: RebuildAlert) -> Json:
    return {**change_json(alert.change), "subscribers": list(alert.subscribers)}
