"""Lists on a terminal: changes, deliveries, feeds, readings, and the contents of the configuration."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from operator import attrgetter

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.render import (
    Blocks,
    SourceLink,
    confidence,
    count,
    in_a_row,
    instant,
    lines,
    quote,
    table,
    text,
)
from monitor.core.message.headline import names_day
from monitor.core.model import Feed, Project, Reading
from monitor.core.news import Change, ChangeType, Destination, Mistake
from monitor.core.notes import quantity
from monitor.core.plain import clean, shorten
from monitor.core.polling.polling import span
from monitor.core.polling.websub import HubSubscription
from monitor.ports import AttemptRecord, DeliveryRecord, DeliveryState, FeedRecord, Outcome, SendResult
from monitor.settings.config import Config

_MAX_TITLE = 200
#: A feed that was found: format, entries, how many of these may concern projects, the newest, title.
_FOUND = "{:<9}  {:>7}  {:>8}  {:<10}  {}"
_DELIVERY_STYLE = {
    DeliveryState.PENDING: "yellow",
    DeliveryState.SENT: "green",
    DeliveryState.DEAD: "bold red",
    DeliveryState.SUPERSEDED: "dim",
}


# ---------------------------------------------------------------- changes


def news_and_history(
    news: Sequence[Change], past: Sequence[Change], projects: Mapping[str, Project], zone: tzinfo
) -> RenderableType:
    """The news, and below it the history, which alerted nobody."""
    if not past:
        return changes(news, projects, zone)
    told = [Text("News\n", "bold"), changes(news, projects, zone)] if news else [Text("No news yet.\n")]
    return Group(
        *told,
        Text("\nHistory, which alerted nobody\n", "bold"),
        changes(sorted(past, key=attrgetter("told_at")), projects, zone),
    )


def changes(items: Iterable[Change], projects: Mapping[str, Project], zone: tzinfo) -> RenderableType:
    """The changes, when each was told, and the sentence that proves it."""
    shown = Blocks()
    for change in items:
        project = projects.get(change.project)
        effective = change.effective if change.type is not ChangeType.SCHEDULE else None
        shown.add_row(
            instant(change.told_at, zone),
            lines(
                Text.assemble(text(project.name_in("en") if project else change.project, "bold"), ": ", move(change)),
                in_a_row(str(effective or ""), confidence(change.confidence)),
                quote(change.evidence[0]) if change.evidence else None,
            ),
            *_origins(change),
        )
    return shown


def _origins(change: Change) -> Iterator[SourceLink]:
    """The sources of a change."""
    outlets = {proof.url: clean(proof.outlet) for proof in change.proof}
    return (SourceLink(url=url, outlet=outlets.get(url, "")) for url in change.sources)


def move(change: Change) -> Text:
    """``status: announced → agreed``, ``construction: 2026 → 2027``, ``capacity (first phase): 50,000 t/yr``.

    A correction: ``correction: “status: announced → agreed” was wrong``.
    """
    if change.retracts is not None and (mistake := change.mistake) is not None:
        day = f", {mistake.effective}" if change.retracts.because is Mistake.DATE and names_day(mistake) else ""
        return Text.assemble(("correction", "bold"), ": “", move(mistake), f"{day}” was wrong")
    about = change.kind.value if change.kind else change.stage
    if change.type is ChangeType.STATUS or about is None:
        about = change.type.value
    elif change.type is not ChangeType.FACT:
        about = f"{change.type.value}, {about}"
    if change.phase is not None:
        about = f"{about} ({clean(change.phase)})"
    before, after = (_side(side, change) for side in (change.from_, change.to))
    shown = Text.assemble((about, "bold"))
    if after is not None:
        shown.append(f": {before} → {after}" if before is not None else f": {after}")
    return shown


def _side(side: str | float | None, change: Change) -> str | None:
    if isinstance(side, str) or side is None:
        return side
    return quantity(side, change.unit, change.kind)


# ---------------------------------------------------------------- deliveries


def deliveries(items: Iterable[DeliveryRecord], destinations: Mapping[str, str], zone: tzinfo) -> RenderableType:
    """Deliveries and the results of their last attempts. Destinations are shown by their labels, without secrets."""
    rows = table("Id", "State", "What", "For", "How it went", whole=2)
    for record in items:
        delivery = record.delivery
        label = destinations.get(delivery.destination, f"{delivery.destination}, no longer configured")
        at = instant(record.sent_at or record.due_at, zone)
        when = {
            DeliveryState.SENT: at,
            DeliveryState.PENDING: f"due {at}",
            DeliveryState.DEAD: "given up",
            DeliveryState.SUPERSEDED: "not needed",
        }[record.state]
        tried = f"tried {count(delivery.attempts, 'time')}" if delivery.attempts else None
        rows.add_row(
            str(delivery.id),
            Text(record.state.value, _DELIVERY_STYLE[record.state]),
            lines(text(delivery.change.project), move(delivery.change)),
            lines(text(delivery.subscriber), text(label, "dim")),
            lines(in_a_row(when, tried), text(record.last_outcome, "dim")),
        )
    return rows


def receipts(
    items: Iterable[DeliveryRecord],
    attempts: Mapping[int, Sequence[AttemptRecord]],
    destinations: Mapping[str, str],
    zone: tzinfo,
) -> RenderableType:
    """Every attempt at each delivery with the answer of the service; above them the change and its proof."""
    parts: list[RenderableType] = []
    of_change = ""
    for record in items:
        delivery = record.delivery
        change = delivery.change
        if change.id != of_change:
            of_change = change.id
            head = in_a_row(text(change.id, "bold"), text(change.project), move(change))
            parts += [lines(head, *map(quote, change.evidence)), *_origins(change)]
        label = destinations.get(delivery.destination, f"{delivery.destination}, no longer configured")
        rows = table("At", "Attempt", "Message", whole=1)
        for each in attempts[delivery.id]:
            rows.add_row(instant(each.at, zone), text(each.outcome), text(each.message, "dim"))
        state = Text(record.state.value, _DELIVERY_STYLE[record.state])
        parts.append(in_a_row(f"{delivery.id}", state, text(delivery.subscriber), text(label)))
        if attempts[delivery.id]:
            parts.append(rows)
    return Group(*parts)


# ---------------------------------------------------------------- feeds


def feeds(
    items: Iterable[tuple[Feed, FeedRecord]], zone: tzinfo, hubs: Mapping[str, HubSubscription] | None = None
) -> RenderableType:
    """Each feed with the result of its last poll, the time of its next one, and its hub (by the feed's address)."""
    rows = table("Feed", "Last poll", "Next poll", "How it went")
    for feed, record in items:
        rows.add_row(
            lines(in_a_row(text(feed.name, "bold"), f"trust {feed.trust:g}"), text(feed.url, "dim")),
            instant(record.polled_at, zone),
            instant(record.next_poll_at, zone),
            lines(_went(feed, record), _habit(record), _answer(record), _hub((hubs or {}).get(feed.url), zone)),
        )
    return rows


def why(feed: Feed, record: FeedRecord, zone: tzinfo, hub: HubSubscription | None = None) -> RenderableType:
    """When a feed is polled next, each rule that affects it with the resulting wait, and what is known of the feed."""
    head = lines(
        in_a_row(text(feed.name, "bold"), text(feed.url, "dim")),
        in_a_row(f"asked last {instant(record.polled_at, zone)}", _went(feed, record)),
        Text.assemble("asked next ", (instant(record.next_poll_at, zone), "bold")) if record.next_poll_at else None,
    )
    rows = table("Rule", "Wait", "Why", whole=2)
    for reason in record.reasons:
        rows.add_row(reason.rule.value, span(reason.wait), reason.words)
    moved = None
    if record.moved_to:
        moved = Text.assemble(
            f"said {count(record.moves, 'time')} in a row that it has moved to ", text(record.moved_to)
        )
    named = Text.assemble("names a hub, ", text(record.hub)) if record.hub and hub is None else None
    known = lines(_habit(record), _answer(record), moved, named or _hub(hub, zone))
    return Group(head, *((rows,) if record.reasons else ("It is asked as soon as it can be.",)), known)


def _went(feed: Feed, record: FeedRecord) -> Text:
    """The result of the last poll."""
    if feed.is_paused:
        return Text("paused: not asked", "yellow")
    if record.last_error:
        times = count(record.failures, "time")
        return Text.assemble((f"failed {times} in a row: ", "red"), text(record.last_error))
    return Text(record.last_status or "not polled yet", "green" if record.last_status else "dim")


def _habit(record: FeedRecord) -> Text | None:
    """What has been learned about a feed."""
    habit = record.habit
    return in_a_row(f"{habit.rate:.2g} entries a day", f"{habit.yield_:.0%} about projects") if habit else None


def _hub(hub: HubSubscription | None, zone: tzinfo) -> Text | None:
    """What a hub does for a feed, or why it does nothing."""
    if hub is None:
        return None
    # The end of the lease is shown without comparing it with the current time, which this function does not know.
    lease = f"pushed by its hub until {instant(hub.until, zone)}" if hub.until else "its hub was asked to push it"
    pushes = f"{count(hub.pushes, 'document')} pushed, the last {instant(hub.pushed_at, zone)}" if hub.pushes else None
    error = text(f"{count(hub.failures, 'time')} in a row: {hub.error}" if hub.failures else hub.error, "red")
    return in_a_row(text(lease), text(hub.hub, "dim"), pushes, error if hub.error else None)


def _answer(record: FeedRecord) -> Text | None:
    """The properties of the last answer, and of the last document that was read."""
    if record.latency is None and record.last_entries is None:
        return None
    return in_a_row(
        f"{record.latency:.2f} s" if record.latency is not None else None,
        f"{record.size:,} bytes" if record.size else None,
        f"{record.last_new:,} of {record.last_entries:,} entries new" if record.last_entries else None,
    )


def sending(destination: Destination, result: SendResult) -> Text:
    """The result of a message that was sent without the outbox, on one line."""
    sent = result.outcome is Outcome.SENT
    shown = Text.assemble(("✔ " if sent else "✘ ", "green" if sent else "red"), clean(destination.label))
    return shown.append(f": {result.outcome.value}" + (f", {clean(result.detail)}" if result.detail else ""))


# ---------------------------------------------------------------- readings


def reading(article_id: str, title: str, read: Reading) -> RenderableType:
    """What was read in one article, each item with its sentence."""
    about = ", ".join(read.projects) or "no project of the configuration"
    head = lines(
        in_a_row(text(article_id, "bold"), text(shorten(title, _MAX_TITLE))),
        Text(f"{read.language or 'language unknown'} · {about}", "dim"),
    )
    said = Blocks()
    for claim in read.claims:
        what = in_a_row(f"{claim.stage} {claim.state.value}", str(claim.date or ""), f"sure {claim.confidence:.2f}")
        said.add_row(claim.project, lines(what, quote(claim.evidence)))
    for fact in read.facts:
        what = in_a_row(fact.kind.value, quantity(fact.value, fact.unit, fact.kind), f"sure {fact.confidence:.2f}")
        said.add_row(fact.project, lines(what, quote(fact.evidence)))
    return Group(head, said if said.row_count else "")


# ---------------------------------------------------------------- configuration


def configuration(config: Config, languages: Sequence[str]) -> RenderableType:
    """The contents of the folder, and every destination as it is understood."""
    counted = {"project": config.projects, "feed": config.feeds, "subscriber": config.subscribers}
    counts = ", ".join(count(len(items), noun) for noun, items in counted.items())
    head = f"{counts}, languages {', '.join(languages)}, time zone {config.timezone}"
    if config.subscribers:
        rows = table("Subscriber", "Destination", "Language", "When")
        for subscriber in config.subscribers:
            when = f"digest {subscriber.digest}" if subscriber.digest else "at once"
            if subscriber.quiet_hours is not None:
                when += f", quiet {'-'.join(subscriber.quiet_hours)}"
            for destination in subscriber.to:
                rows.add_row(text(subscriber.name), text(destination.label), subscriber.language, when)
                for each in subscriber.fallbacks:
                    if each.instead_of == destination.id:
                        late = f"{span(each.after)} later, if that fails"
                        rows.add_row("", text(each.destination.label), subscriber.language, late)
        return Group(head, rows)
    return head
