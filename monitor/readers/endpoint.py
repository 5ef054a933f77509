"""Asks an endpoint with the chat completions protocol, or lists its models. Only this module uses HTTP here.

The address comes from the operator, and no article affects it. Unlike the addresses of feeds it may be in the local
network, where people run their own models. Requests go nowhere else: redirects are not followed, and proxies from the
environment are not used. The text of a refusal is discarded, since it may repeat the key.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from monitor import __version__
from monitor.core.backoff import parse_retry_after

#: The maximum size of an answer in bytes, envelope included; of a list of models, and of the name of one.
MAX_BYTES = 65_536
_MAX_LIST = 4_000_000
_MAX_NAME = 200
#: Seconds between two checks whether the monitor is closing.
_TICK = 0.2


T = TypeVar("T")


class Blame(StrEnum):
    """What prevented an answer."""

    #: This question or its answer. The next question may succeed.
    QUESTION = "question"
    #: Nothing: the question was abandoned.
    NOBODY = "nobody"
    #: The service. The failure is transient.
    SERVICE = "service"
    #: The configuration. Somebody has to correct it.
    CONFIGURATION = "configuration"


class Cause(StrEnum):
    """What to look at, if there is no answer."""

    KEY = "key"
    #: The name of the model, or the address.
    MODEL = "model"
    #: Whether it runs, and the address.
    CONNECTION = "connection"
    #: Whether it is quick enough.
    TIME = "time"
    #: Whether it may be asked so often.
    BUSY = "busy"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The model's answer, not validated."""

    content: str
    #: As counted by the endpoint. None if it does not say.
    tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The reason why there is no answer, without secrets."""

    reason: str
    blame: Blame
    cause: Cause = Cause.OTHER
    #: Seconds to wait, as the endpoint asked.
    retry_after: float | None = None
    #: Whether the model may have worked on it, and so cost tokens.
    may_have_cost: bool = True
    #: The cost in tokens, if the endpoint reports it.
    tokens: int | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _CompletionChoice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    total_tokens: int | None = Field(default=None, ge=0)


class _Completion(BaseModel):
    """The needed parts of https://platform.openai.com/docs/api-reference/chat/object."""

    choices: list[_CompletionChoice] = Field(min_length=1)
    usage: _Usage | None = None


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    """The needed parts of https://platform.openai.com/docs/api-reference/models/list."""

    data: list[_Model]


class Endpoint:
    """Sends questions. Safe to share between threads."""

    def __init__(
        self, address: str, *, api_key: str = "", timeout: float = 30.0, is_closing: Callable[[], bool] = lambda: False
    ) -> None:
        """Prepare to ask. Nothing is opened before the first question, and no connection stays open after one.

        Args:
            address: the base address of the API, such as ``http://localhost:11434/v1``.
            api_key: sent as bearer token. If it is "", none is sent.
            timeout: seconds for one whole question.
            is_closing: whether to abandon the current question.
        """
        self._address = address.rstrip("/")
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": f"milestone-monitor/{__version__}",
        }
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._timeout = timeout
        self._is_closing = is_closing

    def ask(self, body: bytes) -> Reply | Failure:
        """Send a question and wait for its answer. Errors of the endpoint are returned, not raised.

        It blocks, so do not call it in the thread of an event loop.
        """
        return self._within_time(lambda: self._exchange("POST", "chat/completions", body), _reply)

    def models(self) -> tuple[str, ...] | Failure:
        """The names of its models, in its order, such as can be shown. Otherwise like ``ask``."""
        return self._within_time(lambda: self._exchange("GET", "models", None, most=_MAX_LIST), _models)

    def _within_time(
        self, send: Callable[[], Coroutine[None, None, bytes | Failure]], parse: Callable[[bytes], T | Failure]
    ) -> T | Failure:
        answer = asyncio.run(self._unless_closing(send))
        return parse(answer) if isinstance(answer, bytes) else answer

    async def _unless_closing(self, send: Callable[[], Coroutine[None, None, bytes | Failure]]) -> bytes | Failure:
        asking = asyncio.create_task(self._bounded(send))
        while not (await asyncio.wait({asking}, timeout=_TICK))[0]:
            if self._is_closing():
                asking.cancel()
                await asyncio.wait({asking})
                return Failure(reason="the monitor is stopping", blame=Blame.NOBODY)
        return asking.result()

    async def _bounded(self, send: Callable[[], Coroutine[None, None, bytes | Failure]]) -> bytes | Failure:
        try:
            async with asyncio.timeout(self._timeout):
                return await send()
        except TimeoutError:
            reason = f"the endpoint gave no whole answer within {self._timeout:g} seconds"
            return Failure(reason=reason, blame=Blame.SERVICE, cause=Cause.TIME)
        except aiohttp.ClientConnectorError:
            return Failure(
                reason="no connection to the endpoint",
                blame=Blame.SERVICE,
                cause=Cause.CONNECTION,
                may_have_cost=False,
            )
        except (aiohttp.ClientError, OSError):
            return Failure(reason="the endpoint broke off its answer", blame=Blame.SERVICE)

    async def _exchange(self, method: str, path: str, body: bytes | None, most: int = MAX_BYTES) -> bytes | Failure:
        async with (
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # our own covers the whole question
                auto_decompress=False,  # no compression was requested
                trust_env=False,
            ) as session,
            session.request(
                method, f"{self._address}/{path}", data=body, headers=self._headers, allow_redirects=False
            ) as response,
        ):
            if response.status != HTTPStatus.OK:
                return _refusal(response.status, response.headers)
            answer = bytearray()
            async for piece in response.content.iter_any():
                answer += piece
                if len(answer) > most:
                    return Failure(reason=f"the answer is larger than {most:,} bytes", blame=Blame.QUESTION)
            return bytes(answer)


def _models(body: bytes) -> tuple[str, ...] | Failure:
    try:
        found = _Models.model_validate_json(body)
    except ValidationError:
        return Failure(reason="the answer is no list of models", blame=Blame.QUESTION)
    names = (each.id for each in found.data)
    return tuple(dict.fromkeys(name for name in names if name.isprintable() and 0 < len(name) <= _MAX_NAME))


def _reply(body: bytes) -> Reply | Failure:
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError:
        return Failure(reason="the answer is cut off, or no chat completion", blame=Blame.QUESTION)
    choice = completion.choices[0]
    tokens = completion.usage.total_tokens if completion.usage else None
    if choice.finish_reason == "length":
        return Failure(reason="the answer is cut off: it has too many tokens", blame=Blame.QUESTION, tokens=tokens)
    if choice.message.refusal or choice.finish_reason == "content_filter" or not choice.message.content:
        return Failure(reason="the model declines to answer", blame=Blame.QUESTION, tokens=tokens)
    return Reply(content=choice.message.content, tokens=tokens)


_OF_THE_QUESTION = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})
_WORDS = {
    HTTPStatus.BAD_REQUEST: "the endpoint refuses the question; does it know response_format with json_schema?",
    HTTPStatus.UNAUTHORIZED: "the endpoint does not accept the api_key",
    HTTPStatus.FORBIDDEN: "the endpoint forbids it",
    HTTPStatus.NOT_FOUND: "the endpoint has no such model, or no chat completions at this address",
    HTTPStatus.TOO_MANY_REQUESTS: "the endpoint asks for fewer questions",
}


_CAUSES = {
    HTTPStatus.UNAUTHORIZED: Cause.KEY,
    HTTPStatus.FORBIDDEN: Cause.KEY,
    HTTPStatus.NOT_FOUND: Cause.MODEL,
    HTTPStatus.TOO_MANY_REQUESTS: Cause.BUSY,
}


def _refusal(status: int, headers: Mapping[str, str]) -> Failure:
    if status in _OF_THE_QUESTION:
        blame = Blame.QUESTION
    elif status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        blame = Blame.SERVICE
    else:
        blame = Blame.CONFIGURATION
    words = next((words for known, words in _WORDS.items() if known == status), "the endpoint failed")
    return Failure(
        reason=f"{words} (status {status})",
        blame=blame,
        cause=next((cause for known, cause in _CAUSES.items() if known == status), Cause.OTHER),
        retry_after=parse_retry_after(headers.get("Retry-After"), datetime.now(UTC)),
        may_have_cost=False,
    )


# Looks on this machine for programs that serve language models --------------------------------------------------------


#: The programs by the base address at which each listens unless told otherwise.
USUAL = {
    "http://127.0.0.1:11434/v1": "Ollama",
    "http://127.0.0.1:8080/v1": "llama.cpp",
    "http://127.0.0.1:8000/v1": "vLLM",
}
#: Seconds for one of them to answer.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one program serves."""

    program: str
    endpoint: str
    #: The names of its models; at least one.
    models: tuple[str, ...]


def served_here() -> tuple[Served, ...]:
    """The programs that answer at their usual addresses with a model. Blocks for some seconds at most."""
    found = []
    for endpoint, program in USUAL.items():
        models = Endpoint(endpoint, timeout=_PATIENCE).models()
        if isinstance(models, tuple) and models:
            found.append(Served(program=program, endpoint=endpoint, models=models))
    return tuple(found)
