"""Core values ↔ rows: the two small functions for each table."""

from typing import Any

from sqlalchemy import Row, RowMapping

from monitor.core.model import (
    Change,
    ChangeType,
    Claim,
    Confidence,
    Delivery,
    Fact,
    FactKind,
    Source,
    State,
)
from monitor.ports import DeliveryRecord, DeliveryState, FeedRecord, ReadArticle, Validators

Values = dict[str, Any]


def feed_values(feed: FeedRecord) -> Values:
    return {
        "url": feed.url,
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "body_hash": feed.body_hash,
        "imported_at": feed.imported_at,
        "polled_at": feed.polled_at,
        "next_poll_at": feed.next_poll_at,
        "failures": feed.failures,
        "last_error": feed.last_error,
        "last_status": feed.last_status,
    }


def feed_record(row: RowMapping) -> FeedRecord:
    values = dict(row)
    validators = Validators(etag=values.pop("etag"), last_modified=values.pop("last_modified"))
    return FeedRecord(validators=validators, **values)


def article_values(item: ReadArticle, feed: str) -> Values:
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
    )


def claim_values(claim: Claim, article: int) -> Values:
    return {
        "article": article,
        "project": claim.project,
        "stage": claim.stage,
        "state": claim.state.value,
        "date": claim.date,
        "confidence": claim.confidence,
        "evidence": claim.evidence,
    }


def claim(row: Row[Any]) -> Claim:
    return Claim(
        project=row.project,
        stage=row.stage,
        state=State(row.state),
        date=row.date,
        confidence=row.confidence,
        evidence=row.evidence,
    )


def fact_values(fact: Fact, article: int) -> Values:
    return {
        "article": article,
        "project": fact.project,
        "kind": fact.kind.value,
        "value": fact.value,
        "unit": fact.unit,
        "evidence": fact.evidence,
        "confidence": fact.confidence,
    }


def fact(row: Row[Any]) -> Fact:
    return Fact(
        project=row.project,
        kind=FactKind(row.kind),
        value=row.value,
        unit=row.unit,
        evidence=row.evidence,
        confidence=row.confidence,
    )


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
    )
