"""Subscribers on a terminal: what they want, and who receives a change and who does not."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.render import in_a_row, lines, text
from monitor.cli.render_blocks import Blocks
from monitor.core.alerting.plan import Audience, Hearing, Planned
from monitor.core.alerting.timetable import clock
from monitor.core.news import Change, ChangeType, Subscriber
from monitor.core.polling.polling import span
from monitor.ports import Departure

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


def hearings(
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
