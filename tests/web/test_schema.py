"""The API keeps its own description: every answer to every kind of request, valid or not."""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.poll.push import Intake
from monitor.web.api.routes import PREFIX
from monitor.web.permissions import PERMISSIONS
from monitor.web.server import WebServer
from monitor.web.site import site
from tests.builders import NOW
from tests.web.test_pages import FEEDS, PROJECTS, SETTINGS, SUBSCRIBERS, fill


class Running:
    """A server on a loop of its own, for clients that block."""

    def __init__(self, server: WebServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> str:
        self._thread.start()
        self._do_start()
        return f"http://127.0.0.1:{self._server.port}"

    def _do_start(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(30)

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._server.close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("api")
    for name, written in (
        ("projects", PROJECTS),
        ("feeds", FEEDS),
        ("subscribers", SUBSCRIBERS),
        ("monitor", SETTINGS),
    ):
        (folder / f"{name}.yaml").write_text(written)
    app = App(*load_folder(folder), clock=lambda: NOW)
    fill(app)
    with Running(site(app, Intake(1_000))) as found:
        yield found
    app.close()


@pytest.fixture(scope="module")
def schema(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


OPERATIONS = [
    (path, method)
    for path, methods in PERMISSIONS.items()
    for method in methods
    if path.startswith(PREFIX) and not path.endswith("openapi.json")
]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_the_description_says(schema: Any, path: str, method: str) -> None:
    operation = schema[path.replace(":path", "")][method]

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate()

    ask()


def test_a_day_is_written_as_a_day(address: str) -> None:
    for written in ("0", "1700000000", "2026-9-1"):
        with pytest.raises(HTTPError, match="422"):
            fetched(f"{address}{PREFIX}/projects?as_of={written}")


def test_a_method_that_is_not_there_is_answered_with_all_that_are(address: str) -> None:
    with pytest.raises(HTTPError, match="405") as refused:
        urlopen(Request(f"{address}{PREFIX}/reviews", method="DELETE"))
    with refused.value as answer:
        assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("path", "values", "query"),
    [
        ("/projects", {}, {"limit": 1}),
        ("/projects/{project}", {"project": "plant"}, {}),
        ("/projects/{project}", {"project": "quiet"}, {"as_of": "2020-01-01"}),
        ("/projects/{project}/timeline", {"project": "plant"}, {}),
        ("/changes", {}, {"project": "plant"}),
        ("/changes/{change}/hearings", {"change": ""}, {}),
        ("/feeds", {}, {}),
        ("/feeds/{feed}", {"feed": "Example Daily"}, {}),
        ("/subscribers", {}, {}),
        ("/deliveries", {}, {}),
        ("/export/{what}", {"what": "claims"}, {"format": "csv"}),
        ("/export/{what}", {"what": "milestones"}, {"format": "json"}),
        ("/export/{what}", {"what": "changes"}, {"format": "parquet"}),
    ],
)
def test_what_there_is_comes_as_the_description_says(
    schema: Any,
    address: str,
    path: str,
    values: dict[str, str],
    query: dict[str, object],
) -> None:
    if "change" in values:
        values = {"change": json.loads(fetched(f"{address}{PREFIX}/changes?limit=1"))["items"][0]["id"]}

    case = schema[PREFIX + path]["GET"].Case(path_parameters=values, query=query)
    answer = case.call_and_validate()

    assert answer.status_code == 200
    assert len(answer.content) > 2


def fetched(address: str) -> bytes:
    with urlopen(address) as answer:
        content: bytes = answer.read()
    return content
