"""Stores what readers chose by themselves, and who subscribed alone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from monitor.core.alerting.choices import Chosen
from monitor.core.news import Choice
from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import CHOICES, SIGN_UPS
from monitor.ports import SignUp


class SQLReaders:
    """``ports.Readers`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, *, changed: Callable[[], None] = lambda: None) -> None:
        """Prepare.

        Args:
            engine: the database.
            changed: called after each change of who is told what.
        """
        self._engine = engine
        self._changed = changed

    def choose(self, chosen: Chosen) -> None:
        choice = chosen.choice
        is_it = (CHOICES.c.subscriber == chosen.subscriber, CHOICES.c.destination == chosen.destination)
        values = {
            "subscriber": chosen.subscriber,
            "destination": chosen.destination,
            "paused_until": choice.paused_until,
            "without": sorted(choice.without),
            "language": choice.language,
            "digest": choice.digest,
        }
        with writing(self._engine) as connection:
            connection.execute(delete(CHOICES).where(*is_it))
            connection.execute(insert(CHOICES), [values])
        self._changed()

    def chosen(self) -> Sequence[Chosen]:
        with reading(self._engine) as connection:
            found = connection.execute(select(CHOICES).order_by(CHOICES.c.subscriber, CHOICES.c.destination)).all()
        return [
            Chosen(
                subscriber=row.subscriber,
                destination=row.destination,
                choice=Choice(
                    paused_until=row.paused_until,
                    without=frozenset(row.without),
                    language=row.language,
                    digest=row.digest,
                ),
            )
            for row in found
        ]

    def request(self, sign_up: SignUp, token_hash: str, *, forget_before: datetime) -> None:
        values = {
            "token_hash": token_hash,
            "address": sign_up.address,
            "projects": list(sign_up.projects),
            "language": sign_up.language,
            "digest": sign_up.digest,
            "requested_at": sign_up.requested_at,
        }
        stale = (SIGN_UPS.c.confirmed_at.is_(None), SIGN_UPS.c.requested_at < forget_before)
        with writing(self._engine) as connection:
            connection.execute(delete(SIGN_UPS).where(*stale))
            connection.execute(insert(SIGN_UPS), [values])

    def requests(self, since: datetime) -> Sequence[SignUp]:
        with reading(self._engine) as connection:
            return _sign_ups(connection, SIGN_UPS.c.requested_at >= since)

    def confirm(self, token_hash: str, now: datetime, *, since: datetime) -> SignUp | None:
        is_it = SIGN_UPS.c.token_hash == token_hash
        with reading(self._engine) as connection:
            # Anybody may guess tokens. A wrong guess must not block writers.
            found = _sign_ups(connection, is_it, SIGN_UPS.c.requested_at >= since)
        if not found:
            return None
        others = (
            SIGN_UPS.c.address == found[0].address,
            SIGN_UPS.c.token_hash != token_hash,
            SIGN_UPS.c.confirmed_at.is_not(None),
        )
        with writing(self._engine) as connection:
            connection.execute(delete(SIGN_UPS).where(*others))
            connection.execute(
                update(SIGN_UPS).where(is_it, SIGN_UPS.c.confirmed_at.is_(None)).values(confirmed_at=now)
            )
            confirmed = _sign_ups(connection, is_it)
        self._changed()
        return confirmed[0] if confirmed else None

    def confirmed(self) -> Sequence[SignUp]:
        with reading(self._engine) as connection:
            return _sign_ups(connection, SIGN_UPS.c.confirmed_at.is_not(None))

    def forget(self, address: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(SIGN_UPS).where(SIGN_UPS.c.address == address))
            connection.execute(delete(CHOICES).where(CHOICES.c.subscriber == address))
        self._changed()


def _sign_ups(connection: Connection, *which: Any) -> list[SignUp]:  # noqa: ANN401 - conditions share no type
    query = select(SIGN_UPS).where(*which).order_by(SIGN_UPS.c.address, SIGN_UPS.c.requested_at)
    return [_sign_up(row) for row in connection.execute(query)]


def _sign_up(row: Row[Any]) -> SignUp:
    return SignUp(
        address=row.address,
        projects=tuple(row.projects),
        language=row.language,
        digest=row.digest,
        requested_at=row.requested_at,
        confirmed_at=row.confirmed_at,
    )
