"""The JSON of ``monitor users``. It holds no secrets."""

from monitor.contracts.plain import Json, instant_json
from monitor.ports import Account, Token


def account_json(account: Account) -> Json:
    """One line of ``monitor users list``."""
    return {
        "name": account.name,
        "role": account.role.value,
        "login": "password" if account.password is not None else "oidc",
        "disabled": account.is_disabled,
        "created": instant_json(account.created_at),
    }


def token_json(token: Token) -> Json:
    """One line of ``monitor users tokens``."""
    return {
        "token": token.id,
        "account": token.account,
        "scope": token.scope.value,
        "created": instant_json(token.created_at),
        "expires": instant_json(token.expires_at),
        "used": instant_json(token.used_at),
    }
