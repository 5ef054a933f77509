"""Rows of the page on subscribers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_date, format_datetime

from monitor.core.alerting.plan import Audience
from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.news import ChangeType, Choice, Destination, Mute, Subscriber
from monitor.core.state import Confidence
from monitor.ports import Departure


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationRow:
    """One address of a subscriber."""

    id: str
    label: str
    #: "" if it can be sent to. In English.
    fault: str
    #: When its reader has left. "" if they have not.
    left: str
    #: What its reader chose alone, each in a line.
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRow:
    """One subscriber and what they get, in the reader's words."""

    #: As it is known to the program, and as it is shown.
    key: str
    name: str
    #: Whether they subscribed alone. Otherwise subscribers.yaml names them.
    is_own: bool
    destinations: tuple[DestinationRow, ...]
    follows: tuple[str, ...]
    changes: str
    stages: str
    is_sure: bool
    language: str
    #: When they are told: digest, quiet hours, mutes, days away.
    times: tuple[str, ...]
    is_muted: bool
    has_left: bool


def subscriber_rows(
    audience: Audience, left: Sequence[Departure], tongue: Tongue, zone: tzinfo
) -> tuple[SubscriberRow, ...]:
    """Everybody who is told of changes."""
    return tuple(_row(each, audience, left, tongue, zone) for each in audience.subscribers)


def _row(
    subscriber: Subscriber, audience: Audience, left: Sequence[Departure], tongue: Tongue, zone: tzinfo
) -> SubscriberRow:
    gone = {each.destination: each.at for each in left if each.subscriber == subscriber.name}

    def place(destination: Destination) -> DestinationRow:
        at, choice = gone.get(destination.id), subscriber.choices.get(destination.id)
        return DestinationRow(
            id=destination.id,
            label=tongue.foreign(destination.label),
            fault=destination.fault,
            left=instant(at, tongue, zone) if at else "",
            choices=tuple(_choices(choice, audience, tongue, zone)) if choice else (),
        )

    return SubscriberRow(
        key=subscriber.name,
        name=tongue.foreign(subscriber.name),
        is_own=subscriber.is_own,
        destinations=tuple(map(place, subscriber.destinations)),
        follows=tuple(tongue.name(audience.projects[each]) for each in audience.followed_by(subscriber)),
        changes=tongue.listed(*(words.label(tongue, each) for each in ChangeType if each in subscriber.changes)),
        stages=", ".join(words.status(tongue, each) for each in sorted(subscriber.stages or ())),
        is_sure=subscriber.confidence is Confidence.CONFIRMED,
        language=tongue.locale.languages.get(subscriber.language.partition("-")[0], subscriber.language),
        times=tuple(_times(subscriber, audience, tongue)),
        is_muted=bool(subscriber.mutes),
        has_left=bool(gone),
    )


def _times(subscriber: Subscriber, audience: Audience, tongue: Tongue) -> Iterator[str]:
    yield sending(subscriber.digest, tongue)
    if subscriber.quiet_hours is not None:
        yield tongue.say("quiet from {start} to {end}", start=subscriber.quiet_hours[0], end=subscriber.quiet_hours[1])
    for mute in subscriber.mutes:
        yield muted_until(mute, audience, tongue, on="*")
    for away in subscriber.away:
        first, last = (format_date(each, "medium", locale=tongue.locale) for each in (away.first, away.last))
        yield tongue.say("away from {start} to {end}", start=first, end=last)


def sending(digest: str | None, tongue: Tongue) -> str:
    """When a subscriber is told."""
    return tongue.say("told at once") if not digest else tongue.say("digest: {times}", times=tongue.foreign(digest))


def muted_until(mute: Mute, audience: Audience, tongue: Tongue, *, on: str) -> str:
    """Until when a mute holds, and of what, unless it is on this project alone, or on all if that is ``*``."""
    day = format_date(mute.until, "medium", locale=tongue.locale)
    if mute.projects == (on,):
        return tongue.say("muted until {day}", day=day)
    names = tongue.say("all projects") if mute.projects == ("*",) else _names(mute.projects, audience, tongue)
    return tongue.say("{projects} muted until {day}", projects=names, day=day)


def _choices(choice: Choice, audience: Audience, tongue: Tongue, zone: tzinfo) -> Iterator[str]:
    if choice.paused_until is not None:
        yield tongue.say("paused until {day}", day=instant(choice.paused_until, tongue, zone))
    if choice.without:
        yield tongue.say("without {projects}", projects=_names(sorted(choice.without), audience, tongue))
    if choice.language:
        yield tongue.locale.languages.get(choice.language, choice.language)
    if choice.digest is not None:
        yield sending(choice.digest, tongue)


def _names(projects: Sequence[str], audience: Audience, tongue: Tongue) -> str:
    known = audience.projects
    return ", ".join(tongue.name(known[each]) if each in known else tongue.foreign(each) for each in projects)


def instant(at: datetime, tongue: Tongue, zone: tzinfo) -> str:
    return format_datetime(at.astimezone(zone), "short", locale=tongue.locale)
