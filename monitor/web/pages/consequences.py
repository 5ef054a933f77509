"""What would follow from something that has not happened: rows of who would be alerted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_datetime

from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.ports import Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message that would be sent."""

    subscriber: str
    destination: str
    news: str
    when: str


def alerts(
    outgoing: Iterable[Outgoing],
    changes: Iterable[Change],
    *,
    labels: Mapping[str, str],
    tongue: Tongue,
    zone: tzinfo,
    now: datetime,
) -> tuple[Alert, ...]:
    """Who would be told of these changes, where and when. Addresses that only stand in for others are left out.

    Args:
        outgoing: the deliveries.
        changes: at least the changes that they are about.
        labels: the label of each destination, without secrets, by its id.
        tongue: the reader's language.
        zone: the time zone of the instants.
        now: the present instant.
    """
    by_id = {change.id: change for change in changes}

    def when(due: datetime) -> str:
        if due <= now:
            return tongue.say("at once")
        return format_datetime(due.astimezone(zone), "short", locale=tongue.locale)

    return tuple(
        Alert(
            subscriber=tongue.foreign(each.subscriber),
            destination=tongue.foreign(labels.get(each.destination, each.destination)),
            news=news(by_id[each.change_id], tongue),
            when=when(each.due_at),
        )
        for each in outgoing
        if each.rank == 0
    )
