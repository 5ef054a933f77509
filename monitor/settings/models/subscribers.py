"""``subscribers.yaml``: who receives which changes."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema
from pydantic.config import JsonDict

from monitor.core.news import ChangeType, Subscriber
from monitor.core.state import Confidence
from monitor.settings.models.base import ABSENT_IS_EMPTY, ONE_IS_SEVERAL, Strict
from monitor.settings.scalars import Cron, Day, Duration, Moment, QuietHours, Rate, Text, TimeZone, Tongue, between


class DigestSettings(Strict):
    """When the digest is sent."""

    digest: Cron = Field(description="Cron expression in the subscriber's time zone.", examples=["0 8 * * 1-5"])


def _now_or_digest(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    if value == "now":
        return None
    if isinstance(value, dict):
        return value
    raise ValueError('must be now, or {digest: "0 8 * * 1-5"}')


_DIGEST_SCHEMA: JsonDict = {
    "type": "object",
    "properties": {"digest": {"type": "string", "examples": ["0 8 * * 1-5"]}},
    "required": ["digest"],
    "additionalProperties": False,
}


class OrderSettings(Strict):
    """An address, and those that stand in for it when it does not take a message in time."""

    first: Text = Field(description="Address that is tried first.", examples=["slack://${file:/run/secrets/slack}"])
    else_: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        alias="else", min_length=1, description="Address that is sent to instead; several are, one after another."
    )
    after: Annotated[Duration, between("1m", "7d")] = Field(
        default=timedelta(minutes=15), description="How long each has before the next one is sent to."
    )


class MuteSettings(Strict):
    """What is held for some time, and told then."""

    until: Moment = Field(description="Day, or day and time, at which it is told again, by the subscriber's clock.")
    projects: list[Text] = Field(
        default=["*"], min_length=1, description="Project ids, patterns of them, or tags: tag:battery; all when absent."
    )


class AwaySettings(Strict):
    """Days on which nothing is told; it is held, and told afterwards."""

    from_: Day = Field(alias="from", description="First day away.")
    to: Day = Field(description="Last day away.")


# In the place of an error pydantic adds the name of the alternative. Names in brackets are removed again.
_ADDRESS, _ORDER = "[address]", "[order]"
To = Annotated[
    Annotated[Text, Tag(_ADDRESS)] | Annotated[OrderSettings, Tag(_ORDER)],
    Discriminator(lambda value: _ORDER if isinstance(value, dict | OrderSettings) else _ADDRESS),
]
_USUAL_CHANGES = sorted(Subscriber(name="", to=()).changes)


class SubscriberSettings(Strict):
    """Who wants which changes, where, when and in which language."""

    name: Text = Field(description="Unique; deliveries are recorded under it.")
    to: list[To] = Field(
        min_length=1,
        max_length=100,
        description="Mail addresses, Apprise addresses, or console://; all are sent to. "
        "{first: …, else: …, after: 15m} is an order.",
        examples=[["mailto://${SMTP_USER}:${SMTP_PASSWORD}@example.org?to=desk@example.org"]],
    )
    projects: list[Text] = Field(
        default=["*"],
        min_length=1,
        max_length=1_000,
        description="Project ids, patterns of them (btr-*), or tags (tag:battery).",
    )
    changes: list[ChangeType] = Field(
        default=_USUAL_CHANGES,
        min_length=1,
        description="All but fact and quiet when absent.",
    )
    stages: list[Text] | None = Field(
        default=None,
        min_length=1,
        description="Stages and conditions; changes of others are not told, those of none are. All when absent.",
        examples=[["construction", "operating", "suspended"]],
    )
    confidence: Confidence = Field(
        default=Confidence.REPORTED, description="confirmed waits for an official or a second source."
    )
    language: Tongue = Field(
        default="en", description="ISO 639 code of the messages; with a region (ar-MA) dates are written as there."
    )
    send: Annotated[
        DigestSettings | None,
        BeforeValidator(_now_or_digest),
        WithJsonSchema({"anyOf": [{"const": "now"}, _DIGEST_SCHEMA]}),
    ] = Field(default=None, description="now, or {digest: cron expression}.")
    quiet_hours: QuietHours | None = Field(
        default=None, description="Local hours in which nothing is sent: 22:00-07:00."
    )
    mute: Annotated[list[MuteSettings], ONE_IS_SEVERAL] = Field(
        default=[],
        max_length=100,
        description="What is held until a day, one or several.",
        examples=[{"until": "2026-12-01", "projects": ["btr-anode"]}],
    )
    away: Annotated[list[AwaySettings], ONE_IS_SEVERAL] = Field(
        default=[],
        max_length=100,
        description="Days on which all is held, once or several times.",
        examples=[{"from": "2026-12-20", "to": "2027-01-03"}],
    )
    at_most: Rate = Field(
        default=20, description="Messages in an hour; more changes than half of that in ten minutes go as one message."
    )
    timezone: TimeZone | None = Field(default=None, description="IANA time zone; that of monitor.yaml when absent.")


class SubscribersFile(Strict):
    """subscribers.yaml: who is told."""

    subscribers: Annotated[list[SubscriberSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
