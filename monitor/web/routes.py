"""Requests, answers and routes of the web server, as values. A route has a path and its handlers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A complete request. All of it comes from a stranger."""

    #: The part of the path after the route's path; "" if the route matches the whole path.
    rest: str = ""
    #: The first argument of each name.
    query: Mapping[str, str] = field(default_factory=dict)
    #: Names in lower case. Several headers of one name are joined with commas.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer: plain text unless ``content_type`` says otherwise."""

    status: int = HTTPStatus.OK
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Answer(status=HTTPStatus.NOT_FOUND, body="There is nothing here.\n")

#: It must not raise for anything that a stranger sends. If it raises, the answer is 500 and the error is logged.
Handler = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route of the web server."""

    #: Such as ``/health``. If it ends with a slash, one more segment follows, which is passed as ``Asked.rest``.
    path: str
    #: By method. HEAD is answered like GET, without the body.
    answers: Mapping[str, Handler]
    #: The most bytes of a body. A larger one is refused before it is read.
    max_bytes: int = 0
    #: Called before a body is read, with an empty body. An answer refuses the request; None accepts the body.
    admits: Callable[[Asked], Awaitable[Answer | None]] | None = None
