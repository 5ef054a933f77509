"""The shapes of what the API gives, for its description. The tests hold every answer against them.

The values are made by ``monitor.contracts``. Dates have their known precision (``2026``, ``2026-Q3``, ``2026-09-15``).
Instants are ISO 8601 in UTC and end in ``Z``.
"""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.model import FactKind, ObjectionKind, State
from monitor.core.news import ChangeType, Mistake
from monitor.core.review import Doubt, Ruling
from monitor.core.state import Confidence
from monitor.ports import DeliveryState

Partial = Annotated[str, Field(description="A date with its known precision.", examples=["2026-Q3"])]
Day = Annotated[str, Field(description="A day.", examples=["2026-09-15"])]
Instant = Annotated[str, Field(description="ISO 8601 in UTC.", examples=["2026-09-15T08:00:00Z"])]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", title=None)


class Weighed(Shape):
    """How something was weighed. All numbers count independent sources.

    If no reading is sure enough alone, ``readings`` has those that are together, one for each independent source.
    """

    confidence: Confidence
    independent: int
    official: int
    against: int
    known: bool
    confirms_date: bool
    implied: int
    readings: list[float]


class RivalShape(Weighed):
    """What is also told, but not believed."""

    value: str | float
    is_by: bool


class ForecastShape(Shape):
    """A date that was expected for a while."""

    date: Partial
    said: Instant
    slip_days: int | None


class MilestoneShape(Weighed):
    """What is known of one stage."""

    stage: str
    state: State
    baseline: Partial | None
    forecast: Partial | None
    actual: Partial | None
    sources: list[str]
    by: Day | None
    promised: Partial | None
    slip_days: int | None
    forecasts: list[ForecastShape]
    rivals: list[RivalShape]


class InvestmentShape(Shape):
    """The investment of the plan that an amount may belong to."""

    value: float
    unit: str


class KnownFactShape(Weighed):
    """What is known of one amount."""

    kind: FactKind
    value: str | float
    unit: str
    sources: list[str]
    phase: str | None
    rivals: list[RivalShape]
    told_with: InvestmentShape | None


class PhaseShape(Shape):
    """A later phase of a project."""

    phase: str
    status: str | None
    milestones: list[MilestoneShape]
    facts: list[KnownFactShape]


class DelayShape(Weighed):
    """A delay that was told without a new date."""

    since: Partial | None
    by: Day | None
    sources: list[str]


class ProjectShape(Weighed):
    """A project, where it stands, and its milestones and amounts."""

    project: str
    name: str
    status: str | None
    since: Partial | None
    condition: str | None
    milestones: list[MilestoneShape]
    facts: list[KnownFactShape]
    by: Day | None
    delay: DelayShape | None
    disputed: list[str]
    phases: list[PhaseShape]
    overdue: list[str]
    overdue_days: dict[str, int]
    quiet_since: Partial | None


class ClaimShape(Shape):
    """A sentence's claim about a stage or condition."""

    project: str
    stage: str
    state: State
    date: Partial | None
    confidence: float
    evidence: str


class FactShape(Shape):
    """A sentence's amount."""

    project: str
    kind: FactKind
    value: float
    unit: str
    evidence: str


class ReportShape(Shape):
    """What one article, one known source, or one operator says."""

    url: str | None
    outlet: str | None
    by: str | None
    trust: float
    published: Instant | None
    seen: Instant | None
    claims: list[ClaimShape]
    facts: list[FactShape]


class CorrectionShape(Shape):
    """What a publisher no longer says."""

    url: str | None
    outlet: str | None
    at: Instant
    claims: list[ClaimShape]
    facts: list[FactShape]


class ChangeShape(Shape):
    """A change: what moved, when the monitor learnt of it, and which sentences prove it."""

    id: str
    type: ChangeType
    project: str
    stage: str | None
    from_: Annotated[str | float | None, Field(alias="from")]
    to: str | float | None
    at: Instant
    effective: Partial | None
    confidence: Confidence
    sources: list[str]
    evidence: list[str]
    kind: FactKind | None = None
    unit: str | None = None
    by: str | None = None
    phase: str | None = None
    retracts: Annotated[str | None, Field(description="Of a correction: the id of the wrong change.")] = None
    because: Mistake | None = None


class ListedChangeShape(ChangeShape):
    """A change, and whether it is history, which alerted nobody."""

    history: bool


class TimelineShape(ProjectShape):
    """A project, with everything that was ever said of it or taken back, and the resulting changes."""

    reports: list[ReportShape]
    corrections: list[CorrectionShape]
    changes: list[ListedChangeShape]


class _SaidShape(Shape):
    """A claim (stage, state, date) or an amount (kind, value, unit)."""

    project: str
    stage: str | None = None
    state: State | None = None
    date: Partial | None = None
    kind: FactKind | None = None
    value: float | None = None
    unit: str | None = None
    evidence: str
    confidence: float


class _FoundShape(_SaidShape):
    claim: Annotated[str, Field(description="Its name, for decisions.")]
    url: str | None
    outlet: str | None
    trust: float
    published: Instant


class OpenClaimShape(_FoundShape):
    """A claim or an amount that nobody has decided on."""

    copies: int
    doubts: list[Doubt]
    #: Why it is most likely not told of its project, and the other company that the article names.
    objection: ObjectionKind | None
    other_company: str | None


class ReviewShape(_FoundShape):
    """A decision."""

    verdict: Ruling
    instead: _SaidShape | None
    by: str
    reason: str
    because: Mistake | None
    at: Instant
    undone: Instant | None
    undone_by: str | None


class ReviewedShape(ReviewShape):
    """A decision that was made or undone, and the changes that it brought."""

    changes: list[ChangeShape]


Item = TypeVar("Item")


class Page(Shape, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    next: Annotated[str | None, Field(description="Give it as `after` to get the next page. Null on the last one.")]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str


class Fault(Shape):
    """An invalid parameter."""

    at: str
    message: str


class InvalidRequest(Problem):
    """Which parameters are invalid."""

    errors: list[Fault] = []


# The shapes of what the API gives of feeds, deliveries and subscribers. As in ``shapes`` ------------------------------


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
