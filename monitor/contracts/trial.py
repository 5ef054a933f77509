"""What reads, and what came of trying a language model, as ``monitor reader`` prints them."""

from monitor.contracts.plain import Json
from monitor.core.evaluation.trial import Figures, Month, Trial
from monitor.readers.finding import Served


def served_json(served: Served) -> Json:
    return {"program": served.program, "endpoint": served.endpoint, "models": list(served.models)}


def trial_json(trial: Trial, month: Month) -> Json:
    """The figures of a trial, and what a month would cost."""
    return {
        "articles": trial.articles,
        "unanswered": trial.unanswered,
        "tokens": trial.tokens,
        "model": {**_figures(trial.model), "tokens": trial.tokens_each},
        "trained": _figures(trial.beside),
        "advice": trial.advice.value,
        "month": {"articles": month.articles, "tokens": month.tokens, "own": month.is_own},
    }


def _figures(figures: Figures) -> Json:
    claims = figures.claims
    return {
        "precision": round(claims.precision, 3),
        "recall": round(claims.recall, 3),
        "f1": round(claims.f1, 3),
        "dates": round(figures.dates.recall, 3),
        "seconds": round(figures.seconds, 2),
    }
