"""The JSON of ``monitor evaluate --reviews``."""

from collections.abc import Mapping

from monitor.contracts.plain import Json
from monitor.contracts.runs import band_json
from monitor.core.evaluation.decided import Decided, Material, Tally
from monitor.core.evaluation.evaluation import Mistake
from monitor.core.evaluation.reliability import bands, fit


def decided_json(given: Material, runs: Mapping[str, Decided]) -> Json:
    """The size of the material, and one object for each reader."""
    return {
        "decisions": given.decisions,
        "articles": len(given.articles),
        "without_text": given.without_text,
        "unwatched": given.unwatched,
        "readers": [_reader(name, run, given.on_claims) for name, run in runs.items()],
    }


def _reader(name: str, run: Decided, decisions: int) -> Json:
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
        "mistakes": [_mistake(mistake) for mistake in run.mistakes],
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


def _mistake(mistake: Mistake) -> Json:
    return {
        "claim": mistake.article,
        "is_invented": mistake.is_invented,
        "what": mistake.what,
        "sentence": mistake.sentence,
        "confidence": mistake.confidence,
    }
