"""Who would have been told otherwise under other settings."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from monitor.core.alerting.plan import Audience, RoutingComparison
from monitor.core.model import Project
from monitor.core.news import Change, ChangeType, Destination, Subscriber
from tests.builders import make_change, make_project

DESK = Subscriber(name="Desk", to=(Destination(id="d1", label="d1", url="json://d1"),))
STATUS = make_change(id="c1", type=ChangeType.STATUS, project="plant")
FACT = make_change(id="c2", type=ChangeType.FACT, project="plant")


def audience(*subscribers: Subscriber, projects: Sequence[Project] = (make_project(id="plant"),)) -> Audience:
    return Audience(subscribers=subscribers, projects={each.id: each for each in projects}, zones=ZoneInfo)


def shifted(before: Audience, after: Audience) -> dict[str, tuple[list[Change], list[Change], list[Change]]]:
    found = RoutingComparison(before, after).shifts([STATUS, FACT])
    return {name: (shift.more, shift.less, shift.otherwise) for name, shift in found.items()}


def test_settings_that_do_not_differ_change_nothing() -> None:
    other = replace(DESK, name="Other")

    assert shifted(audience(DESK), audience(DESK)) == {}
    assert dict(
        RoutingComparison(audience(DESK, other), audience(DESK, replace(other, language="fr"))).concerned()
    ) == {"Other": (other, replace(other, language="fr"))}
    assert shifted(audience(DESK), audience(replace(DESK, language="fr"))) == {}


def test_other_wishes_bring_more_and_less() -> None:
    wishes = replace(DESK, changes=frozenset({ChangeType.FACT}))

    assert shifted(audience(DESK), audience(wishes)) == {"Desk": ([FACT], [STATUS], [])}


def test_a_new_subscriber_is_told_and_a_removed_one_no_longer() -> None:
    assert shifted(audience(), audience(DESK)) == {"Desk": ([STATUS], [], [])}
    assert shifted(audience(DESK), audience()) == {"Desk": ([], [STATUS], [])}


def test_another_address_or_time_is_told_as_such() -> None:
    moved = replace(DESK, to=(Destination(id="d2", label="d2", url="json://d2"),))
    later = replace(DESK, digest="0 8 * * *")

    assert shifted(audience(DESK), audience(moved)) == {"Desk": ([], [], [STATUS])}
    assert shifted(audience(DESK), audience(later)) == {"Desk": ([], [], [STATUS])}


def test_other_tags_of_a_project_change_who_follows_it() -> None:
    battery = replace(DESK, projects=("tag:battery",))
    tagged = make_project(id="plant", tags=("battery",))

    assert shifted(audience(battery), audience(battery, projects=[tagged])) == {"Desk": ([STATUS], [], [])}
    assert shifted(audience(battery, projects=[tagged]), audience(battery, projects=[])) == {"Desk": ([], [STATUS], [])}
