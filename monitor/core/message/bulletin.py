"""Writes the message about problems of the monitor for its operator. In English, like logs and commands. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from monitor.core.health import Ailment, Bulletin
from monitor.core.news import Message
from monitor.core.plain import clean, shorten

#: The most ailments of one kind that are listed. Of the others only the number is given.
MOST = 10
_LONGEST = 300


def write(bulletin: Bulletin, at: datetime) -> Message:
    """The message of a bulletin that is not empty. It lists by kind what is affected, since when, and what to do."""
    raised, recovered = len(bulletin.raised), len(bulletin.recovered)
    parts = [f"{raised} wrong" if raised else "", f"{recovered} right again" if recovered else ""]
    kinds = dict.fromkeys(str(each.trouble) for each in (*bulletin.raised, *bulletin.recovered))
    title = f"Milestone monitor: {', '.join(filter(None, parts))} ({', '.join(kinds)})"
    sections = (("Wrong:", bulletin.raised), ("Right again:", bulletin.recovered))
    body = "\n\n".join("\n".join([head, *_lines(those)]) for head, those in sections if those)
    told = [(each.trouble, each.subject, each.since.isoformat()) for each in (*bulletin.raised, *bulletin.recovered)]
    id_ = sha256(repr((told, raised)).encode()).hexdigest()[:32]
    return Message(
        title=title,
        body=f"{body}\n\nmonitor doctor shows all that is wrong now.",
        id=id_,
        event={
            "specversion": "1.0",
            "id": id_,
            "source": "/monitor",
            "type": "monitor.health",
            "time": at.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": {
                "raised": [fields(each) for each in bulletin.raised],
                "recovered": [fields(each) for each in bulletin.recovered],
            },
        },
    )


def _lines(ailments: Sequence[Ailment]) -> Iterator[str]:
    of_kind: dict[str, list[Ailment]] = {}
    for ailment in ailments:
        of_kind.setdefault(str(ailment.trouble), []).append(ailment)
    for kind, those in of_kind.items():
        for ailment in those[:MOST]:
            what = f"{kind}: {clean(ailment.subject)}" if ailment.subject else kind
            yield f"• {what}, since {ailment.since:%Y-%m-%d %H:%M} UTC: {shorten(clean(ailment.detail), _LONGEST)}"
        if len(those) > MOST:
            yield f"• {kind}: {len(those) - MOST} more"


def fields(ailment: Ailment) -> dict[str, object]:
    """An ailment as JSON."""
    return {
        "trouble": ailment.trouble.value,
        "subject": ailment.subject,
        "detail": ailment.detail,
        "since": ailment.since.isoformat().replace("+00:00", "Z"),
        "told": ailment.told_at.isoformat().replace("+00:00", "Z") if ailment.told_at else None,
    }
