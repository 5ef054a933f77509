"""What can be asked of the web server, as values: a route names its path and who answers there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, whole. All of it is a stranger's."""

    #: What stands behind the route's path; "" where the route has all of it.
    rest: str = ""
    #: Of several arguments of one name the first.
    query: Mapping[str, str] = field(default_factory=dict)
    #: Names in lower case; of several headers of one name the values, with commas between them.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered; never a page unless the type says so."""

    status: int = HTTPStatus.OK
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Answer(status=HTTPStatus.NOT_FOUND, body="There is nothing here.\n")

#: Raises nothing for what a stranger sends; what it raises is answered with 500, and logged.
Handler = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One thing that can be asked."""

    #: ``/health``; with a stroke at its end one more part follows, which is given as ``Asked.rest``.
    path: str
    #: By method; HEAD is answered as GET is, without the body.
    answers: Mapping[str, Handler]
    #: The most that a body may hold; a larger one is refused before it is read.
    max_bytes: int = 0
    #: Asked before a body is read, without it: what it answers refuses the request; None where the body is welcome.
    admits: Callable[[Asked], Awaitable[Answer | None]] | None = None
