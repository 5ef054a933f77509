"""Answers of the API: JSON with an entity tag, and problems (RFC 9457)."""

import hashlib
import json
from http import HTTPStatus

from fastapi import Request, Response

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
