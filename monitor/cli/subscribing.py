"""``subscribers``: lists subscribers, and explains who receives what, where and when."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from monitor.app.archive import readmit as readmit_
from monitor.app.archive import remove as remove_
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known, moment, must_ask
from monitor.cli.output import show, show_json
from monitor.cli.render import Blocks, in_a_row, lines, text
from monitor.cli.session import consulted, project_meant
from monitor.contracts.deliveries import hearing_json, subscriber_json
from monitor.core.access import LOCAL
from monitor.core.alerting.plan import Audience, Hearing, Planned, hearings
from monitor.core.alerting.timetable import clock
from monitor.core.lifecycle import Condition
from monitor.core.news import Change, ChangeType, Subscriber
from monitor.core.polling.polling import span
from monitor.core.state import Confidence
from monitor.errors import InputError
from monitor.ports import Departure

# Subscribers on a terminal: what they want, and who receives a change and who does not --------------------------------


_FEW = 6


def subscribers(audience: Audience, left: Sequence[Departure] = ()) -> RenderableType:
    """The wishes of each subscriber, their destinations, times and followed projects, and who has unsubscribed."""
    shown = Blocks()
    for subscriber in audience.subscribers:
        wants = [kind.value for kind in ChangeType if kind in subscriber.changes]
        shown.add_row(
            text(subscriber.name, "bold"),
            lines(
                text("subscribed alone; not in subscribers.yaml", "yellow") if subscriber.is_own else None,
                *_addresses(subscriber),
                *_choices(subscriber, audience),
                *_departures(subscriber, left, audience),
                in_a_row(
                    f"{', '.join(wants)} changes",
                    f"of {', '.join(sorted(subscriber.stages))}" if subscriber.stages is not None else None,
                    subscriber.confidence.value,
                    f"in {subscriber.language}",
                ),
                in_a_row(*_times(subscriber)),
                _projects(subscriber, audience.followed_by(subscriber)),
            ),
        )
    return shown


def render_hearings(
    change: Change, found: Sequence[Hearing], known_at: str, audience: Audience, left: Sequence[Departure] = ()
) -> RenderableType:
    """For each subscriber, whether, where and when they receive a change, and why or why not."""
    about = " ".join(filter(None, (change.project, change.stage, change.type.value)))
    head = lines(Text.assemble((about, "bold"), f", {change.confidence}, known at {known_at}"), " ")
    shown = Blocks()
    for hearing in found:
        told = hearing.entitlement.told
        verb = Text("is told", "green") if told else Text("is not told", "yellow")
        shown.add_row(
            text(hearing.subscriber.name, "bold"),
            lines(
                Text.assemble(verb, ": ", text(hearing.entitlement.reason)),
                *(_wish(one, instead, hearing.subscriber, audience) for one, instead in hearing.wishes),
                *_departures(hearing.subscriber, left, audience),
            ),
        )
    return Group(head, shown)


def _addresses(subscriber: Subscriber) -> Iterator[Text]:
    for destination in subscriber.to:
        fallbacks = [each for each in subscriber.fallbacks if each.instead_of == destination.id]
        others = (f", else {each.destination.label} after {span(each.after)}" for each in fallbacks)
        yield Text.assemble(text(destination.label), *(text(other) for other in others))


def _choices(subscriber: Subscriber, audience: Audience) -> Iterator[Text]:
    """What readers chose alone, which comes before what subscribers.yaml says."""
    labels = {destination.id: destination.label for destination in subscriber.destinations}
    for destination, choice in subscriber.choices.items():
        zone = audience.zones(subscriber.timezone)
        said = (
            f"paused until {clock(choice.paused_until, zone)}" if choice.paused_until else None,
            f"without {', '.join(sorted(choice.without))}" if choice.without else None,
            f"in {choice.language}" if choice.language else None,
            None if choice.digest is None else f"digest {choice.digest}" if choice.digest else "at once",
        )
        if destination in labels and any(said):
            yield Text.assemble(text(labels[destination]), (" its reader chose: ", "yellow"), in_a_row(*said))


def _departures(subscriber: Subscriber, left: Sequence[Departure], audience: Audience) -> Iterator[Text]:
    labels = {destination.id: destination.label for destination in subscriber.destinations}
    for gone in left:
        if gone.subscriber == subscriber.name and gone.destination in labels:
            when = clock(gone.at, audience.zones(subscriber.timezone))
            said = f" has unsubscribed on {when}, and is told nothing"
            yield Text.assemble(text(labels[gone.destination]), (said, "yellow"))


def _times(subscriber: Subscriber) -> Iterator[str]:
    yield f"digest {subscriber.digest}" if subscriber.digest is not None else "at once"
    if subscriber.quiet_hours is not None:
        yield f"quiet {'-'.join(subscriber.quiet_hours)}"
    for mute in subscriber.mutes:
        what = "" if mute.projects == ("*",) else f"{', '.join(mute.projects)} "
        yield f"{what}muted until {mute.until:%Y-%m-%d %H:%M}"
    for away in subscriber.away:
        yield f"away {away.first} to {away.last}"
    yield f"at most {subscriber.at_most} an hour"
    yield subscriber.timezone


def _projects(subscriber: Subscriber, follows: Sequence[str]) -> Text:
    some = ", ".join(follows[:_FEW]) + (f" and {len(follows) - _FEW} more" if len(follows) > _FEW else "")
    return Text.assemble("follows ", text(some or "no project"), (f" ({', '.join(subscriber.projects)})", "dim"))


def _wish(one: Planned, instead: str | None, subscriber: Subscriber, audience: Audience) -> Text:
    """Where and when a change is sent, and the rules that affect it."""
    appointment = one.appointment
    when = clock(appointment.due_at, audience.zones(subscriber.timezone))
    how = "by itself" if one.destination.takes_events else "with what else is due of the project"
    first = next((each.label for each in subscriber.to if each.id == one.chain), "")
    return in_a_row(
        text(one.destination.label),
        Text(when, "bold"),
        "with all else that is due then" if appointment.together else how,
        *appointment.reasons,
        text(f"only if {first} has not taken it by then") if one.rank else None,
        text(f"is told there as {instead} already, once") if instead is not None else None,
    )


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
        show(subscribers(audience, left))


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
