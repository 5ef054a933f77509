"""Who may do what: roles, and the person or program that acts."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do. Each role may do what those before it may."""

    #: Reads everything that is known.
    VIEWER = "viewer"
    #: Decides on claims; edits feeds, projects and subscribers; sends again what was given up.
    OPERATOR = "operator"
    #: Edits the other settings, and sees who did what.
    ADMIN = "admin"

    def includes(self, needed: "Role") -> bool:
        """Whether this role may do what the other may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever makes a request: an account, or a person on this machine while there are no accounts."""

    #: Written into the audit log.
    name: str
    role: Role


#: A person on this machine while there are no accounts.
LOCAL = Actor("local", Role.ADMIN)
