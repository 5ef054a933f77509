"""What every store of accounts, sessions and tokens keeps: the fake, and SQL on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.access import ABSOLUTE, Role, Scope
from monitor.ledger.accounts import SQLAccounts
from monitor.ledger.engine import make_engine
from monitor.ports import Account, Accounts, Session, Token
from tests.builders import NOW
from tests.fakes import FakeAccounts

ADA = Account(name="ada", role=Role.ADMIN, password="$argon2id$1", created_at=NOW)
LINA = Account(name="لينا@example.org", role=Role.VIEWER, password=None, created_at=NOW)
SESSION = Session(digest="d1", account="ada", opened_at=NOW, seen_at=NOW, agent="Firefox")
TOKEN = Token(digest="t1", account="ada", scope=Scope.WRITE, created_at=NOW, expires_at=NOW + timedelta(days=30))
HOUR = timedelta(hours=1)


@pytest.fixture(params=["fake", "sql"])
def accounts(request: pytest.FixtureRequest, database: str) -> Iterator[Accounts]:
    if request.param == "fake":
        yield FakeAccounts()
        return
    engine = make_engine(database)
    yield SQLAccounts(engine)
    engine.dispose()


@pytest.fixture
def both(accounts: Accounts) -> Accounts:
    for account in (LINA, ADA):
        assert accounts.add(account)
    return accounts


def enter(accounts: Accounts, *sessions: Session, most: int = 10) -> None:
    for session in sessions:
        account = accounts.find(session.account)
        assert account is not None
        assert accounts.open(session, password=account.password, forget=NOW - ABSOLUTE, most=most)


def test_no_session_opens_by_a_password_that_has_changed_meanwhile(both: Accounts) -> None:
    def opens(account: str, password: str | None) -> bool:
        session = replace(SESSION, account=account)
        return both.open(session, password=password, forget=NOW - ABSOLUTE, most=10)

    both.change(replace(ADA, password="$argon2id$2"), ends_access=True)

    assert not opens("ada", "$argon2id$1")
    assert not opens("ada", None)
    assert not opens("bob", "$argon2id$1")
    assert not opens(LINA.name, "$argon2id$1")
    both.change(replace(ADA, is_disabled=True), ends_access=True)
    assert not opens("ada", "$argon2id$1")
    assert both.session("d1") is None
    assert opens(LINA.name, None)


def test_accounts_are_kept_as_they_were_given(accounts: Accounts) -> None:
    assert not accounts.exist()
    assert accounts.add(LINA)
    assert accounts.add(ADA)

    assert accounts.exist()
    assert accounts.all() == [ADA, LINA]
    assert accounts.find("ada") == ADA
    assert accounts.find("Ada") is None


def test_a_name_is_taken_once(both: Accounts) -> None:
    assert not both.add(replace(ADA, role=Role.VIEWER, password="other"))

    assert both.find("ada") == ADA


def test_a_changed_account_keeps_its_sessions_unless_they_are_to_end(both: Accounts) -> None:
    enter(both, SESSION)
    both.issue(TOKEN)

    assert both.change(replace(ADA, role=Role.OPERATOR), ends_access=False)
    assert both.session("d1") == (SESSION, replace(ADA, role=Role.OPERATOR))

    assert both.change(replace(ADA, is_disabled=True), ends_access=True)
    assert both.find("ada") == replace(ADA, is_disabled=True)
    assert both.session("d1") is None
    assert both.token("t1") is None
    assert both.tokens() == []


def test_who_is_not_there_is_neither_changed_nor_removed(both: Accounts) -> None:
    assert not both.change(replace(ADA, name="bob"), ends_access=True)
    assert not both.remove("bob")
    assert both.all() == [ADA, LINA]


def test_a_hash_is_replaced_only_if_it_is_still_the_same_password(both: Accounts) -> None:
    both.rehash("ada", "$argon2id$1", "$argon2id$2")
    both.rehash("ada", "$argon2id$1", "$argon2id$3")

    assert both.find("ada") == replace(ADA, password="$argon2id$2")


def test_a_removed_account_leaves_nothing_behind(both: Accounts) -> None:
    enter(both, SESSION, replace(SESSION, digest="d2", account=LINA.name))
    both.issue(TOKEN)

    assert both.remove("ada")

    assert both.all() == [LINA]
    assert both.session("d1") is None
    assert both.tokens() == []
    assert [each.digest for each in both.sessions(LINA.name)] == ["d2"]


def test_a_session_is_found_with_its_account_and_listed_by_use(both: Accounts) -> None:
    enter(both, SESSION, replace(SESSION, digest="d2", seen_at=NOW + HOUR))
    both.seen("d1", NOW + 2 * HOUR)
    both.seen("d9", NOW)

    assert both.session("d2") == (replace(SESSION, digest="d2", seen_at=NOW + HOUR), ADA)
    assert both.session("d9") is None
    assert [each.digest for each in both.sessions("ada")] == ["d1", "d2"]
    assert both.sessions("ada")[0].seen_at == NOW + 2 * HOUR


def test_old_sessions_are_forgotten_and_only_the_newest_are_kept(both: Accounts) -> None:
    old = replace(SESSION, digest="old", opened_at=NOW - ABSOLUTE - HOUR, account=LINA.name)
    others = [replace(SESSION, digest=f"d{hour}", opened_at=NOW + hour * HOUR) for hour in range(5)]
    enter(both, old, *others, most=3)

    assert both.session("old") is None
    assert {each.digest for each in both.sessions("ada")} == {"d2", "d3", "d4"}


def test_sessions_are_closed_one_by_one_or_all_but_one(both: Accounts) -> None:
    enter(both, *(replace(SESSION, digest=digest) for digest in ("d1", "d2", "d3")))

    assert both.close(LINA.name, only="d1") == 0
    assert both.close("ada", only="d1") == 1
    assert both.close("ada", but="d3") == 1
    assert [each.digest for each in both.sessions("ada")] == ["d3"]


def test_a_token_is_found_by_its_digest_until_it_is_revoked(both: Accounts) -> None:
    first = both.issue(TOKEN)
    second = both.issue(replace(TOKEN, digest="t2", account=LINA.name, expires_at=None, scope=Scope.READ))
    both.used(first, NOW + HOUR)
    known = replace(TOKEN, id=first, used_at=NOW + HOUR)

    assert both.token("t1") == (known, ADA)
    assert both.token("t9") is None
    assert both.tokens("ada") == [known]
    assert [each.id for each in both.tokens()] == [first, second]
    assert both.revoke(second) == replace(
        TOKEN, id=second, digest="t2", account=LINA.name, expires_at=None, scope=Scope.READ
    )
    assert both.token("t2") is None


def test_nobody_revokes_the_token_of_another_account(both: Accounts) -> None:
    id_ = both.issue(TOKEN)

    assert both.revoke(id_, account=LINA.name) is None
    assert both.revoke(id_ + 1) is None
    assert both.token("t1") is not None
    assert both.revoke(id_, account="ada") == replace(TOKEN, id=id_)
