"""``monitor users``: accounts and tokens on the command line."""

import getpass
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.access.secrets import digest_of, is_password
from monitor.cli.session import consulted
from monitor.core.access import Role, Scope
from tests.cli.conftest import Monitor
from tests.fast_passwords import hash_fast
from tests.readers.hits import BY_HITS

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_fast(monkeypatch)


@pytest.fixture
def ada(monitor: Monitor) -> Monitor:
    done = monitor("users", "add", "Ada", "--role", "operator", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert (done.code, done.out) == (0, "ada may log in, as operator.\n")
    return monitor


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    given: Iterator[str] = iter(answers)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(given))


def test_an_account_is_made_with_a_password_that_is_typed_twice(
    folder: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, PASSWORD, PASSWORD)

    done = monitor("users", "add", "ada", terminal=True)

    assert done.code == 0
    with consulted(folder) as archive:
        (account,) = archive.accounts.all()
        (entry,) = archive.audit.entries(limit=9)
    assert account.role is Role.VIEWER
    assert is_password(account.password, PASSWORD)
    assert (entry.actor, entry.action, entry.target, entry.detail) == (
        "local",
        "account.add",
        "ada",
        {"role": "viewer"},
    )
    assert PASSWORD not in done.out + done.err


def test_what_is_typed_differently_the_second_time_changes_nothing(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, PASSWORD, PASSWORD + "!")

    done = monitor("users", "add", "ada", terminal=True)

    assert done.code == 1
    assert "the second password is another one" in done.err
    assert "No accounts" in monitor("users", "list").out


def test_without_a_terminal_the_password_must_come_on_standard_input(monitor: Monitor) -> None:
    done = monitor("users", "add", "ada", stdin=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.code == 1
    assert "--password-stdin" in done.err


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        ("ada", "short", "12 to 1,000 characters"),
        ("long-enough-name", "Long-Enough-Name", "the password is the name"),
        ("a b", PASSWORD, "letters, digits"),
        ("local", PASSWORD, "write another name"),
    ],
)
def test_a_name_or_password_that_cannot_be_used_is_refused(
    monitor: Monitor, name: str, password: str, reason: str
) -> None:
    done = monitor("users", "add", name, "--password-stdin", stdin=password)

    assert done.code == 1
    assert reason in done.err


def test_a_name_is_given_once(ada: Monitor) -> None:
    done = ada("users", "add", "ADA", "--password-stdin", stdin=PASSWORD)

    assert done.code == 1
    assert "there is an account of this name already" in done.err


def test_accounts_are_listed_and_changed(ada: Monitor) -> None:
    assert ada("users", "role", "ada", "admin").code == 0
    assert ada("users", "disable", "ada").code == 0
    (listed,) = ada("users", "list", "--json").lines
    assert "disabled" in ada("users", "list").out
    assert (listed["name"], listed["role"], listed["login"], listed["disabled"]) == ("ada", "admin", "password", True)
    assert ada("users", "enable", "ada").code == 0
    assert ada("users", "list", "--json").lines[0]["disabled"] is False
    assert ada("users", "remove", "ada").code == 0
    assert ada("users", "list", "--json").lines == []


def test_a_new_password_ends_tokens(folder: Path, ada: Monitor) -> None:
    ada("users", "token", "ada")

    done = ada("users", "password", "ada", "--password-stdin", stdin="another good one\r\n")

    assert done.code == 0
    with consulted(folder) as archive:
        (account,) = archive.accounts.all()
    assert is_password(account.password, "another good one")
    assert ada("users", "tokens").out == "No tokens.\n"


def test_a_token_is_shown_once_and_stored_as_its_hash(folder: Path, ada: Monitor) -> None:
    done = ada("users", "token", "ada", "--scope", "write", "--days", "30")

    secret = done.out.strip()
    (listed,) = ada("users", "tokens", "--json").lines
    with consulted(folder) as archive:
        (token,) = archive.accounts.tokens()
    assert secret.startswith("mmt_")
    assert token.digest == digest_of(secret)
    assert token.scope is Scope.WRITE
    assert token.expires_at is not None
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert (listed["token"], listed["account"], listed["scope"], listed["used"]) == (token.id, "ada", "write", None)
    assert secret not in str(listed)
    assert "ada" in ada("users", "tokens").out
    assert ada("users", "revoke", str(token.id)).code == 0
    assert ada("users", "revoke", str(token.id)).code == 1
    assert ada("users", "token", "ada", "--json").json["secret"].startswith("mmt_")


@pytest.mark.parametrize(
    "command", [("role", "bob", "admin"), ("disable", "bob"), ("enable", "bob"), ("remove", "bob"), ("token", "bob")]
)
def test_nobody_can_change_an_account_that_is_not_there(ada: Monitor, command: tuple[str, ...]) -> None:
    done = ada("users", *command)

    assert done.code == 1
    assert "there is no account of this name" in done.err


@pytest.mark.parametrize("command", [("check",), ("doctor",)])
def test_pages_that_others_reach_and_nobody_can_use_are_warned_of(
    folder: Path, monitor: Monitor, command: tuple[str, ...]
) -> None:
    public = "web: {public: 'https://monitor.example.org'}\n"
    (folder / "monitor.yaml").write_text(BY_HITS)
    assert "nobody can log in" not in monitor(*command).err
    (folder / "monitor.yaml").write_text(BY_HITS + public)
    assert "monitor users add NAME" in monitor(*command).err

    monitor("users", "add", "ada", "--password-stdin", stdin=PASSWORD)

    assert "nobody can log in" not in monitor(*command).err
