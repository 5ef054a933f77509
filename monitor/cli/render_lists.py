"""Lists on a terminal: changes, deliveries, feeds and polls, readings, and what the configuration holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.render import NOTHING, confidence, date, instant, quantity, table, text
from monitor.cli.trial import Trial
from monitor.core.model import Change, ChangeType, Claim, Destination, Feed, Project, Reading
from monitor.core.plain import clean, shorten
from monitor.pipeline import Attempt, PollOutcome, PollResult
from monitor.ports import DeliveryRecord, DeliveryState, FeedRecord, Outcome, SendResult
from monitor.settings import Config

_MAX_SENTENCE = 200
_SHORT_ID = 12
_DELIVERY_STYLE = {DeliveryState.PENDING: "yellow", DeliveryState.SENT: "green", DeliveryState.DEAD: "bold red"}


# ---------------------------------------------------------------- changes


def changes(items: Iterable[Change], projects: Mapping[str, Project], zone: tzinfo) -> RenderableType:
    """What moved, when the monitor came to know it, and the sentence that says so."""
    rows = table("Known since", "Project", "Change", "Effective", "How sure", "Proof")
    for change in items:
        project = projects.get(change.project)
        rows.add_row(
            instant(change.at, zone),
            text(project.name_in("en") if project else change.project),
            move(change),
            date(change.effective),
            confidence(change.confidence),
            _proof(change),
        )
    return rows


def move(change: Change) -> Text:
    """``status: announced → agreed``, ``construction: 2026 → 2027``, ``capacity: 50,000 t/yr``."""
    about = change.kind.value if change.kind else change.stage
    if change.type is ChangeType.STATUS or about is None:
        about = change.type.value
    elif change.type is not ChangeType.FACT:
        about = f"{change.type.value}, {about}"
    before, after = (_side(side, change) for side in (change.from_, change.to))
    shown = Text.assemble((about, "bold"))
    if after is not None:
        shown.append(f": {before} → {after}" if before is not None else f": {after}")
    return shown


def _side(side: str | float | None, change: Change) -> str | None:
    if isinstance(side, str) or side is None:
        return side
    return quantity(side, change.unit, change.kind)


def _proof(change: Change) -> Text:
    sentence = change.evidence[0] if change.evidence else ""
    lines = [Text(f"“{shorten(clean(sentence), _MAX_SENTENCE)}”", "italic")] if sentence else []
    lines += [text(url, "dim") for url in change.sources[:1]]
    return Text("\n").join(lines) if lines else Text(NOTHING, "dim")


# ---------------------------------------------------------------- deliveries


def deliveries(items: Iterable[DeliveryRecord], destinations: Mapping[str, str], zone: tzinfo) -> RenderableType:
    """What is owed to whom, and how its last attempt ended; destinations by their labels, without secrets."""
    rows = table("Id", "Change", "Subscriber", "Destination", "State", "Tried", "Sent or due", "Last outcome")
    for record in items:
        delivery = record.delivery
        rows.add_row(
            str(delivery.id),
            Text.assemble(f"{clean(delivery.change.project)}\n", move(delivery.change)),
            text(delivery.subscriber),
            text(destinations.get(delivery.destination, f"{delivery.destination} (no longer configured)")),
            Text(record.state.value, _DELIVERY_STYLE[record.state]),
            str(delivery.attempts),
            instant(record.sent_at or record.due_at, zone),
            text(record.last_outcome or NOTHING),
        )
    return rows


def attempt(done: Attempt) -> Text:
    """One line for one attempt at a delivery."""
    sent = done.result.outcome is Outcome.SENT
    shown = Text.assemble(("✔ " if sent else "✘ ", "green" if sent else "red"), move(done.delivery.change))
    shown.append(f" → {clean(done.destination)}")
    if not sent:
        shown.append(f": {done.result.outcome}, {clean(done.result.detail)}", "red")
        shown.append("; given up" if done.retry_at is None else "; will be tried again", "red")
    return shown


# ---------------------------------------------------------------- feeds


def feeds(items: Iterable[tuple[Feed, FeedRecord]], zone: tzinfo) -> RenderableType:
    """Each feed, how its last poll ended, and when the next one is."""
    rows = table("Feed", "Trust", "Last poll", "Next poll", "How it went")
    for feed, record in items:
        went = Text(record.last_status or "never polled", "dim" if not record.last_status else "green")
        if record.last_error:
            times = f"{record.failures} times in a row" if record.failures > 1 else "once"
            went = Text.assemble((f"failed {times}: ", "red"), text(record.last_error))
        rows.add_row(
            Text.assemble(text(feed.name), "\n", text(feed.url, "dim")),
            f"{feed.trust:g}",
            instant(record.polled_at, zone),
            instant(record.next_poll_at, zone),
            went,
        )
    return rows


def poll(result: PollResult) -> Text:
    """What one poll did, in one line, and below it what was wrong with single entries."""
    failed = result.outcome is PollOutcome.FAILED
    shown = Text.assemble(
        ("✘ " if failed else "✔ ", "red" if failed else "green"), text(result.feed.name, "bold"), ": "
    )
    if failed:
        shown.append(clean(result.error), "red")
    elif result.outcome is PollOutcome.READ:
        changed = len(result.changes)
        shown.append(f"{result.entries} entries, {result.new} new, {result.relevant} about projects, {changed} changes")
        if result.is_history:
            shown.append(" (its past: alerts nobody)", "dim")
    else:
        shown.append(result.outcome.value)
    for problem in result.problems:
        shown.append(f"\n  {clean(problem)}", "yellow")
    return shown


def trial(tried: Trial) -> RenderableType:
    """What a feed holds today: entries that may concern projects, and how many others; or why it holds nothing."""
    if tried.error:
        return Text.assemble(("✘ ", "red"), text(tried.feed.name, "bold"), ": ", text(tried.error, "red"))
    head = Text.assemble(("✔ ", "green"), text(tried.feed.name, "bold"))
    head.append(f": {len(tried.entries)} entries, {tried.relevant} may concern projects")
    lines: list[RenderableType] = [head, *(text(f"  {problem}", "yellow") for problem in tried.problems)]
    if tried.relevant:
        rows = table("Published", "Title", "Projects")
        for entry, projects in tried.entries:
            if projects:
                published = str(entry.published_at.date()) if entry.published_at else NOTHING
                rows.add_row(published, text(shorten(entry.title, _MAX_SENTENCE)), ", ".join(projects))
        lines.append(rows)
    return Group(*lines)


def sending(destination: Destination, result: SendResult) -> Text:
    """One line for one message that was sent past the outbox."""
    sent = result.outcome is Outcome.SENT
    shown = Text.assemble(("✔ " if sent else "✘ ", "green" if sent else "red"), clean(destination.label))
    return shown.append(f": {result.outcome.value}" + (f", {clean(result.detail)}" if result.detail else ""))


# ---------------------------------------------------------------- readings


def reading(article_id: str, title: str, read: Reading) -> RenderableType:
    """What was read in one article, each with its sentence."""
    head = Text.assemble(text(article_id, "bold"), "  ", text(shorten(title, _MAX_SENTENCE)))
    about = ", ".join(read.projects) or "no project of the configuration"
    lines: list[RenderableType] = [head, Text(f"{read.language or 'language unknown'} · {about}", "dim")]
    if read.claims or read.facts:
        rows = table("Project", "Said", "When", "Sure", "Sentence")
        for claim in read.claims:
            rows.add_row(
                claim.project, _claim(claim), date(claim.date), f"{claim.confidence:.2f}", _sentence(claim.evidence)
            )
        for fact in read.facts:
            said = f"{fact.kind.value} {quantity(fact.value, fact.unit, fact.kind)}"
            rows.add_row(fact.project, said, NOTHING, f"{fact.confidence:.2f}", _sentence(fact.evidence))
        lines.append(rows)
    return Group(*lines, "")


def _claim(claim: Claim) -> str:
    return f"{claim.stage} {claim.state.value}"


def _sentence(sentence: str) -> Text:
    return Text(shorten(clean(sentence), _MAX_SENTENCE), "italic")


# ---------------------------------------------------------------- configuration


def configuration(config: Config, languages: Sequence[str]) -> RenderableType:
    """What the folder holds, and every destination as it was understood."""
    counts = f"{len(config.projects)} projects, {len(config.feeds)} feeds, {len(config.subscribers)} subscribers"
    lines: list[RenderableType] = [f"{counts}, languages {', '.join(languages)}, time zone {config.timezone}"]
    if config.subscribers:
        rows = table("Subscriber", "Destination", "Language", "When")
        for subscriber in config.subscribers:
            for destination in subscriber.to:
                when = f"digest {subscriber.digest}" if subscriber.digest else "at once"
                rows.add_row(text(subscriber.name), text(destination.label), subscriber.language, when)
        lines.append(rows)
    return Group(*lines)
