"""Answers of the API: JSON with an entity tag, and problems (RFC 9457)."""

import hashlib
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, TypeVar

from fastapi import Query, Request, Response

from monitor.contracts.plain import Json

PROBLEM = "application/problem+json"


def json_answer(request: Request, value: object, *, media_type: str = "application/json") -> Response:
    """The value as JSON, or 304 if the client already has it (RFC 9110, If-None-Match)."""
    return tagged(request, json.dumps(value).encode(), media_type=media_type)


def tagged(request: Request, body: bytes, *, media_type: str) -> Response:
    """A document with its entity tag, or 304 if the client already has it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in asked or "*" in asked:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def problem(status: int, detail: str, **more: object) -> Response:
    """A problem as a program reads it."""
    title = HTTPStatus(status).phrase
    body: Json = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(json.dumps(body).encode(), status, media_type=PROBLEM)


# Pages of lists, as the API gives them --------------------------------------------------------------------------------


#: The items of a page if the client does not say, and at most.
PAGE, _LARGEST = 50, 500

Limit = Annotated[int, Query(ge=1, le=_LARGEST, description="The most items of a page.")]
Item = TypeVar("Item")


def page_json(found: Sequence[Item], write: Callable[[Item], Json], *, after: int, limit: int) -> Json:
    """A page of a list of which the first items are known: the number of these is its cursor."""
    upto = after + limit
    return listed([write(each) for each in found[after:upto]], str(upto) if upto < len(found) else None)


def listed(items: Sequence[Json], more: str | None) -> Json:
    """A page, with the cursor of the next one."""
    return {"items": items, "next": more}
