"""The mutes in force on a project: until when, for whom, and who made them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.alerting.plan import Audience
from monitor.core.alerting.routing import answers
from monitor.core.alerting.timetable import first_instant
from monitor.core.message.tongue import Tongue
from monitor.core.news import Mute
from monitor.ports import AuditEntry
from monitor.web.pages.subscriber_rows import muted_until

#: The names that are shown of those who are muted.
_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """One mute, of everybody who has it."""

    #: What is muted, and until when.
    words: str
    whom: str
    #: Who made it on these pages. "" if that is not known.
    by: str
    #: What identifies it in a form.
    until: str
    projects: str


def silences(
    project: str, audience: Audience, *, now: datetime, done: Callable[[], Sequence[AuditEntry]], tongue: Tongue
) -> list[Silence]:
    """The mutes in force on a project.

    Args:
        project: its id.
        audience: everybody who is told of changes.
        now: the present instant.
        done: the newest entries of the audit log, the newest first. Asked only if something is muted.
        tongue: the language of the reader.
    """
    tags, found = audience.tags_of(project), defaultdict[Mute, list[str]](list)
    for each in audience.subscribers:
        for mute in each.mutes if answers(project, tags, each.projects) else ():
            zone = audience.zones(each.timezone)
            if answers(project, tags, mute.projects) and now < first_instant(mute.until, zone):
                found[mute].append(each.name)
    entries = done() if found else ()
    return [
        Silence(
            words=muted_until(mute, audience, tongue, on=project),
            whom=_whom(names, tongue),
            by=tongue.foreign(_maker(mute, names, entries)),
            until=mute.until.isoformat(),
            projects="\n".join(mute.projects),
        )
        for mute, names in found.items()
    ]


def _whom(names: Sequence[str], tongue: Tongue) -> str:
    if len(names) > _NAMES:
        return tongue.count("one subscriber", "{n} subscribers", len(names))
    return ", ".join(map(tongue.foreign, names))


def _maker(mute: Mute, names: Sequence[str], entries: Sequence[AuditEntry]) -> str:
    """Who made a mute of these subscribers."""
    told = {"project": ", ".join(mute.projects), "until": mute.until.date().isoformat()}
    made = (
        each.actor
        for each in entries
        if each.action == "subscribers.mute"
        and told.items() <= each.detail.items()
        and names[0] in each.target.split(", ")
    )
    return next(made, "")
