"""The cookies of the site. Each is for this host alone, and no script can read those that are secret."""

from dataclasses import dataclass
from typing import Literal

from fastapi import Request, Response

from monitor.core.access import ABSOLUTE

#: The language and the time zone that the reader has chosen. Not secret.
LANGUAGE, ZONE = "lang", "zone"
Secret = Literal["session", "login", "errand", "mark"]
#: How long a browser keeps each, in seconds. A login takes minutes, with a provider too.
_KEPT: dict[Secret, int] = {
    "session": int(ABSOLUTE.total_seconds()),
    "login": 3_600,
    "errand": 900,
    "mark": 365 * 86_400,
}
_A_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes cookies."""

    #: Whether the site is reached by https. Its cookies then have the prefix that binds them to this host.
    is_secure: bool

    def get(self, request: Request, which: Secret) -> str:
        """The value that the browser sent. "" if it sent none."""
        return request.cookies.get(self._name(which), "")

    def set(self, response: Response, which: Secret, value: str) -> None:
        response.set_cookie(
            self._name(which),
            value,
            max_age=_KEPT[which],
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, which: Secret) -> None:
        response.delete_cookie(self._name(which), path="/", secure=self.is_secure, httponly=True, samesite="lax")

    def choose(self, response: Response, which: str, value: str) -> None:
        """Keep what the reader has chosen for a year. "" makes the browser decide again."""
        if value:
            response.set_cookie(which, value, max_age=_A_YEAR, path="/", secure=self.is_secure, samesite="lax")
        else:
            response.delete_cookie(which, path="/", secure=self.is_secure, samesite="lax")

    def _name(self, which: Secret) -> str:
        return f"__Host-{which}" if self.is_secure else which
