"""Writes expected milestones as an iCalendar (RFC 5545), to subscribe to or to import."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from monitor.core.folding.brief import LANGUAGE
from monitor.core.folding.proof import proofs
from monitor.core.model import Project
from monitor.core.periods import Period
from monitor.core.plain import clean, is_plain_address
from monitor.core.state import Milestone, ProjectState
from monitor.errors import InputError


def calendar(projects: Iterable[tuple[Project, ProjectState]], now: datetime) -> bytes:
    """Write a whole-day event for each expected milestone, on the last day of its period.

    An event keeps its UID when its date moves, and its SEQUENCE counts the moves, so a calendar that has it already
    moves it.

    Raises:
        InputError: the icalendar library is not installed.
    """
    try:
        from icalendar import Calendar, Event  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(f"{error.name} is missing: install milestone-monitor[calendar]") from error
    made = Calendar()
    made.add("prodid", "-//milestone-monitor//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Expected milestones")
    for project, state in projects:
        for milestone, forecast in state.to_come:
            event = Event()
            for name, value in _properties(project, milestone, forecast, now):
                event.add(name, value)
            made.add_component(event)
    document: bytes = made.to_ical()
    return document


def _properties(
    project: Project, milestone: Milestone, forecast: Period, now: datetime
) -> Iterator[tuple[str, object]]:
    told = [f"{milestone.stage} expected {forecast}, {milestone.confidence.value}"]
    if milestone.baseline != forecast:
        told.append(f"first expected {milestone.baseline}")
    shown = proofs(milestone.evidence, forecast, language=LANGUAGE, is_expected=True)
    told += [clean(evidence.sentence) for evidence in shown if evidence.sentence]
    urls = [evidence.source.url for evidence in shown]
    sources = [url for url in urls if url and is_plain_address(url)]
    yield "uid", f"{project.id}.{milestone.stage}@milestone-monitor"
    yield "sequence", max(0, len(milestone.forecasts) - 1)
    yield "dtstamp", now
    yield "dtstart", forecast.end
    yield "summary", f"{clean(project.name_in('en'))}: {milestone.stage} expected ({forecast})"
    yield "description", "\n".join(dict.fromkeys([*told, *sources]))
    # The event does not block time in the calendar.
    yield "transp", "TRANSPARENT"
    if sources:
        yield "url", sources[0]
