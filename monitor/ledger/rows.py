"""Converts core values to rows and back: two small functions for each table."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, RowMapping

from monitor.core.alerting.bundling import WaitingDelivery
from monitor.core.health import Ailment, FeedHealth
from monitor.core.model import Article, Claim, Fact, FactKind, Objection, ObjectionKind, Reading, Said, State
from monitor.core.news import Change, ChangeType, Delivery, Mistake, Proof, Retraction
from monitor.core.polling.cadence import Habit
from monitor.core.polling.polling import PollReason, Rule
from monitor.core.state import Confidence, Source
from monitor.ports import (
    DIGEST_SIZE,
    AttemptRecord,
    DeliveryRecord,
    DeliveryState,
    EntryRecord,
    FeedRecord,
    Outgoing,
    ReadArticle,
    ReadFor,
    Validators,
)

Values = dict[str, Any]
_HABIT = tuple(each.name for each in fields(Habit))


def feed_values(feed: FeedRecord) -> Values:
    """All columns except the address, which is the key."""
    return {
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "body_hash": feed.body_hash,
        "imported_at": feed.imported_at,
        "polled_at": feed.polled_at,
        "next_poll_at": feed.next_poll_at,
        "reasons": [[reason.rule, reason.wait.total_seconds(), reason.words] for reason in feed.reasons],
        "failures": feed.failures,
        "last_error": feed.last_error,
        "last_status": feed.last_status,
        "shown": b"".join(feed.shown),
        "habit": _habit_values(feed.habit) if feed.habit else None,
        "moved_to": feed.moved_to,
        "moves": feed.moves,
        "latency": feed.latency,
        "size": feed.size,
        "last_entries": feed.last_entries,
        "last_new": feed.last_new,
        "hub": feed.hub,
        "topic": feed.topic,
    }


def _habit_values(habit: Habit) -> Values:
    return {
        name: value.isoformat() if isinstance(value := getattr(habit, name), datetime) else value for name in _HABIT
    }


def _habit(values: Values) -> Habit:
    # Rows of an earlier version have no newest entry.
    names = [name for name in ("at", "since", "relevant_at", "newest_at") if values.get(name)]
    instants = {name: datetime.fromisoformat(values[name]) for name in names}
    return Habit(**values | instants | {"hours": tuple(values["hours"])})


def feed_habit(row: Row[Any, Any, Any]) -> tuple[str, Habit, int]:
    return row.url, _habit(row.habit), len(row.shown or b"") // DIGEST_SIZE


def feed_health(row: RowMapping) -> FeedHealth:
    habit = _habit(row["habit"]) if row["habit"] else None
    return FeedHealth(
        name=row["url"],
        failures=row["failures"],
        error=row["last_error"],
        rate=habit.rate if habit else None,
        newest_at=habit.newest_at if habit else None,
        next_poll_at=row["next_poll_at"],
    )


def ailment_values(ailment: Ailment) -> Values:
    return {
        "trouble": ailment.trouble.value,
        "subject": ailment.subject,
        "detail": ailment.detail,
        "since": ailment.since,
        "found_at": ailment.found_at,
        "told_at": ailment.told_at,
    }


def feed_record(row: RowMapping) -> FeedRecord:
    values = dict(row)
    del values["id"]
    validators = Validators(etag=values.pop("etag"), last_modified=values.pop("last_modified"))
    shown, habit = values.pop("shown") or b"", values.pop("habit")
    reasons = [
        PollReason(rule=Rule(rule), wait=timedelta(seconds=wait), words=words)
        for rule, wait, words in values.pop("reasons") or ()
    ]
    return FeedRecord(
        reasons=tuple(reasons),
        validators=validators,
        shown=tuple(shown[start : start + DIGEST_SIZE] for start in range(0, len(shown), DIGEST_SIZE)),
        habit=_habit(habit) if habit else None,
        **values,
    )


def entry_values(entry: EntryRecord, feed: int) -> Values:
    return {"feed": feed, "key": entry.key, "digest": entry.digest, "rewrites": entry.rewrites}


def entry_record(row: Row[Any]) -> EntryRecord:
    return EntryRecord(key=row.key, digest=row.digest, rewrites=row.rewrites)


def article_values(item: ReadArticle, feed: int) -> Values:
    article, source = item.article, item.source
    return {
        "key": article.key,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "published": article.published,
        "language": article.language,
        "outlet": source.outlet,
        "trust": source.trust,
        "published_at": source.published_at,
        "seen_at": source.seen_at,
        "story": source.story,
        "dropped": item.is_dropped,
        "feed": feed,
    }


def source(row: Row[Any]) -> Source:
    return Source(
        article=row.key,
        url=row.url,
        outlet=row.outlet,
        trust=row.trust,
        published_at=row.published_at,
        seen_at=row.seen_at,
        story=row.story,
        language=row.language,
        title=row.title,
    )


def reading_values(item: ReadArticle, article: int, reason: ReadFor) -> Values:
    return {
        "article": article,
        "seen_at": item.source.seen_at,
        "retired_at": None,
        "reason": reason.value,
        "reader": item.reader,
    }


def read_article(
    row: Row[Any], concerns: Sequence[Row[Any]], claims: Sequence[Row[Any]], facts: Sequence[Row[Any]]
) -> ReadArticle:
    article = Article(
        key=row.key,
        url=row.url,
        title=row.title,
        text=row.text,
        published=row.published,
        language=row.language,
        outlet=row.outlet,
    )
    reading = Reading(
        language=row.language,
        projects=tuple(concern.project for concern in concerns),
        claims=tuple(map(claim, claims)),
        facts=tuple(map(fact, facts)),
    )
    return ReadArticle(article=article, source=source(row), reading=reading, is_dropped=row.dropped, reader=row.reader)


def claim_values(claim: Claim, reading: int) -> Values:
    return {
        "reading": reading,
        "project": claim.project,
        "stage": claim.stage,
        "state": claim.state.value,
        "date": claim.date,
        "confidence": claim.confidence,
        "evidence": claim.evidence,
        "phase": claim.phase,
        "objection": _objection_value(claim),
    }


def claim(row: Row[Any]) -> Claim:
    return Claim(
        project=row.project,
        stage=row.stage,
        state=State(row.state),
        date=row.date,
        confidence=row.confidence,
        evidence=row.evidence,
        phase=row.phase,
        objection=_objection(getattr(row, "objection", None)),
    )


def fact_values(fact: Fact, reading: int) -> Values:
    return {
        "reading": reading,
        "project": fact.project,
        "kind": fact.kind.value,
        "value": fact.value,
        "unit": fact.unit,
        "evidence": fact.evidence,
        "confidence": fact.confidence,
        "phase": fact.phase,
        "objection": _objection_value(fact),
    }


def fact(row: Row[Any]) -> Fact:
    return Fact(
        project=row.project,
        kind=FactKind(row.kind),
        value=row.value,
        unit=row.unit,
        evidence=row.evidence,
        confidence=row.confidence,
        phase=row.phase,
        objection=_objection(getattr(row, "objection", None)),
    )


def _objection_value(said: Said) -> str | None:
    """``unnamed:Umicore``: the kind, and the other company."""
    return None if said.objection is None else f"{said.objection.kind}:{said.objection.company}"


def _objection(value: str | None) -> Objection | None:
    """The stored objection. A decision keeps none of what it is about."""
    if value is None:
        return None
    kind, _, company = value.partition(":")
    return Objection(ObjectionKind(kind), company)


#: What is stored of a proof, in this order. Add at the end: stored changes have the first ones.
_PROOF = ("sentence", "url", "outlet", "title", "published", "language", "known", "exact")


def change_values(change: Change) -> Values:
    return {
        "id": change.id,
        "type": change.type.value,
        "project": change.project,
        "stage": change.stage,
        "before": change.from_,
        "after": change.to,
        "at": change.at,
        "effective": change.effective,
        "confidence": change.confidence.value,
        "sources": list(change.sources),
        "evidence": list(change.evidence),
        "kind": change.kind.value if change.kind else None,
        "unit": change.unit,
        "by": change.by,
        "phase": change.phase,
        "proof": [_proof_values(proof) for proof in change.proof],
        "history": change.is_history,
        "told_at": change.told_at,
        "retracts": _retraction_values(change.retracts) if change.retracts else None,
    }


def change(row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        type=ChangeType(row.type),
        project=row.project,
        stage=row.stage,
        from_=row.before,
        to=row.after,
        at=row.at,
        effective=row.effective,
        confidence=Confidence(row.confidence),
        sources=tuple(row.sources),
        evidence=tuple(row.evidence),
        kind=FactKind(row.kind) if row.kind else None,
        unit=row.unit,
        by=row.by,
        phase=row.phase,
        proof=tuple(map(_proof, row.proof or ())),
        is_history=bool(row.history),
        retracts=_retraction(row.retracts) if row.retracts else None,
    )


def _retraction_values(wrong: Retraction) -> list[str | float | None]:
    return [wrong.change, wrong.from_, wrong.at.isoformat(), wrong.because.value if wrong.because else None]


def _retraction(stored: list[Any]) -> Retraction:
    change, from_, at, because = stored
    return Retraction(
        change=change, from_=from_, at=datetime.fromisoformat(at), because=Mistake(because) if because else None
    )


def _proof_values(proof: Proof) -> list[str | bool | None]:
    published = proof.published.isoformat() if proof.published else None
    return [published if name == "published" else getattr(proof, name) for name in _PROOF]


def _proof(values: Sequence[Any]) -> Proof:
    """The proof of a stored change. Earlier versions stored fewer values."""
    stored = dict(zip(_PROOF, values, strict=False))
    if published := stored.pop("published", None):
        stored["published"] = datetime.fromisoformat(published)
    return Proof(**stored)


def delivery_values(owed: Outgoing, *, project: str) -> Values:
    """A delivery without an attempt."""
    return {
        "change": owed.change_id,
        "subscriber": owed.subscriber,
        "destination": owed.destination,
        "project": project,
        "together": owed.together,
        "chain": owed.chain,
        "rank": owed.rank,
        "bundle": None,
        "state": DeliveryState.PENDING.value,
        "due_at": owed.due_at,
        "acquired_by": None,
        "acquired_until": None,
        "attempts": 0,
        "sent_at": None,
        "last_outcome": "",
    }


def outgoing(row: Row[Any]) -> Outgoing:
    """A delivery as it was asked for."""
    return Outgoing(
        change_id=row.change,
        subscriber=row.subscriber,
        destination=row.destination,
        due_at=row.due_at,
        together=row.together,
        chain=row.chain,
        rank=row.rank,
    )


def delivery(row: Row[Any], of: Change) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        change=of,
        subscriber=row.subscriber,
        destination=row.destination,
        attempts=row.attempts,
    )


def delivery_record(row: Row[Any]) -> DeliveryRecord:
    return DeliveryRecord(
        delivery=delivery(row, change(row)),
        state=DeliveryState(row.state),
        due_at=row.due_at,
        sent_at=row.sent_at,
        last_outcome=row.last_outcome,
        message=row.bundle,
    )


def waiting(row: Row[Any]) -> WaitingDelivery:
    """As ``core.alerting.bundling`` needs it."""
    return WaitingDelivery(
        id=row.id,
        change=row.change,
        project=row.project,
        subscriber=row.subscriber,
        due_at=row.due_at,
        together=row.together,
        bundle=row.bundle,
        attempts=row.attempts,
        rank=row.rank,
    )


def attempt(row: Row[Any]) -> AttemptRecord:
    return AttemptRecord(at=row.at, outcome=row.outcome, message=row.message)
