"""Runs of ``monitor evaluate`` as JSON: printed, and stored in files for comparison with the next run."""

import hashlib
import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from monitor.contracts.articles import reasons
from monitor.contracts.plain import Json
from monitor.core.evaluation.evaluation import Band, Count, Evaluation, Mistake, compare
from monitor.errors import InputError

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


def _mistake(mistake: Mistake) -> Json:
    return {
        "article": mistake.article,
        "subject": mistake.subject.value,
        "is_invented": mistake.is_invented,
        "what": mistake.what,
        "instead": mistake.instead,
        "sentence": mistake.sentence,
        "confidence": mistake.confidence,
    }
