"""Two views of a past day, and which change is the last one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.news import Change, ChangeType, Past, last_told
from monitor.core.state import Report
from tests.builders import NOW, make_article, make_change, make_claim


def history(id_: str, *, day: int) -> Change:
    """A change that was imported now, and was published ``day`` days from now."""
    proof = replace(make_change().proof[0], published=NOW + timedelta(days=day))
    return make_change(id=id_, is_history=True, proof=(proof,))


@pytest.mark.parametrize(("as_published", "shown"), [(False, []), (True, ["old"])])
def test_an_imported_change_is_in_the_past_by_its_publication_alone(as_published: bool, shown: list[str]) -> None:
    then = Past(NOW - timedelta(days=10), as_published=as_published)

    found = then.changes([history("old", day=-30), history("young", day=-3), make_change(id="news")])

    assert [change.id for change in found] == shown


def test_only_what_was_published_by_then_counts_whenever_it_was_read() -> None:
    reports = [
        Report(source=make_article(f"a{day}", day=day, seen_at=NOW).source, claims=(make_claim(),)) for day in (-9, -1)
    ]

    found = Past(NOW - timedelta(days=5), as_published=True).published(reports)

    assert [report.source.article for report in found] == ["a-9"]


def test_the_last_change_is_the_one_that_was_told_last_and_silence_is_none() -> None:
    silence = make_change(id="q", type=ChangeType.QUIET, at=NOW + timedelta(days=99))
    changes = [history("young", day=-3), history("old", day=-30), silence]

    assert [change.id for change in last_told(changes)] == ["young"]
    assert last_told([silence]) == last_told([]) == []


def test_what_time_brought_was_told_when_the_monitor_noticed_it() -> None:
    overdue = replace(history("o", day=-30), type=ChangeType.OVERDUE)

    assert overdue.told_at == overdue.at
    assert replace(overdue, type=ChangeType.STATUS, proof=()).told_at == overdue.at
