"""Compares who is told of changes under two sets of settings. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.alerting.plan import Audience, wishes
from monitor.core.alerting.routing import explain
from monitor.core.news import Change, Subscriber


@dataclass(slots=True)
class Shift:
    """What one subscriber would have been told otherwise."""

    more: list[Change] = field(default_factory=list)
    less: list[Change] = field(default_factory=list)
    #: Told as well, but elsewhere or at another time.
    otherwise: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two audiences, and what differs between them. Bundles and storms are not considered: they lose nothing."""

    before: Audience
    after: Audience

    def concerned(self) -> Mapping[str, tuple[Subscriber | None, Subscriber | None]]:
        """The subscribers whose settings differ, by name, before and after. All of them if a project has other tags."""
        were, are = ({each.name: each for each in audience.subscribers} for audience in (self.before, self.after))
        pairs = {name: (were.get(name), are.get(name)) for name in dict.fromkeys((*are, *were))}
        if self._has_same_tags():
            return {name: (was, now) for name, (was, now) in pairs.items() if was != now}
        return pairs

    def shifts(self, changes: Collection[Change]) -> Mapping[str, Shift]:
        """What the concerned subscribers would have been told otherwise of these changes, by name."""
        found: dict[str, Shift] = defaultdict(Shift)
        for name, (was, now) in self.concerned().items():
            for change in changes:
                told, tells = _told(change, was, self.before), _told(change, now, self.after)
                if tells and not told:
                    found[name].more.append(change)
                elif told and not tells:
                    found[name].less.append(change)
                elif told != tells:
                    found[name].otherwise.append(change)
        return dict(found)

    def _has_same_tags(self) -> bool:
        projects = dict.fromkeys((*self.before.projects, *self.after.projects))
        return all(self.before.tags_of(project) == self.after.tags_of(project) for project in projects)


def _told(change: Change, subscriber: Subscriber | None, audience: Audience) -> frozenset[tuple[str, datetime, bool]]:
    """Where and when a subscriber is told of a change, as if it had become known when it did."""
    if subscriber is None or not explain(change, subscriber, audience.tags_of(change.project)).told:
        return frozenset()
    return frozenset(_places(change, subscriber, audience))


def _places(change: Change, subscriber: Subscriber, audience: Audience) -> Iterator[tuple[str, datetime, bool]]:
    for one in wishes(change, subscriber, audience, change.at):
        yield one.destination.id, one.appointment.due_at, one.appointment.together
