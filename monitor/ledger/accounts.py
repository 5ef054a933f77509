"""Stores accounts with their sessions and tokens."""

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, RowMapping, Table, delete, insert, select, update
from sqlalchemy.engine import make_url

from monitor.core.access import Role, Scope
from monitor.core.alerting.plan import Chosen
from monitor.core.news import Choice
from monitor.errors import LedgerError
from monitor.ledger.engine import make_engine, or_else, reading, writing
from monitor.ledger.tables import ACCOUNTS, AUDIT, CHOICES, FILE_EDITIONS, SESSIONS, SIGN_UPS, TOKENS
from monitor.ports import KEPT_EDITIONS, Account, AuditEntry, FileEdition, Session, SignUp, Token

_ACCOUNT = [column.label(f"account_{column.name}") for column in ACCOUNTS.c]


class SQLAccounts:
    """``ports.Accounts`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ------------------------------------------------------------ accounts

    def exist(self) -> bool:
        with reading(self._engine) as connection:
            return connection.execute(select(ACCOUNTS.c.name).limit(1)).first() is not None

    def all(self) -> Sequence[Account]:
        with reading(self._engine) as connection:
            return [_account(row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name)).mappings()]

    def find(self, name: str) -> Account | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.name == name)).mappings().first()
            return _account(row) if row is not None else None

    def add(self, account: Account) -> bool:
        with writing(self._engine) as connection:
            statement = or_else(connection.dialect.name, ACCOUNTS).values(**_values(account)).on_conflict_do_nothing()
            return connection.execute(statement.returning(ACCOUNTS.c.name)).first() is not None

    def change(self, account: Account, *, ends_access: bool) -> bool:
        statement = update(ACCOUNTS).where(ACCOUNTS.c.name == account.name).values(**_values(account))
        with writing(self._engine) as connection:
            # In this order: a session that is being opened is stored before and ends here, or is refused.
            is_there = bool(connection.execute(statement).rowcount)
            if ends_access:
                _end(connection, account.name)
            return is_there

    def rehash(self, name: str, before: str, after: str) -> None:
        is_it = (ACCOUNTS.c.name == name, ACCOUNTS.c.password == before)
        with writing(self._engine) as connection:
            connection.execute(update(ACCOUNTS).where(*is_it).values(password=after))

    def remove(self, name: str) -> bool:
        with writing(self._engine) as connection:
            connection.execute(select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == name).with_for_update())
            _end(connection, name)
            return bool(connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == name)).rowcount)

    # ------------------------------------------------------------ sessions

    def open(self, session: Session, *, password: str | None, forget: datetime, most: int) -> bool:
        is_it = (ACCOUNTS.c.name == session.account, ACCOUNTS.c.password.is_not_distinct_from(password))
        account = select(ACCOUNTS.c.name).where(*is_it, ACCOUNTS.c.is_disabled.is_(False)).with_for_update()
        newest = select(SESSIONS.c.digest).where(SESSIONS.c.account == session.account)
        newest = newest.order_by(SESSIONS.c.opened_at.desc(), SESSIONS.c.digest).limit(most - 1)
        with writing(self._engine) as connection:
            if connection.execute(account).first() is None:
                return False
            connection.execute(delete(SESSIONS).where(SESSIONS.c.opened_at < forget))
            kept = connection.scalars(newest).all()
            is_beyond = (SESSIONS.c.account == session.account, SESSIONS.c.digest.not_in(kept))
            connection.execute(delete(SESSIONS).where(*is_beyond))
            connection.execute(insert(SESSIONS).values(**asdict(session)))
            return True

    def session(self, digest: str) -> tuple[Session, Account] | None:
        row = self._with_account(SESSIONS, SESSIONS.c.digest == digest)
        return (_session(row), _account(row, "account_")) if row is not None else None

    def sessions(self, account: str) -> Sequence[Session]:
        query = select(SESSIONS).where(SESSIONS.c.account == account)
        with reading(self._engine) as connection:
            found = connection.execute(query.order_by(SESSIONS.c.seen_at.desc(), SESSIONS.c.digest)).mappings()
            return [_session(row) for row in found]

    def seen(self, digest: str, at: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.digest == digest).values(seen_at=at))

    def close(self, account: str, *, only: str | None = None, but: str = "") -> int:
        those = [SESSIONS.c.account == account, SESSIONS.c.digest != but]
        those += [SESSIONS.c.digest == only] if only is not None else []
        with writing(self._engine) as connection:
            return connection.execute(delete(SESSIONS).where(*those)).rowcount

    # ------------------------------------------------------------ tokens

    def issue(self, token: Token) -> int:
        values = asdict(token) | {"scope": token.scope.value}
        del values["id"]
        with writing(self._engine) as connection:
            return int(connection.execute(insert(TOKENS).values(**values).returning(TOKENS.c.id)).scalar_one())

    def token(self, digest: str) -> tuple[Token, Account] | None:
        row = self._with_account(TOKENS, TOKENS.c.digest == digest)
        return (_token(row), _account(row, "account_")) if row is not None else None

    def tokens(self, account: str | None = None) -> Sequence[Token]:
        query = select(TOKENS).order_by(TOKENS.c.id)
        if account is not None:
            query = query.where(TOKENS.c.account == account)
        with reading(self._engine) as connection:
            return [_token(row) for row in connection.execute(query).mappings()]

    def used(self, id_: int, at: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(TOKENS).where(TOKENS.c.id == id_).values(used_at=at))

    def revoke(self, id_: int, *, account: str | None = None) -> Token | None:
        those = [TOKENS.c.id == id_] + ([TOKENS.c.account == account] if account is not None else [])
        with writing(self._engine) as connection:
            row = connection.execute(select(TOKENS).where(*those)).mappings().first()
            connection.execute(delete(TOKENS).where(*those))
            return _token(row) if row is not None else None

    def _with_account(self, table: Table, is_it: ColumnElement[bool]) -> Mapping[Any, Any] | None:
        query = select(table, *_ACCOUNT).join(ACCOUNTS, ACCOUNTS.c.name == table.c.account).where(is_it)
        with reading(self._engine) as connection:
            return connection.execute(query).mappings().first()


def may_have_accounts(database: str) -> bool:
    """Whether the database at this address has an account. It is not changed, not even by an upgrade of its tables.

    True if nobody can tell: it is on a server, or cannot be read.
    """
    url = make_url(database)
    if url.get_backend_name() != "sqlite":
        return True
    if not Path(str(url.database)).is_file():
        return False
    engine = make_engine(database)
    try:
        with reading(engine) as connection:
            has_table = connection.dialect.has_table(connection, ACCOUNTS.name)
            return has_table and connection.execute(select(ACCOUNTS.c.name).limit(1)).first() is not None
    except LedgerError:
        return True
    finally:
        engine.dispose()


def _end(connection: Connection, account: str) -> None:
    for table in (SESSIONS, TOKENS):
        connection.execute(delete(table).where(table.c.account == account))


def _values(account: Account) -> dict[str, object]:
    return asdict(account) | {"role": account.role.value}


def _account(row: Mapping[Any, Any], prefix: str = "") -> Account:
    values = {column.name: row[f"{prefix}{column.name}"] for column in ACCOUNTS.c}
    return Account(**values | {"role": Role(values["role"])})


def _session(row: Mapping[Any, Any]) -> Session:
    return Session(**{column.name: row[column.name] for column in SESSIONS.c})


def _token(row: Mapping[Any, Any]) -> Token:
    values = {column.name: row[column.name] for column in TOKENS.c}
    return Token(**values | {"scope": Scope(values["scope"])})


# Stores who did what --------------------------------------------------------------------------------------------------


class SQLAuditLog:
    """``ports.AuditLog`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, entry: AuditEntry) -> None:
        values = {
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "target": entry.target,
            "detail": dict(entry.detail),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(AUDIT), [values])

    def entries(self, *, before: int | None = None, limit: int) -> Sequence[AuditEntry]:
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AUDIT.c.id < before)
        with reading(self._engine) as connection:
            return [AuditEntry(**dict(row)) for row in connection.execute(query).mappings()]


# Stores what readers chose by themselves, and who subscribed alone ----------------------------------------------------


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


# Stores the former contents of the configuration's files --------------------------------------------------------------


class SQLFileEditions:
    """``ports.FileEditions`` on SQLite or PostgreSQL. The contents are compressed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, edition: FileEdition) -> None:
        is_of_file = FILE_EDITIONS.c.file == edition.file
        values = {
            "at": edition.at,
            "actor": edition.actor,
            "file": edition.file,
            "content": zlib.compress(edition.content),
        }
        newest = select(FILE_EDITIONS.c.id).where(is_of_file).order_by(FILE_EDITIONS.c.id.desc()).limit(KEPT_EDITIONS)
        with writing(self._engine) as connection:
            connection.execute(insert(FILE_EDITIONS), [values])
            kept = connection.scalars(newest).all()
            connection.execute(delete(FILE_EDITIONS).where(is_of_file, FILE_EDITIONS.c.id < min(kept)))

    def files(self) -> Collection[str]:
        with reading(self._engine) as connection:
            return connection.scalars(select(FILE_EDITIONS.c.file).distinct()).all()

    def edition(self, number: int) -> FileEdition | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(FILE_EDITIONS).where(FILE_EDITIONS.c.id == number)).mappings().first()
        return _edition(row) if row is not None else None

    def last(self, file: str, *, before: int | None = None) -> FileEdition | None:
        return next(iter(self.editions(file=file, before=before, limit=1)), None)

    def editions(self, *, file: str | None = None, before: int | None = None, limit: int) -> Sequence[FileEdition]:
        query = select(FILE_EDITIONS).order_by(FILE_EDITIONS.c.id.desc()).limit(limit)
        if file is not None:
            query = query.where(FILE_EDITIONS.c.file == file)
        if before is not None:
            query = query.where(FILE_EDITIONS.c.id < before)
        with reading(self._engine) as connection:
            return [_edition(row) for row in connection.execute(query).mappings()]


def _edition(row: RowMapping) -> FileEdition:
    return FileEdition(**{**row, "content": zlib.decompress(row["content"])})
