"""``/unsubscribe/…``: where the reader of a mail unsubscribes with one click (RFC 8058).

Only the mail contains the address. A GET changes nothing, because mail servers open every link.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from monitor.deliver.courier import UNSUBSCRIBE_PATH
from monitor.ports import Departures

#: What mail programs post according to RFC 8058. Our own page posts the same.
ONE_CLICK = b"List-Unsubscribe=One-Click"
#: In the languages of the messages. The page does not reveal whose address it is.
_ASK = (
    ("en", "Receive no more of these messages?"),
    ("fr", "Ne plus recevoir ces messages\u00a0?"),
    ("es", "¿No recibir más estos mensajes?"),
    ("ar", "هل تريد إيقاف استلام هذه الرسائل؟"),
    ("zh", "不再接收这些消息？"),
)
_DONE = (
    ("en", "Done. You will receive no more of these messages."),
    ("fr", "C’est fait. Vous ne recevrez plus ces messages."),
    ("es", "Hecho. No recibirá más estos mensajes."),
    ("ar", "تم. لن تصلك هذه الرسائل بعد الآن."),
    ("zh", "已完成。您将不再收到这些消息。"),
)
_BUTTON = '<form method="post"><button name="List-Unsubscribe" value="One-Click">✓ OK</button></form>'

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """Unsubscribes readers."""

    departures: Departures
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        path = f"{UNSUBSCRIBE_PATH}{{token}}"
        router.add_api_route(path, self._ask, methods=["GET", "HEAD"])
        router.add_api_route(path, self._let_go, methods=["POST"])
        return router

    async def _ask(self) -> Response:
        # The same for every address, so that nobody learns which ones exist.
        return _page(_ASK, _BUTTON)

    async def _let_go(self, token: str, request: Request) -> Response:
        if ONE_CLICK not in await request.body():
            raise HTTPException(HTTPStatus.BAD_REQUEST, "Nothing was asked for.")
        gone = await asyncio.to_thread(self.departures.leave, token, self.clock())
        if gone is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        log.warning("subscriber.left", subscriber=gone.subscriber, destination=gone.destination)
        return _page(_DONE)


def _page(lines: tuple[tuple[str, str], ...], more: str = "") -> Response:
    said = "".join(
        f'<p lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">{line}</p>' for language, line in lines
    )
    style = "body{font:1.1rem system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem}button{font:inherit}"
    metas = {"viewport": "width=device-width", "color-scheme": "light dark"}
    named = "".join(f'<meta name="{name}" content="{content}">' for name, content in metas.items())
    head = f'<meta charset="utf-8">{named}'
    body = f"<!doctype html><html>{head}<title>Milestone monitor</title><style>{style}</style>{said}{more}</html>"
    guard = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"}
    return HTMLResponse(body, headers=guard)
