"""A language model played from files: it reads the shipped articles as their writers labelled them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from monitor.contracts.labels import shipped_sample
from tests.servers import LoopbackServer, Reply, Request

CHAT, MODELS = "/v1/chat/completions", "/v1/models"
#: What it costs to read one article.
TOKENS = 2_000
_ARTICLES = Path(__file__).parents[1] / "training/articles"


def play(server: LoopbackServer, *models: str) -> None:
    """Let a server speak as an endpoint with these models, each of which reads well."""
    listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in models or ("good",)]}
    server.routes[MODELS] = as_json(listed)
    server.routes[CHAT] = lambda request: completion(good_answer(title_of(request)))


def as_json(value: object) -> Reply:
    return Reply(body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def completion(content: str, *, tokens: int | None = TOKENS) -> Reply:
    """An answer of the endpoint that holds what the model says."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    usage = {} if tokens is None else {"usage": {"total_tokens": tokens}}
    return as_json({"id": "c", "object": "chat.completion", "choices": [choice], **usage})


def title_of(request: Request) -> str:
    """The title of the article that a question is about."""
    matter = json.loads(json.loads(request.body)["messages"][1]["content"])
    return str(matter["article"]["title"])


def good_answer(title: str) -> str:
    """What a careful reader says of an article: its label, with the words that the writer marked as quotes."""
    line = _lines()[title]
    text = f"{line['title']}\n{line['text']}"
    claims = [
        {
            **{key: claim[key] for key in ("project", "stage", "state", "date")},
            "quote": text[slice(*claim["spans"][0])] if claim["spans"] else line["title"],
        }
        for claim in line["labels"]["claims"]
    ]
    return json.dumps({"projects": line["labels"]["relevant"], "claims": claims, "facts": []}, ensure_ascii=False)


def poor_answer(title: str) -> str:
    """What a model says that finds nothing."""
    return json.dumps({"projects": [], "claims": [], "facts": []})


@cache
def _lines() -> Mapping[str, Mapping[str, Any]]:
    """The articles of the sample by title, with the marks of their writers."""
    ids = {sample.article.key for sample in shipped_sample()}
    lines = [json.loads(line) for path in sorted(_ARTICLES.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return {line["title"]: line for line in lines if line["id"] in ids}
