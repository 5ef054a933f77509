"""Changes and milestones in the formats that other programs subscribe to: Atom, JSON Feed, iCalendar."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from monitor.contracts.plain import Json, instant_json
from monitor.core.folding.known import proofs
from monitor.core.message import words
from monitor.core.message.briefing import Briefing, Voice
from monitor.core.message.compose import compose
from monitor.core.message.told import borne_out
from monitor.core.message.tongue import Tongue
from monitor.core.model import Project
from monitor.core.news import Change, Message
from monitor.core.periods import Period
from monitor.core.plain import clean, is_plain_address
from monitor.core.state import Milestone, ProjectState
from monitor.errors import InputError

# Changes as the messages that their subscribers read, for feeds -------------------------------------------------------


#: What the feeds are called.
NAME = "Milestone monitor"


def told(
    changes: Iterable[Change], projects: Mapping[str, Project], *, voice: Voice, language: str, zone: tzinfo
) -> Iterator[tuple[Change, Message]]:
    """Each change with its message, newest first.

    Args:
        changes: oldest first.
        projects: by id; a project that is missing here is named by its id.
        voice: what the messages are written with.
        language: the language of the messages.
        zone: the timezone of the instants in them.
    """
    for change in list(changes)[::-1]:
        project = projects.get(change.project) or Project(id=change.project, name={"": change.project})
        yield change, compose(Briefing(change=change, project=project), voice=voice, language=language, zone=zone)


def identity(change: Change) -> str:
    """The name of a change in every feed."""
    return f"urn:milestone-monitor:change:{change.id}"


# Changes as a JSON Feed (https://www.jsonfeed.org/version/1.1/), for feed readers and programs ------------------------


def json_feed(
    changes: Iterable[Change], projects: Mapping[str, Project], *, voice: Voice, language: str, zone: tzinfo
) -> Json:
    """The changes, newest first, each as the message that its subscribers read. Arguments as in ``told``."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": NAME,
        "language": language,
        "items": [
            _item(change, message.title, message.body)
            for change, message in told(changes, projects, voice=voice, language=language, zone=zone)
        ],
    }


def _item(change: Change, title: str, body: str) -> Json:
    addresses = list(filter(is_plain_address, change.sources))
    return {
        "id": identity(change),
        "title": title,
        "content_text": body,
        "date_published": instant_json(change.at),
        "tags": [change.type.value, change.project],
        **({"external_url": addresses[0]} if addresses else {}),
    }


# Writes expected milestones as an iCalendar (RFC 5545), to subscribe to or to import ----------------------------------


def calendar(projects: Iterable[tuple[Project, ProjectState]], now: datetime, tongue: Tongue) -> bytes:
    """Write a whole-day event for each expected milestone, on the last day of its period.

    An event keeps its UID when its date moves, and its SEQUENCE counts the moves, so a calendar that has it already
    moves it. Its words are those of the reader's language.

    Raises:
        InputError: the icalendar library is not installed.
    """
    try:
        from icalendar import Calendar, Event  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(f"{error.name} is missing: install milestone-monitor[calendar]") from error
    made = Calendar()
    made.add("prodid", f"-//milestone-monitor//{tongue.language.upper()}")
    made.add("version", "2.0")
    made.add("x-wr-calname", tongue.say("Expected milestones"))
    for project, state in projects:
        for milestone, forecast in state.to_come:
            event = Event()
            for name, value in _properties(project, milestone, forecast, now, tongue):
                event.add(name, value)
            made.add_component(event)
    document: bytes = made.to_ical()
    return document


def _properties(
    project: Project, milestone: Milestone, forecast: Period, now: datetime, tongue: Tongue
) -> Iterator[tuple[str, object]]:
    event = words.event(tongue, milestone.stage)
    expected = tongue.say("{event} expected {date}", event=event, date=tongue.date(forecast))
    told = [expected, borne_out(milestone.standing, tongue)]
    if milestone.baseline and milestone.baseline != forecast:
        told.append(tongue.say("First expected: {date}", date=tongue.date(milestone.baseline)))
    shown = proofs(milestone.evidence, forecast, language=tongue.language, is_expected=True)
    told += [clean(evidence.sentence) for evidence in shown if evidence.sentence]
    urls = [evidence.source.url for evidence in shown]
    sources = [url for url in urls if url and is_plain_address(url)]
    yield "uid", f"{project.id}.{milestone.stage}@milestone-monitor"
    yield "sequence", max(0, len(milestone.forecasts) - 1)
    yield "dtstamp", now
    yield "dtstart", forecast.end
    yield "summary", tongue.say("{head}: {what}", head=tongue.name(project), what=expected)
    yield "description", "\n".join(dict.fromkeys([*told, *sources]))
    # The event does not block time in the calendar.
    yield "transp", "TRANSPARENT"
    if sources:
        yield "url", sources[0]
