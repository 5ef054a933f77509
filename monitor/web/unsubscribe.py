"""``/unsubscribe/…``: where the reader of a mail unsubscribes with one click (RFC 8058).

Only the mail contains the address. A GET changes nothing, because mail servers open every link.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog

from monitor.deliver.courier import UNSUBSCRIBE_PATH
from monitor.errors import LedgerError
from monitor.ports import Departures
from monitor.web.routes import NOT_FOUND, Answer, Asked, Handler, Route

#: What mail programs post according to RFC 8058. Our own page posts the same.
ONE_CLICK = b"List-Unsubscribe=One-Click"
_MOST_BYTES = 1_000
_LATER = Answer(
    status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"}, body="Not now; come again in a minute.\n"
)
_HTML = "text/html; charset=utf-8"
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

    def route(self) -> Route:
        answers = {"GET": _kept(self._ask), "POST": _kept(self._let_go)}
        return Route(path=UNSUBSCRIBE_PATH, answers=answers, max_bytes=_MOST_BYTES)

    async def _ask(self, _: Asked) -> Answer:
        # The same for every address, so that nobody learns which ones exist.
        return _page(_ASK, _BUTTON)

    async def _let_go(self, asked: Asked) -> Answer:
        if ONE_CLICK not in asked.body:
            return Answer(status=HTTPStatus.BAD_REQUEST, body="Nothing was asked for.\n")
        gone = await asyncio.to_thread(self.departures.leave, asked.rest, self.clock())
        if gone is None:
            return NOT_FOUND
        log.warning("subscriber.left", subscriber=gone.subscriber, destination=gone.destination)
        return _page(_DONE)


def _page(lines: tuple[tuple[str, str], ...], more: str = "") -> Answer:
    said = "".join(
        f'<p lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">{line}</p>' for language, line in lines
    )
    style = "body{font:1.1rem system-ui,sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem}button{font:inherit}"
    metas = {"viewport": "width=device-width", "color-scheme": "light dark"}
    named = "".join(f'<meta name="{name}" content="{content}">' for name, content in metas.items())
    head = f'<meta charset="utf-8">{named}'
    body = f"<!doctype html><html>{head}<title>Milestone monitor</title><style>{style}</style>{said}{more}</html>"
    guard = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"}
    return Answer(body=body, content_type=_HTML, headers=guard)


def _kept(handler: Callable[[Asked], Awaitable[Answer]]) -> Handler:
    """Wrap a handler: if the database refuses, answer 503, so that the reader tries again."""

    async def answer(asked: Asked) -> Answer:
        try:
            return await handler(asked)
        except LedgerError as error:
            log.error("subscriber.not_let_go", error=str(error))  # noqa: TRY400 - the message says all
            return _LATER

    return answer
