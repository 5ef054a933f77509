"""``subscribers``: lists subscribers, and explains who receives what, where and when."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.app.leaving import readmit as readmit_
from monitor.app.leaving import remove as remove_
from monitor.cli.naming import project_meant
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known, moment, must_ask
from monitor.cli.output import show, show_json
from monitor.cli.render import text
from monitor.cli.render_subscribers import hearings as render_hearings
from monitor.cli.render_subscribers import subscribers as render_subscribers
from monitor.cli.session import consulted
from monitor.contracts.subscribers import hearing_json, subscriber_json
from monitor.core.access import LOCAL
from monitor.core.alerting.plan import hearings
from monitor.core.alerting.timetable import clock
from monitor.core.lifecycle import Condition
from monitor.core.news import Change, ChangeType
from monitor.core.state import Confidence
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.app.archive import Archive

#: The id within a reference as messages write it: "Ref. fd3a2918fc37 · 30 November 2026 15:06".
_REFERENCE = re.compile(r"\b[0-9a-f]{8,64}\b")


def list_subscribers(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the subscribers: their wishes, destinations, times and followed projects.

    Example:
        monitor subscribers list
    """
    with consulted(config, addresses=True) as archive:
        audience, left = archive.audience, archive.departures.all()
    if as_json:
        for subscriber in audience.subscribers:
            show_json(subscriber_json(subscriber, audience.followed_by(subscriber), left))
    elif not audience.subscribers:
        show("No subscribers.")
    else:
        show(render_subscribers(audience, left))


def readmit(
    subscriber: Annotated[str, typer.Argument(metavar="SUBSCRIBER", help="The subscriber's name.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Send mails again to those at a subscriber's addresses who have unsubscribed. Changes since then stay unsent.

    Only for those who asked for it. To remove somebody for good, delete their address from subscribers.yaml.

    Example:
        monitor subscribers readmit Terminal
    """
    with consulted(config, writes=True) as archive:
        known("subscriber", subscriber, [each.name for each in archive.everybody])
        number = readmit_(archive, subscriber, LOCAL)
    if as_json:
        show_json({"subscriber": subscriber, "readmitted": number})
    else:
        said = f"{number} addresses are told again" if number else "nobody has unsubscribed"
        show(f"{subscriber}: {said}.")


def remove(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The one that subscribed.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take somebody off who subscribed alone, and forget the address. What is owed to them is not sent.

    To remove a subscriber of subscribers.yaml, delete them there.

    Example:
        monitor subscribers remove eve@example.org
    """
    with consulted(config, addresses=True, writes=True) as archive:
        found = {each.name: each for each in archive.everybody}
        one = found[known("subscriber", address, found)]
        if not one.is_own:
            raise InputError(f"{address} is set up in subscribers.yaml; delete them there")
        if must_ask(yes=yes):
            typer.confirm(f"Remove {address}?", abort=True, err=True)
        remove_(archive, one, LOCAL)
    if as_json:
        show_json({"removed": address})
    else:
        show(text(f"{address} removed."))


def explain(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="The project's id or name, or a part of it.")],
    change: Annotated[
        str,
        typer.Argument(
            metavar="CHANGE", help="A type, as status; or of what was the id, its begin, or the Ref. of a message."
        ),
    ],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    stage: Annotated[str | None, typer.Option("--stage", help="Of the change; none when absent.")] = None,
    confidence: Annotated[
        Confidence, typer.Option("--confidence", help="Of the change, where CHANGE is a type.")
    ] = Confidence.REPORTED,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="DATE", help="When it comes to be known; now, or when it was, when absent."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show who would receive a change, where and when, and the rule that decides why or why not.

    Examples:
        monitor subscribers explain btr-anode status --stage construction
        monitor subscribers explain btr-anode overdue --confidence confirmed --at 2026-12-24T23:00
        monitor subscribers explain btr-anode "Ref. fd3a2918fc37 · 30 November 2026 15:06"
    """
    with consulted(config, addresses=True) as archive:
        watch, audience = archive.watch, archive.audience
        project = project_meant(project, watch.projects)
        now = moment(at, watch.timezone) if at is not None else None
        changes = (
            [_supposed(archive, project, ChangeType(change), stage, confidence, now)]
            if _is_type(change)
            else _recorded(archive, project, change)
        )
        everywhere = {each.id for one in audience.subscribers for each in one.destinations}
        found = []
        for meant in changes:
            # The number of recent deliveries is only known for the present, so only a supposed change at this time
            # uses it.
            recent = archive.ledger.owed_lately(everywhere, meant.at) if now is None and not meant.id else None
            found.append((meant, hearings(meant, audience, now or meant.at, recent)))
        left = archive.departures.all()
    if not audience.subscribers and not as_json:
        show("No subscribers.")
        return
    for meant, heard in found:
        if as_json:
            for hearing in heard:
                show_json({"change": meant.id or None, **hearing_json(hearing, left)})
        else:
            show(render_hearings(meant, heard, clock(now or meant.at, watch.timezone), audience, left))


def _is_type(text: str) -> bool:
    return text in set(ChangeType)


def _supposed(  # noqa: PLR0917 - the attributes of a change
    archive: "Archive", project: str, type_: ChangeType, stage: str | None, confidence: Confidence, at: datetime | None
) -> Change:
    """A hypothetical change of this type, to be routed."""
    if stage is not None:
        known("stage", stage, [*archive.watch.lifecycle_of(project).stages, *map(str, Condition)])
    return Change(
        id="",
        type=type_,
        project=project,
        stage=stage,
        from_=None,
        to=None,
        at=at or archive.clock(),
        effective=None,
        confidence=confidence,
        sources=(),
        evidence=(),
    )


def _recorded(archive: "Archive", project: str, given: str) -> Sequence[Change]:
    """The only change of the project whose id begins so, else the changes that the message with this reference told."""
    begin = found[0] if (found := _REFERENCE.search(given)) else given
    changes = [change for change in archive.ledger.changes(project=project) if change.id.startswith(begin)]
    if len(changes) == 1:
        return changes
    if changes:
        raise typer.BadParameter(f"{len(changes)} changes of {project} begin with '{begin}'; write more of the id")
    told = archive.outbox.deliveries(change=begin, project=project)
    if len({record.message for record in told}) > 1:
        raise typer.BadParameter(f"several messages begin with '{begin}'; write more of the reference")
    if told:
        return [*{record.delivery.change.id: record.delivery.change for record in told}.values()]
    message = f"invalid type of change '{given}', and no change of {project} begins so; the types are"
    raise typer.BadParameter(f"{message} {', '.join(ChangeType)}, the changes: monitor changes --project {project}")
