"""Rows of the pages on feeds."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from babel.dates import format_datetime
from babel.numbers import format_decimal

from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import Feed
from monitor.core.page.polling import Fault, fault, seconds, why
from monitor.core.plain import clean
from monitor.logs import redact
from monitor.poll.poll import PollOutcome
from monitor.poll.trial import Trial
from monitor.ports import FeedRecord

#: Entries of a feed on trial that are shown.
_SHOWN = 5


class Health(StrEnum):
    """How a feed is doing."""

    WELL = "well"
    FAILING = "failing"
    #: Never polled.
    NEW = "new"
    PAUSED = "paused"


_OUTCOMES: Mapping[str, str] = {
    PollOutcome.NOT_MODIFIED: mark("outcome", "not modified (304)"),
    PollOutcome.UNCHANGED: mark("outcome", "unchanged, byte for byte"),
    PollOutcome.READ: mark("outcome", "read"),
    PollOutcome.PUSHED: mark("outcome", "pushed by its hub"),
    PollOutcome.FAILED: mark("outcome", "failed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One feed and how it is doing, in the reader's words."""

    id: str
    name: str
    address: str
    trust: str
    health: str
    words: str
    #: The last error. None if there is none.
    error: Fault | None
    polled: str
    next: str
    #: Why it is polled then, each rule in a line.
    reasons: tuple[str, ...]
    #: How many articles on projects it was the first to bring lately.
    relevant: str
    #: What else is known of its answers.
    answer: tuple[str, ...] = ()
    #: Why it is not polled though it is due. "" if it is.
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """A feed that was tried."""

    address: str
    name: str
    #: What kind of document it is, how many entries it has and how many of them concern a project.
    words: str
    error: Fault | None
    entries: tuple[tuple[str, str], ...]
    #: The id of its page if it is configured already. "" if it is not.
    present: str


def feed_id(url: str) -> str:
    """What names a feed in addresses of pages. It reveals nothing of the feed's address, which may hold a secret."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def health_of(feed: Feed, record: FeedRecord) -> Health:
    if feed.is_paused:
        return Health.PAUSED
    if record.polled_at is None:
        return Health.NEW
    return Health.FAILING if record.failures else Health.WELL


def matching(
    feeds: Iterable[tuple[Feed, FeedRecord]], q: str, health: Health | None
) -> tuple[tuple[Feed, FeedRecord], ...]:
    """The feeds whose name or address has all of these words, and that are doing so."""
    words = q.casefold().split()
    return tuple(
        (feed, record)
        for feed, record in feeds
        if (health is None or health_of(feed, record) is health)
        and all(word in f"{feed.name} {redact(feed.url)}".casefold() for word in words)
    )


def feed_rows(
    feeds: Iterable[tuple[Feed, FeedRecord]],
    relevant: Mapping[str, int],
    waiting: Collection[str],
    tongue: Tongue,
    zone: tzinfo,
) -> tuple[FeedRow, ...]:
    """The feeds in the order given.

    Args:
        feeds: each with its record.
        relevant: how many articles on projects each brought lately, by address.
        waiting: the addresses that are not asked because there is no network.
        tongue: the reader's.
        zone: the time zone of instants.
    """
    return tuple(
        replace(
            _feed(feed, record, tongue, zone),
            relevant=format_decimal(relevant.get(feed.url, 0), locale=tongue.locale),
            waits=tongue.say("waits for the network") if feed.url in waiting else "",
        )
        for feed, record in feeds
    )


def _feed(feed: Feed, record: FeedRecord, tongue: Tongue, zone: tzinfo) -> FeedRow:
    health = health_of(feed, record)
    return FeedRow(
        id=feed_id(feed.url),
        name=tongue.foreign(feed.name),
        address=clean(redact(feed.url)),
        trust=f"{feed.trust:g}",
        health=health.value,
        words=_words(health, record, tongue),
        error=fault(redact(record.last_error), tongue) if record.last_error else None,
        polled=instant(record.polled_at, tongue, zone),
        next="–" if feed.is_paused else instant(record.next_poll_at, tongue, zone),
        reasons=() if feed.is_paused else why(record.reasons, tongue),
        relevant="",
        answer=tuple(_answer(record, tongue)),
    )


def _words(health: Health, record: FeedRecord, tongue: Tongue) -> str:
    if health is Health.PAUSED:
        return tongue.say("paused")
    if health is Health.NEW:
        return tongue.say("not polled yet")
    if health is Health.FAILING:
        return tongue.count("failed once", "failed {n} times in a row", record.failures)
    return tongue.count("one entry", "{n} entries", record.last_entries or 0)


def _answer(record: FeedRecord, tongue: Tongue) -> Iterable[str]:
    if record.last_status in _OUTCOMES:
        yield tongue.say("Last answer: {outcome}", outcome=tongue.say_in("outcome", _OUTCOMES[record.last_status]))
    if record.latency is not None:
        yield tongue.say("Answered in: {time}", time=seconds(record.latency, tongue))
    if record.size:
        yield tongue.count("Size: one byte", "Size: {n} bytes", record.size)
    if record.last_entries is not None:
        entries = tongue.count("one entry", "{n} entries", record.last_entries)
        new = tongue.count("one of them new", "{n} of them new", record.last_new or 0)
        yield tongue.say("Last document: {entries}", entries=tongue.listed(entries, new))
    if record.habit is not None:
        rate = format_decimal(round(record.habit.rate, 1), locale=tongue.locale)
        yield tongue.say("Entries a day: {number}", number=rate)
    if record.moved_to:
        yield tongue.say("It says that it has moved to {address}", address=tongue.foreign(redact(record.moved_to)))


def trial_rows(
    trials: Iterable[Trial], present: Collection[str], names: Mapping[str, str], tongue: Tongue
) -> tuple[TrialRow, ...]:
    """What was tried, those that work first.

    Args:
        trials: the results.
        present: the addresses of configured feeds.
        names: those of projects, by id.
        tongue: the reader's.
    """
    return tuple(
        TrialRow(
            address=trial.feed.url,
            name=clean(trial.name),
            words="" if trial.error else _offer(trial, tongue),
            error=fault(redact(_reason(trial)), tongue) if trial.error else None,
            entries=tuple(
                (tongue.foreign(entry.title), ", ".join(names.get(each, each) for each in projects))
                for entry, projects in trial.entries[:_SHOWN]
            ),
            present=feed_id(trial.feed.url) if trial.feed.url in present else "",
        )
        for trial in sorted(trials, key=lambda trial: bool(trial.error))
    )


def _offer(trial: Trial, tongue: Tongue) -> str:
    entries = tongue.count("one entry", "{n} entries", len(trial.entries))
    relevant = tongue.count("one of them on a project", "{n} of them on projects", trial.relevant)
    return tongue.listed(tongue.foreign(trial.format), entries, relevant)


def _reason(trial: Trial) -> str:
    """The error without the address, which stands beside it."""
    return trial.error.removeprefix(f"{trial.feed.url}: ")


def instant(at: datetime | None, tongue: Tongue, zone: tzinfo) -> str:
    return format_datetime(at.astimezone(zone), "short", locale=tongue.locale) if at else "–"
