"""What ``monitor check`` and ``import`` print with ``--json``."""

from collections.abc import Iterable, Sequence

from monitor.contracts.plain import Json
from monitor.errors import Problem
from monitor.know.history import Decided, Imported
from monitor.logs import redact
from monitor.poll.trial import Trial
from monitor.settings import Config


def configuration_json(config: Config, languages: Sequence[str], failed: Iterable[Trial]) -> Json:
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


def imported_json(name: str, done: Imported, decided: Decided) -> Json:
    """One line of ``monitor import``."""
    return {
        "file": name,
        "articles": done.articles,
        "new": done.new,
        "relevant": done.relevant,
        "decisions": decided.new,
        "changes": done.changes + decided.changes,
    }


def problems_json(problems: Sequence[Problem]) -> list[Json]:
    """What ``monitor check`` found."""
    return [{"file": p.file, "line": p.line, "key": p.key, "message": p.message} for p in problems]
