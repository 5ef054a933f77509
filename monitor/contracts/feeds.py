"""What ``monitor feeds`` and ``poll`` print with ``--json``."""

from typing import TYPE_CHECKING

from monitor.contracts.plain import Json, instant_json
from monitor.contracts.status import change_json
from monitor.core.model import Feed
from monitor.core.polling.websub import HubSubscription
from monitor.logs import redact
from monitor.ports import FeedRecord

# Commands that only list feeds do not load what polls them.
if TYPE_CHECKING:
    from monitor.poll.poll import PollResult
    from monitor.poll.trial import FeedTrial


def poll_json(result: "PollResult") -> Json:
    """One line of ``monitor poll``."""
    return {
        "feed": redact(result.feed.url),
        "name": result.feed.name,
        "outcome": result.outcome.value,
        "entries": result.entries,
        "new": result.new,
        "relevant": result.relevant,
        "corrected": result.corrected,
        "history": result.is_history,
        "changes": [change_json(change) for change in result.changes],
        "problems": [redact(problem) for problem in result.problems],
        "error": redact(result.error) or None,
    }


def feed_json(feed: Feed, record: FeedRecord, hub: HubSubscription | None = None) -> Json:
    """One feed of ``monitor feeds list``, with its subscription at a hub."""
    return {
        "feed": redact(feed.url),
        "name": feed.name,
        "trust": feed.trust,
        "language": feed.language,
        "every": feed.every.total_seconds() if feed.every else None,
        "paused": feed.is_paused,
        "polled": instant_json(record.polled_at),
        "next": instant_json(record.next_poll_at),
        "status": record.last_status or None,
        "failures": record.failures,
        "error": record.last_error or None,
        "rate": round(record.habit.rate, 3) if record.habit else None,
        "relevant": round(record.habit.yield_, 3) if record.habit else None,
        "latency": round(record.latency, 3) if record.latency is not None else None,
        "bytes": record.size,
        "entries": record.last_entries,
        "new": record.last_new,
        "hub": hub_json(hub) if hub is not None else None,
    }


def hub_json(hub: HubSubscription) -> Json:
    """A subscription at a hub, without its callback and its secret."""
    return {
        "hub": redact(hub.hub),
        "topic": redact(hub.topic),
        "until": instant_json(hub.until),
        "next": instant_json(hub.next_at),
        "failures": hub.failures,
        "error": redact(hub.error) or None,
        "pushes": hub.pushes,
        "pushed": instant_json(hub.pushed_at),
    }


def appointment_json(feed: Feed, record: FeedRecord, hub: HubSubscription | None = None) -> Json:
    """``monitor feeds why``: the feed, and what decided its next poll."""
    return {
        **feed_json(feed, record, hub),
        "reasons": [
            {"rule": reason.rule.value, "wait": round(reason.wait.total_seconds()), "words": reason.words}
            for reason in record.reasons
        ],
        "moved_to": redact(record.moved_to) if record.moved_to else None,
        "moves": record.moves,
    }


def trial_json(trial: "FeedTrial") -> Json:
    """One line of ``monitor feeds test``."""
    return {
        "feed": redact(trial.feed.url),
        "title": trial.title,
        "format": trial.format,
        "entries": [
            {
                "title": entry.title,
                "url": entry.url,
                "published": instant_json(entry.published_at),
                "projects": list(projects),
            }
            for entry, projects in trial.entries
        ],
        "problems": [redact(problem) for problem in trial.problems],
        "error": redact(trial.error) or None,
    }
