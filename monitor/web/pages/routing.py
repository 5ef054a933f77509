"""Routes of pages, in one table each."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Response

#: In place of the most bytes of a form: the route shows something and changes nothing.
SHOW: Final = 0


def routed(*routes: tuple[str, Callable[..., Any], int]) -> APIRouter:
    """The routes: each a path, what answers it, and ``SHOW``, or the most bytes of the form that is posted to it."""
    router = APIRouter(include_in_schema=False)
    for path, route, most in routes:
        if most == SHOW:
            router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)
        else:
            router.add_api_route(path, route, methods=["POST"], response_class=Response, max_body_size=most)
    return router
