"""Why nothing was sent to anybody, in a sentence for the operator. Pure."""

from collections.abc import Iterable, Sequence

from monitor.core.alerting.plan import Audience
from monitor.core.alerting.timetable import appoint
from monitor.core.news import Change, Delivery

#: The most subscribers that a sentence names.
_NAMED = 3


def why_no_delivery(changes: Sequence[Change], audience: Audience) -> str:
    """Why there is no delivery at all.

    Args:
        changes: the changes so far.
        audience: who may receive them.
    """
    if not audience.subscribers:
        return "subscribers.yaml names no subscriber"
    if not changes:
        return "no project has moved yet"
    if not any(True for change in changes for _ in audience.told_of(change)):
        return "no subscriber wants what has changed so far; monitor subscribers list shows what each wants"
    return "what has changed so far is history, which alerts nobody"


def why_waiting(deliveries: Iterable[Delivery], audience: Audience) -> str:
    """What holds deliveries of which none was tried, by subscriber. "" if nothing holds them but their turn."""
    by_name = {subscriber.name: subscriber for subscriber in audience.subscribers}
    held: dict[str, str] = {}
    for delivery in deliveries:
        subscriber = by_name.get(delivery.subscriber)
        if subscriber is not None and subscriber.name not in held:
            zone, follows = audience.zones(subscriber.timezone), audience.follows(delivery.change)
            reader = subscriber.at(delivery.destination)
            if reasons := appoint(delivery.change.at, reader, zone, follows).reasons:
                held[subscriber.name] = f"{subscriber.name}: {', '.join(reasons)}"
    more = [f"and {len(held) - _NAMED} more"] if len(held) > _NAMED else []
    return "; ".join([*list(held.values())[:_NAMED], *more])
