"""``/static/NAME``: the style sheet, the scripts and the icon. They are part of the program: anybody may have them."""

from functools import cache
from http import HTTPStatus
from importlib import resources

from fastapi import APIRouter, HTTPException, Request, Response

from monitor.web.answers import tagged

_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def files() -> APIRouter:
    """The files of the pages."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/static/{name}", methods=["GET", "HEAD"], response_class=Response)
    def file(request: Request, name: str) -> Response:
        found = _files().get(name)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        body, kind = found
        return tagged(request, body, media_type=kind)

    return router


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    folder = resources.files("monitor.web.static")
    return {
        file.name: (file.read_bytes(), kind)
        for file in folder.iterdir()
        for ending, kind in _KINDS.items()
        if file.name.endswith(ending)
    }
