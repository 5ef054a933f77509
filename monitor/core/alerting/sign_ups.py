"""Limits on what may be asked for by people who subscribe alone. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

#: How long the link in the mail can be used.
VALID = timedelta(hours=48)
#: Mails to one address. Whoever asks need not own the address.
_EACH, _EACH_WITHIN = 3, timedelta(days=1)
#: Mails that one network may ask for, and in all. Whoever asks for many must not stop the mails of others.
_OF_NETWORK, _ALL, _ALL_WITHIN = 20, 300, timedelta(hours=1)
#: The longest period that a limit looks at.
LATELY = _EACH_WITHIN
_LONGEST = 254
#: Plain addresses only. No quotes, no comments, nothing that a header would take for more than an address.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


def mail_address(typed: str) -> str:
    """The mail address in lower case. "" if it is not one."""
    address = typed.strip()
    return address.lower() if len(address) <= _LONGEST and _ADDRESS.fullmatch(address) else ""


def is_too_much(asked: Sequence[tuple[str, datetime]], address: str, now: datetime) -> bool:
    """Whether no further mail goes to this address now. Nobody is told: it would show that the address was used.

    Args:
        asked: the address and the instant of each former request within ``LATELY``.
        address: whom the mail would go to.
        now: the present instant.
    """
    return sum(one == address and at > now - _EACH_WITHIN for one, at in asked) >= _EACH


def is_crowded(asked: Sequence[tuple[str, datetime]], network: str, sent: Sequence[datetime], now: datetime) -> bool:
    """Whether so many mails were asked for that no further one goes out for this network now, to whatever address.

    Args:
        asked: the network and the instant of each former request.
        network: where the request comes from.
        sent: the instants of mails within ``LATELY``.
        now: the present instant.
    """
    since = now - _ALL_WITHIN
    of_network = sum(one == network and at > since for one, at in asked)
    return of_network >= _OF_NETWORK or sum(at > since for at in sent) >= _ALL
