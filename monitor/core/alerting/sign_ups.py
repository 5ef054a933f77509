"""Limits on what may be asked for by people who subscribe alone. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

#: How long the link in the mail can be used.
VALID = timedelta(hours=48)
#: Mails to one address, and in all. Whoever asks need not own the address.
_EACH, _EACH_WITHIN = 3, timedelta(days=1)
_ALL, _ALL_WITHIN = 30, timedelta(hours=1)
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
    """Whether no further mail goes to this address now.

    Args:
        asked: the address and the instant of each former request within ``LATELY``.
        address: whom the mail would go to.
        now: the present instant.
    """
    lately = [at for _, at in asked if at > now - _ALL_WITHIN]
    own = [at for one, at in asked if one == address and at > now - _EACH_WITHIN]
    return len(lately) >= _ALL or len(own) >= _EACH
