"""The shapes of what the API gives of feeds, deliveries and subscribers. As in ``shapes``."""

from typing import Annotated

from pydantic import Field

from monitor.core.news import ChangeType
from monitor.core.state import Confidence
from monitor.ports import DeliveryState
from monitor.web.api.shapes import Day, Instant, Shape


class HubShape(Shape):
    """A subscription at a hub."""

    hub: str
    topic: str
    until: Instant | None
    next: Instant | None
    failures: int
    error: str | None
    pushes: int
    pushed: Instant | None


class FeedShape(Shape):
    """A feed and how it is doing. Secrets in its address are masked."""

    feed: str
    name: str
    trust: float
    language: str | None
    paused: bool
    every: Annotated[float | None, Field(description="Seconds between polls, if the operator sets them.")]
    polled: Instant | None
    next: Instant | None
    status: str | None
    failures: int
    error: str | None
    rate: Annotated[float | None, Field(description="Entries a day.")]
    relevant: Annotated[float | None, Field(description="The share of entries that concern projects.")]
    latency: Annotated[float | None, Field(description="Seconds of the last answer.")]
    bytes: int | None
    entries: int | None
    new: int | None
    hub: HubShape | None


class ReasonShape(Shape):
    """A rule that decided when a feed is polled next."""

    rule: str
    wait: Annotated[int, Field(description="Seconds after this rule.")]
    words: str


class AppointmentShape(FeedShape):
    """A feed, and why it is polled next when it is."""

    reasons: list[ReasonShape]
    moved_to: str | None
    moves: int


class AttemptShape(Shape):
    """One attempt at a delivery."""

    at: Instant
    outcome: str
    message: str | None


class DeliveryShape(Shape):
    """A change that is owed to a destination, and what became of it."""

    id: int
    change: str
    project: str
    subscriber: str
    destination: str
    label: str | None
    state: DeliveryState
    attempts: int
    due: Instant
    sent: Instant | None
    outcome: str
    message: str | None
    history: list[AttemptShape]
    sources: list[str]
    evidence: list[str]


class FallbackShape(Shape):
    """A destination that is tried if another one fails."""

    destination: str
    instead_of: str
    after: Annotated[float, Field(description="Seconds.")]


class DepartureShape(Shape):
    """An address that has unsubscribed."""

    destination: str
    at: Instant


class MuteShape(Shape):
    """Projects of which a subscriber wants nothing until a day."""

    until: str
    projects: list[str]


class AwayShape(Shape):
    """Days on which a subscriber is away."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day


class ChoiceShape(Shape):
    """What the reader at a destination has chosen alone."""

    destination: str
    paused_until: Instant | None
    without: list[str]
    language: str | None
    digest: str | None


class SubscriberShape(Shape):
    """A subscriber: what they want, where and when they are told. Destinations are named by their labels."""

    name: str
    to: list[str]
    fallbacks: list[FallbackShape]
    projects: list[str]
    follows: list[str]
    changes: list[ChangeType]
    stages: list[str] | None
    confidence: Confidence
    language: str
    digest: str | None
    quiet_hours: list[str] | None
    mute: list[MuteShape]
    away: list[AwayShape]
    at_most: int | None
    timezone: str
    own: Annotated[bool, Field(description="Whether they subscribed alone.")]
    chosen: list[ChoiceShape]
    unsubscribed: list[DepartureShape]


class WishShape(Shape):
    """One destination that would be told, and when."""

    destination: str
    due: Instant
    together: bool
    reasons: list[str]
    rank: int
    instead_of: str | None
    told_as: str | None


class HearingShape(Shape):
    """Whether a subscriber is told of a change, where and when, and why or why not."""

    subscriber: str
    told: bool
    reason: str
    destinations: list[WishShape]
    unsubscribed: list[DepartureShape]


class DueShape(Shape):
    """How many deliveries are due again."""

    due: int
