"""``users``: who may use the pages and the API."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import err, show, show_json
from monitor.cli.render import instant, table, text
from monitor.cli.session import consulted
from monitor.contracts.operating import account_json, token_json
from monitor.core.access import LOCAL, Role, Scope
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.access.registry import Registry

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the account; capital letters do not matter.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
]


def list_users(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the accounts: their roles, and how they log in.

    Example:
        monitor users list
    """
    with consulted(config) as archive:
        accounts, zone = archive.accounts.all(), archive.watch.timezone
    if as_json:
        for account in accounts:
            show_json(account_json(account))
    elif not accounts:
        show("No accounts. Pages and API are for people on this machine alone. Make one: monitor users add NAME")
    else:
        rows = table("Name", "Role", "Logs in by", "Since")
        for account in accounts:
            means = "password" if account.password is not None else "the provider"
            shown = text("disabled", "yellow") if account.is_disabled else text(means)
            rows.add_row(text(account.name, "bold"), account.role.value, shown, instant(account.created_at, zone))
        show(rows)


def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="What the account may do.")] = Role.VIEWER,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account. The password is asked twice: 12 to 1,000 characters, any of them.

    From the first account on, everybody must log in, also on this machine.

    Examples:
        monitor users add ada --role admin
        monitor users add robot --role operator --password-stdin
    """
    password = _password(from_stdin=password_stdin)
    with _registry(config) as registry:
        account = registry.add(name, role, password)
    show(text(f"{account.name} may log in, as {account.role}."))


def set_role(
    name: Name,
    role: Annotated[Role, typer.Argument(metavar="ROLE", help="viewer, operator or admin.")],
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Give an account another role. It holds from the next request on.

    Example:
        monitor users role ada operator
    """
    with _registry(config) as registry:
        account = registry.set_role(name, role)
    show(text(f"{account.name} is {role} now."))


def set_password(name: Name, config: ConfigDir = DEFAULT_CONFIG, *, password_stdin: FromStdin = False) -> None:
    """Give an account another password. Its sessions and tokens end.

    Example:
        monitor users password ada
    """
    with _registry(config) as registry:
        registry.found(name)
        account = registry.set_password(name, _password(from_stdin=password_stdin))
    show(text(f"{account.name} has a new password. Sessions and tokens have ended."))


def disable(name: Name, config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Let nobody in by an account. Its sessions and tokens end.

    Example:
        monitor users disable ada
    """
    with _registry(config) as registry:
        account = registry.disable(name)
    show(text(f"{account.name} is disabled. Sessions and tokens have ended."))


def enable(name: Name, config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Let people in again by a disabled account.

    Example:
        monitor users enable ada
    """
    with _registry(config) as registry:
        account = registry.enable(name)
    show(text(f"{account.name} may log in again."))


def remove(name: Name, config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Delete an account with its sessions and tokens. The audit log keeps what it did.

    Example:
        monitor users remove ada
    """
    with _registry(config) as registry:
        account = registry.remove(name)
    show(text(f"{account.name} is removed."))


def make_token(
    name: Name,
    scope: Annotated[Scope, typer.Option("--scope", help="read, or write: whatever the account may do.")] = Scope.READ,
    days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", min=1, max=3_650, help="Days until it expires; never if absent."),
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a token, with which a program uses the API for an account. It is shown only now.

    Examples:
        monitor users token ada --scope read --days 90
        curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/api/v1/projects
    """
    with _registry(config) as registry:
        token, secret = registry.issue(name, scope, days)
    if as_json:
        show_json({**token_json(token), "secret": secret})
    else:
        show(text(secret))
        err.print(f"Token {token.id} of {token.account}. Keep it now: it is stored nowhere.", markup=False)


def list_tokens(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the tokens of all accounts, without their secrets.

    Example:
        monitor users tokens
    """
    with consulted(config) as archive:
        tokens, zone = archive.accounts.tokens(), archive.watch.timezone
    if as_json:
        for token in tokens:
            show_json(token_json(token))
    elif not tokens:
        show("No tokens.")
    else:
        rows = table("Token", "Account", "Scope", "Since", "Last used", "Until")
        for token in tokens:
            times = (instant(at, zone) for at in (token.created_at, token.used_at, token.expires_at))
            rows.add_row(str(token.id), text(token.account, "bold"), token.scope.value, *times)
        show(rows)


def revoke(
    token: Annotated[int, typer.Argument(metavar="TOKEN", help="Its number, as monitor users tokens shows it.")],
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Revoke a token. No program can use it any more.

    Example:
        monitor users revoke 3
    """
    with _registry(config) as registry:
        revoked = registry.revoke(token)
    show(text(f"Token {revoked.id} of {revoked.account} is revoked."))


@contextmanager
def _registry(config: Path) -> Iterator["Registry"]:
    from monitor.access.registry import Registry  # noqa: PLC0415 - slow to load

    with consulted(config) as archive:
        yield Registry(accounts=archive.accounts, audit=archive.audit, clock=archive.clock, by=LOCAL.name)


def _password(*, from_stdin: bool) -> str:
    """The password, from standard input or typed twice.

    Raises:
        InputError: nobody can type it, or it was typed differently the second time.
    """
    if from_stdin:
        return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    if not sys.stdin.isatty():
        raise InputError("nobody is there to type a password; give it on standard input with --password-stdin")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise InputError("the second password is another one; nothing was changed")
    return password
