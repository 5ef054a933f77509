"""Joins the configured subscribers with what readers chose by themselves. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor.core.news import Choice, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the reader at one destination of a subscriber chose."""

    subscriber: str
    #: ``Destination.id``
    destination: str
    choice: Choice


def joined(
    configured: Iterable[Subscriber], own: Iterable[Subscriber], chosen: Iterable[Chosen]
) -> tuple[Subscriber, ...]:
    """Everybody who is told: those of the configuration, then those who subscribed alone, with their choices.

    Names are unique, since deliveries are recorded under them. The configuration has precedence.
    """
    choices: dict[str, dict[str, Choice]] = defaultdict(dict)
    for each in chosen:
        choices[each.subscriber][each.destination] = each.choice
    first = tuple(configured)
    names = {each.name for each in first}
    everybody = (*first, *(each for each in own if each.name not in names))
    return tuple(
        replace(each, choices=dict(choices[each.name])) if each.name in choices else each for each in everybody
    )
