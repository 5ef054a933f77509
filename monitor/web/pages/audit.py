"""``/audit``: who did what, and when."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from monitor.app.build import App
from monitor.core.access import Role
from monitor.core.message import words
from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import FactKind, State
from monitor.core.plain import shorten
from monitor.logs import redact
from monitor.ports import AuditEntry
from monitor.web.pages.rendering import instant, page, tongue_of, zone_of

# What somebody did, for the audit log, in the reader's words ----------------------------------------------------------


#: The most characters of one value.
_LONGEST = 300
#: What is told of an action: who did it stands before it, to what behind it.
_DEEDS: Mapping[str, str] = {
    "account.add": mark("deed", "added an account"),
    "account.disable": mark("deed", "locked an account"),
    "account.enable": mark("deed", "unlocked an account"),
    "account.password": mark("deed", "changed the password of an account"),
    "account.remove": mark("deed", "deleted an account"),
    "account.role": mark("deed", "changed the role of an account"),
    "alerts.retry": mark("deed", "had alerts sent again"),
    "claims.assign": mark("deed", "assigned a claim to another project"),
    "claims.confirm": mark("deed", "confirmed a claim"),
    "claims.correct": mark("deed", "corrected a claim"),
    "claims.reject": mark("deed", "rejected a claim"),
    "claims.undo": mark("deed", "undid a decision on a claim"),
    "claims.wrong-project": mark("deed", "rejected all that an article says of a project"),
    "configuration.save": mark("deed", "edited a file of the configuration"),
    "configuration.undo": mark("deed", "took back an edit of the configuration"),
    "deliveries.retry": mark("deed", "had alerts sent again"),
    "feeds.add": mark("deed", "added a feed"),
    "feeds.change": mark("deed", "changed a feed"),
    "feeds.import": mark("deed", "added the feeds of a reader"),
    "feeds.remove": mark("deed", "removed a feed"),
    "projects.add": mark("deed", "added a project"),
    "projects.change": mark("deed", "changed a project"),
    "projects.remove": mark("deed", "removed a project"),
    "session.close": mark("deed", "logged out"),
    "session.open": mark("deed", "logged in"),
    "session.refuse": mark("deed", "was refused at the login"),
    "subscribers.mute": mark("deed", "muted a project for subscribers"),
    "subscribers.readmit": mark("deed", "had mails sent again to a subscriber"),
    "subscribers.remove": mark("deed", "removed a subscriber"),
    "subscribers.test": mark("deed", "sent a test message to a subscriber"),
    "subscribers.unmute": mark("deed", "ended the mute of subscribers"),
    "token.add": mark("deed", "made a token"),
    "token.revoke": mark("deed", "revoked a token"),
}
_LABELS: Mapping[str, str] = {
    "added": mark("detail", "added"),
    "address": mark("detail", "from the address"),
    "after": mark("detail", "now"),
    "before": mark("detail", "before"),
    "changes": mark("detail", "changes"),
    "date": mark("detail", "date"),
    "days": mark("detail", "days"),
    "destination": mark("detail", "to"),
    "diff": mark("detail", "edit"),
    "due": mark("detail", "due again"),
    "edition": mark("detail", "edit number"),
    "instead": mark("detail", "right is"),
    "kind": mark("detail", "figure"),
    "language": mark("detail", "language"),
    "means": mark("detail", "by"),
    "name": mark("detail", "name"),
    "number": mark("detail", "number"),
    "outcome": mark("detail", "answer"),
    "paused": mark("detail", "paused"),
    "phase": mark("detail", "part"),
    "project": mark("detail", "project"),
    "quiet": mark("detail", "nobody alerted"),
    "readmitted": mark("detail", "addresses"),
    "reason": mark("detail", "reason"),
    "role": mark("detail", "role"),
    "said": mark("detail", "said"),
    "scope": mark("detail", "may"),
    "stage": mark("detail", "stage"),
    "state": mark("detail", "state"),
    "token": mark("detail", "token"),
    "trust": mark("detail", "trust"),
    "unit": mark("detail", "unit"),
    "until": mark("detail", "until"),
    "url": mark("detail", "address"),
    "value": mark("detail", "amount"),
}
#: Values that are words of the monitor.
_VALUES: Mapping[str, Mapping[str, str]] = {
    "means": {"password": mark("detail", "password"), "provider": mark("detail", "the provider of the organisation")},
    "scope": {"read": mark("detail", "read"), "write": mark("detail", "read and write")},
    "outcome": {
        "sent": mark("detail", "accepted"),
        "failed": mark("detail", "not accepted for now"),
        "refused": mark("detail", "refused"),
        "unknown": mark("detail", "no answer"),
    },
}


def deed(action: str, tongue: Tongue) -> str:
    """The action as a predicate. An unknown one, of a newer or older monitor, is shown by its name."""
    return tongue.say_in("deed", _DEEDS[action]) if action in _DEEDS else tongue.foreign(action)


def details(detail: Mapping[str, object], tongue: Tongue) -> Iterator[str]:
    """What else is known of it, each in a few words. Details without a value are left out."""
    for name, value in detail.items():
        if value is False or value in (None, "", []):
            continue
        label = tongue.say_in("detail", _LABELS[name]) if name in _LABELS else tongue.foreign(name)
        if value is True:
            yield label
        else:
            yield tongue.say("{head}: {what}", head=label, what=_written(name, value, detail, tongue))


def _written(name: str, value: object, beside: Mapping[str, object], tongue: Tongue) -> str:
    if isinstance(value, Mapping):
        return f"({tongue.listed(*details(value, tongue))})"
    if isinstance(value, list):
        return tongue.listed(*(_written(name, each, beside, tongue) for each in value))
    text = str(value)
    if text in _VALUES.get(name, {}):
        return tongue.say_in("detail", _VALUES[name][text])
    # A word of another version of the monitor is shown as it is.
    with suppress(ValueError):
        if name in _WORDS:
            return _WORDS[name](text, beside, tongue)
    return tongue.foreign(shorten(text, _LONGEST))


def _stage(text: str, _: Mapping[str, object], tongue: Tongue) -> str:
    return words.status(tongue, text)


def _state(text: str, beside: Mapping[str, object], tongue: Tongue) -> str:
    return words.state(tongue, State(text), str(beside.get("stage", "")))


def _date(text: str, _: Mapping[str, object], tongue: Tongue) -> str:
    return tongue.moment(text)


def _role(text: str, _: Mapping[str, object], tongue: Tongue) -> str:
    return words.role(tongue, Role(text))


def _kind(text: str, _: Mapping[str, object], tongue: Tongue) -> str:
    return words.figure(tongue, FactKind(text))


_WORDS: Mapping[str, Callable[[str, Mapping[str, object], Tongue], str]] = {
    "stage": _stage,
    "state": _state,
    "role": _role,
    "before": _role,
    "after": _role,
    "kind": _kind,
    "date": _date,
    "until": _date,
}


_ENTRIES, _LONGEST_TARGET = 50, 300
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One entry, in the reader's words."""

    when: str
    actor: str
    action: str
    target: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The audit log of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/audit", self.show, methods=["GET", "HEAD"], response_class=Response)
        return router

    def show(self, request: Request, before: Before = None) -> Response:
        """The entries, the newest first."""
        tongue, zone = tongue_of(request, self.app.watch), zone_of(request, self.app.watch)
        found = self.app.audit.entries(before=before, limit=_ENTRIES + 1)
        shown = found[:_ENTRIES]
        return page(
            request,
            "audit.html.j2",
            tongue,
            rows=[_row(each, tongue, zone) for each in shown],
            more=shown[-1].id if len(found) > _ENTRIES else None,
        )


def _row(entry: AuditEntry, tongue: Tongue, zone: tzinfo) -> AuditRow:
    return AuditRow(
        when=instant(entry.at, tongue, zone),
        actor=tongue.foreign(entry.actor),
        action=deed(entry.action, tongue),
        target=tongue.foreign(shorten(redact(entry.target), _LONGEST_TARGET)),
        details=tuple(redact(each) for each in details(entry.detail, tongue)),
    )
