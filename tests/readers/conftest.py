"""A stub that speaks the chat completions protocol as a test asks, and readers that ask it."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Reading
from monitor.core.periods import Period
from monitor.readers.answers import Answers
from monitor.readers.asking import ModelAsker
from monitor.readers.endpoint import Endpoint
from monitor.readers.examiner import Examiner, ModelReader
from monitor.readers.plug import survey
from tests.builders import make_claim, make_project
from tests.core.reading.texts import lexicons
from tests.fakes import FakeReader
from tests.servers import LoopbackServer, Reply, Request, Route

PATH = "/v1/chat/completions"
SENTENCE = "The first phase of the cathode plant could start production in September 2026."
BROKE_GROUND = "BTR broke ground in Tangier."
ARTICLE = Article(
    key="a1",
    url="https://example.org/a1",
    title="BTR’s plant takes shape",
    text=f"{BROKE_GROUND} {SENTENCE} A steel mill opened nearby.",
    published=Period.parse("2025-03-10"),
    language="en",
)
PROJECT = make_project()
#: What the other reader reads in the article.
BEGUN = make_claim(stage="construction", date=None, confidence=0.8, evidence=BROKE_GROUND)
READING = Reading(language="en", projects=("plant",), claims=(BEGUN,), facts=())
#: As many requests and tokens as a test is not about.
PLENTY = {
    "requests_per_day": 100,
    "tokens_per_day": 1_000_000,
    "requests_per_article": 100,
    "tokens_per_article": 1_000_000,
}


def said_claim(**more: Any) -> dict[str, Any]:
    """A claim as a model says it."""
    said = {"project": "plant", "stage": "operating", "state": "expected", "date": "2026-09", "quote": SENTENCE}
    return said | more


def answer(*claims: Mapping[str, Any], projects: Sequence[str] = ("plant",), **more: Any) -> str:
    """What a model says of the article."""
    return json.dumps({"projects": list(projects), "claims": [*claims] or [said_claim()], "facts": []} | more)


def completion(content: str | None, *, finish: str = "stop", message: Mapping[str, Any] = {}, **more: Any) -> Reply:
    """An answer of the endpoint that holds what the model says."""
    said = {"role": "assistant", "content": content, **message}
    body = {
        "id": "c",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": said, "finish_reason": finish}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000},
    }
    return Reply(body=json.dumps(body | more).encode(), headers={"Content-Type": "application/json"})


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Model:
    """The endpoint, and readers that ask it."""

    server: LoopbackServer
    folder: Path
    clock: Clock = field(default_factory=Clock)

    def says(self, *route: Reply | Callable[[Request], Reply]) -> None:
        """Answer with these in turn, the last one for ever; or as a function tells."""
        turns: Route = route[0] if len(route) == 1 else [reply for reply in route if isinstance(reply, Reply)]
        self.server.routes[PATH] = turns

    @property
    def asked(self) -> list[dict[str, Any]]:
        """What it was asked, oldest first."""
        return [json.loads(request.body) for request in self.server.asked(PATH)]

    @property
    def file(self) -> Path:
        """Where the answers are kept."""
        return self.folder / "data" / "answers.db"

    def spent(self) -> list[int]:
        """The tokens of each request."""
        with closing(sqlite3.connect(self.file)) as file:
            return [tokens for (tokens,) in file.execute("SELECT tokens FROM request ORDER BY id")]

    def asker(
        self,
        *,
        address: str = "",
        api_key: str = "",
        timeout: float = 5.0,
        is_closing: Callable[[], bool] = lambda: False,
        budget: Mapping[str, int] = PLENTY,
    ) -> ModelAsker:
        endpoint = Endpoint(address or self.server.url("/v1"), api_key=api_key, timeout=timeout, is_closing=is_closing)
        return ModelAsker(endpoint, Answers(self.file, **{**PLENTY, **budget}), clock=self.clock)

    def reader(self, reading: Reading = READING, **more: Any) -> ModelReader:
        """A reader beside which another one reads this in the article."""
        return ModelReader(FakeReader({ARTICLE.title: reading}), make_examiner(), self.asker(**more))


def make_examiner(model: str = "small") -> Examiner:
    projects = [PROJECT]
    return Examiner(survey(projects, lexicons()), {"industrial": INDUSTRIAL}, model=model)


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Model]:
    with LoopbackServer() as server:
        yield Model(server, tmp_path)
