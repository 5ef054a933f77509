"""``/unsubscribe/…``: where the reader of a mail unsubscribes with one click (RFC 8058).

Only the mail contains the address. A GET changes nothing, because mail servers open every link.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response

from monitor.deliver.courier import UNSUBSCRIBE_PATH
from monitor.logs import get_logger
from monitor.ports import Departures
from monitor.web.pages.rendering import note

#: What mail programs post according to RFC 8058. Our own page posts the same.
ONE_CLICK = "List-Unsubscribe=One-Click"
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

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """Unsubscribes readers."""

    departures: Departures
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Forgets a subscriber of this name, if they subscribed alone.
    forget: Callable[[str], None]

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        path = f"{UNSUBSCRIBE_PATH}{{token}}"
        router.add_api_route(path, self._ask, methods=["GET", "HEAD"])
        router.add_api_route(path, self._let_go, methods=["POST"])
        return router

    async def _ask(self) -> Response:
        # The same for every address, so that nobody learns which ones exist.
        return note(_ASK, button=ONE_CLICK)

    async def _let_go(self, token: str, request: Request) -> Response:
        if ONE_CLICK.encode() not in await request.body():
            raise HTTPException(HTTPStatus.BAD_REQUEST, "Nothing was asked for.")
        gone = await asyncio.to_thread(self.departures.leave, token, self.clock())
        if gone is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        await asyncio.to_thread(self.forget, gone.subscriber)
        log.warning("subscriber.left", subscriber=gone.subscriber, destination=gone.destination)
        return note(_DONE)
