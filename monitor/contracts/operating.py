"""The JSON of ``monitor users``, ``configuration``, ``check``, ``import`` and ``reader``. It holds no secrets."""

from collections.abc import Iterable, Sequence

from monitor.contracts.plain import Json, instant_json
from monitor.core.evaluation.trial import Figures, Month, ReaderTrial
from monitor.errors import ConfigProblem
from monitor.know.history import Imported, ImportedDecisions
from monitor.logs import redact
from monitor.operate.difference import TextDifference
from monitor.poll.trial import FeedTrial
from monitor.ports import Account, FileEdition, Token
from monitor.readers.endpoint import Served
from monitor.settings import Config

# The JSON of ``monitor users``. It holds no secrets -------------------------------------------------------------------


def account_json(account: Account) -> Json:
    """One line of ``monitor users list``."""
    return {
        "name": account.name,
        "role": account.role.value,
        "login": "password" if account.password is not None else "oidc",
        "disabled": account.is_disabled,
        "created": instant_json(account.created_at),
    }


def token_json(token: Token) -> Json:
    """One line of ``monitor users tokens``."""
    return {
        "token": token.id,
        "account": token.account,
        "scope": token.scope.value,
        "created": instant_json(token.created_at),
        "expires": instant_json(token.expires_at),
        "used": instant_json(token.used_at),
    }


# The JSON of ``monitor configuration``. It holds no secrets -----------------------------------------------------------


def edition_json(edition: FileEdition, change: TextDifference) -> Json:
    """One line of ``monitor configuration history``."""
    return {
        "edition": edition.id,
        "at": instant_json(edition.at),
        "actor": edition.actor,
        "file": edition.file,
        "diff": change.text,
    }


# What ``monitor check`` and ``import`` print with ``--json`` ----------------------------------------------------------


def configuration_json(config: Config, languages: Sequence[str], failed: Iterable[FeedTrial]) -> Json:
    """What ``monitor check`` read, and the feeds that failed when they were tried."""
    return {
        "warnings": problems_json(config.warnings),
        "projects": [project.id for project in config.projects],
        "feeds": [redact(feed.url) for feed in config.feeds],
        "languages": list(languages),
        "subscribers": [
            {"name": subscriber.name, "destinations": [destination.label for destination in subscriber.destinations]}
            for subscriber in config.subscribers
        ],
        "failed": {redact(trial.feed.url): redact(trial.error) for trial in failed},
    }


def imported_json(name: str, done: Imported, decided: ImportedDecisions) -> Json:
    """One line of ``monitor import``."""
    return {
        "file": name,
        "articles": done.articles,
        "new": done.new,
        "relevant": done.relevant,
        "decisions": decided.new,
        "changes": done.changes + decided.changes,
    }


def problems_json(problems: Sequence[ConfigProblem]) -> list[Json]:
    """What ``monitor check`` found."""
    return [{"file": p.file, "line": p.line, "key": p.key, "message": p.message} for p in problems]


# What reads, and what came of trying a language model, as ``monitor reader`` prints them ------------------------------


def served_json(served: Served) -> Json:
    return {"program": served.program, "endpoint": served.endpoint, "models": list(served.models)}


def trial_json(trial: ReaderTrial, month: Month) -> Json:
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
