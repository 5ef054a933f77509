"""What an operator sees who tries a language model: one that reads well, and those that fail in every way."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.app import trials
from monitor.readers import endpoint
from monitor.readers.endpoint import Endpoint
from monitor.readers.trained import reader
from tests.cli.conftest import Monitor, _weights, news
from tests.fakes import FakeReader
from tests.played import CHAT, MODELS, TOKENS, as_json, completion, good_answer, play, poor_answer, title_of
from tests.readers.hits import HITS
from tests.servers import LoopbackServer, Reply

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        play(server)
        yield server


@pytest.fixture
def url(server: LoopbackServer) -> str:
    return server.url("/v1")


@pytest.fixture(autouse=True)
def nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is served where models usually are: a test does not depend on what runs on its machine."""
    monkeypatch.setattr(endpoint, "USUAL", {})


@pytest.fixture(autouse=True)
def blind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trained reader that reads nothing, at once. A test that is about the real one asks for ``real_reader``."""
    if "real_reader" not in request.fixturenames:
        monkeypatch.setattr(trials, "reader_factory", lambda *_, **__: lambda *_: FakeReader())


@pytest.fixture
def real_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "load_weights", _weights)


def written(folder: Path) -> str:
    return (folder / "monitor.yaml").read_text()


# ---------------------------------------------------------------- what reads


def test_it_shows_what_reads_and_what_is_to_be_had(
    monitor: Monitor, server: LoopbackServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "USUAL", {url: "Ollama"})
    play(server, "qwen3:8b", "bad\x1b[2J", "x" * 300)

    shown = monitor("reader")

    assert shown.code == 0
    assert f"The reader is {HITS}." in shown.out
    assert "about seven claims in ten" in shown.out
    assert f"Ollama at {url}: qwen3:8b\n" in shown.out
    assert monitor("reader", "show", "--json").json == {
        "use": HITS,
        "llm": None,
        "found": [{"program": "Ollama", "endpoint": url, "models": ["qwen3:8b"]}],
    }


def test_without_a_model_on_this_machine_it_says_so(monitor: Monitor) -> None:
    assert "no language model was found" in monitor("reader").out


# ---------------------------------------------------------------- a model that reads well


@pytest.mark.usefixtures("real_reader")
def test_a_model_that_reads_better_is_measured_beside_the_trained_reader_and_written(
    monitor: Monitor, url: str, folder: Path
) -> None:
    done = monitor("reader", "use", "llm", "--endpoint", url, "--price", "0.5", "--yes")

    assert done.code == 0
    assert "on 40 invented articles in five languages" in done.err
    assert re.search(r"both together \(F1\) +0\.9\d +0\.[678]\d", done.out)
    assert re.search(r"right \(precision\) +0\.9\d +0\.\d\d", done.out)
    assert re.search(r"with the right date +0\.9\d +0\.\d\d", done.out)
    assert f"tokens an article     {TOKENS:,}" in done.out
    assert "100 requests, about 200,000 tokens, 0.10 at 0.5 per million" in done.out
    assert "at least as well as the trained reader. Recommended." in done.err
    assert f'llm: {{endpoint: "{url}", model: good}}' in written(folder)
    assert "A language model reads: good" in monitor("reader").out
    assert monitor("check").code == 0


def test_the_operator_decides(monitor: Monitor, url: str, folder: Path) -> None:
    before = written(folder)
    declined = monitor("reader", "use", "llm", "--endpoint", url, stdin="n\n", terminal=True)

    assert (declined.code, written(folder)) == (0, before)
    assert "Nothing was written." in declined.out
    assert f"    endpoint: {url}\n    model: good" in declined.err

    accepted = monitor("reader", "use", "llm", "--endpoint", url, stdin="y\n", terminal=True)

    assert accepted.code == 0
    assert "From now on llm reads." in accepted.out
    edits = monitor("configuration", "history", "--file", "monitor.yaml", "--json").lines
    assert any(edit["actor"] == "local" and "use: llm" in edit["diff"] for edit in edits)
    assert "use: llm" in written(folder)


def test_figures_are_printed_for_programs(monitor: Monitor, url: str) -> None:
    done = monitor("reader", "use", "llm", "--endpoint", url, "--json", "--yes").json

    assert done["trained"] | {"seconds": 0} == {"precision": 0, "recall": 0, "f1": 0, "dates": 0, "seconds": 0}
    assert done["model"]["f1"] > 0.95
    assert done["model"]["tokens"] == TOKENS
    assert done["month"] == {"articles": 100, "tokens": 200_000, "own": False}
    assert (done["endpoint"], done["model"]["recall"], done["articles"], done["end"]) == (url, 1, 40, "whole")
    assert (done["name"], done["advice"], done["written"]) == ("good", "yes", True)


def test_a_month_is_reckoned_from_the_operators_own_news(monitor: Monitor, url: str, folder: Path) -> None:
    (folder / "history.xml").write_text(news())
    monitor("poll")

    done = monitor("reader", "use", "llm", "--endpoint", url, "--json", "--yes").json

    assert (done["month"]["articles"], done["month"]["own"]) == (1, True)
    assert 500 < done["month"]["tokens"] < TOKENS


def test_trying_keeps_no_answers_and_spends_no_budget(monitor: Monitor, url: str, folder: Path) -> None:
    monitor("reader", "use", "llm", "--endpoint", url, "--yes")

    assert not [*folder.parent.rglob("answers*")]


# ---------------------------------------------------------------- which model


def test_the_only_model_on_this_machine_is_tried(
    monitor: Monitor, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "USUAL", {url: "Ollama"})

    done = monitor("reader", "use", "llm", "--yes")

    assert done.code == 0
    assert f"Found Ollama at {url}: good" in done.err
    assert "model: good" in written(folder)


def test_of_several_models_one_is_asked_for_or_named(
    monitor: Monitor, server: LoopbackServer, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "USUAL", {url: "Ollama"})
    play(server, "small", "large")

    silent = monitor("reader", "use", "llm", "--yes")
    asked = monitor("reader", "use", "llm", stdin="2\nn\n", terminal=True)
    unknown = monitor("reader", "use", "llm", "--model", "huge", "--yes")
    wrong = monitor("reader", "use", "llm", stdin="3\n", terminal=True)
    named = monitor("reader", "use", "llm", "--model", "small", "--yes")

    assert (silent.code, unknown.code, wrong.code) == (2, 2, 2)
    assert "there are several: small, large; name one with --model" in flat(silent.err)
    assert "no 'huge' on this machine; there are: " in flat(unknown.err)
    assert "Tries large at" in asked.err
    assert named.code == 0
    assert "model: small" in written(folder)


def flat(text: str) -> str:
    """The text of a message in a frame, on one line."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())


def test_without_any_model_it_says_what_to_do(monitor: Monitor) -> None:
    done = monitor("reader", "use", "llm", "--yes")

    assert done.code == 1
    assert "no language model was found on this machine" in done.err
    assert "--endpoint https://host/v1 --model NAME --api-key '${NAME}'" in done.err


def test_what_is_described_already_is_tried(monitor: Monitor, url: str, folder: Path) -> None:
    described = f"reader:\n  use: trained\n  llm: # mine\n    endpoint: {url}\n    model: good\n    timeout: 5s\n"
    (folder / "monitor.yaml").write_text(described)

    assert "Described, but not used: good at " in monitor("reader").out
    assert monitor("reader", "use", "llm", "--yes").code == 0
    assert written(folder) == described.replace("trained", "llm")

    back = monitor("reader", "use", "trained")

    assert back.code == 0
    assert "From now on trained reads." in back.out
    assert written(folder) == described
    assert monitor("reader", "use", "trained", "--json").json == {"use": "trained"}


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize("key", [KEY, "$KEY", "${KEY} ", "${}", "x${KEY}", ""])
def test_a_plain_key_on_the_command_line_is_refused_with_the_reason(monitor: Monitor, url: str, key: str) -> None:
    done = monitor("reader", "use", "llm", "--endpoint", url, "--api-key", key, "--yes")

    assert done.code == 2
    assert "the history of the shell keeps it" in flat(done.err)
    assert KEY not in done.err


def test_a_key_is_sent_and_only_its_reference_is_written(
    monitor: Monitor, server: LoopbackServer, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_KEY", KEY)

    done = monitor("reader", "use", "llm", "--endpoint", url, "--api-key", "${LLM_KEY}", "--yes")

    assert {request.headers["authorization"] for request in server.requests} == {f"Bearer {KEY}"}
    assert 'api_key: "${LLM_KEY}"' in written(folder)
    assert KEY not in f"{done.out}{done.err}{written(folder)}"


def test_a_key_that_is_not_there_is_named(monitor: Monitor, url: str) -> None:
    done = monitor("reader", "use", "llm", "--endpoint", url, "--api-key", "${UNSET_KEY}", "--yes")

    assert done.code == 2
    assert "reader.llm.api_key: the environment variable UNSET_KEY is not set" in done.err


def test_another_endpoint_does_not_learn_the_key_of_the_one_before(
    monitor: Monitor, server: LoopbackServer, url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_KEY", KEY)
    (folder / "monitor.yaml").write_text(
        "reader:\n  llm:\n    endpoint: https://llm.example.org/v1\n    model: large\n    api_key: ${LLM_KEY}\n"
    )

    done = monitor("reader", "use", "llm", "--endpoint", url, "--yes")

    assert done.code == 0
    assert not any("authorization" in request.headers for request in server.requests)
    assert "api_key" not in written(folder)


# ---------------------------------------------------------------- models that fail


def fails(monitor: Monitor, url: str, *more: str, model: str = "good") -> str:
    """What the operator sees of a trial that fails. Nothing is written."""
    folder = Path(os.environ["MONITOR_CONFIG"])
    before = written(folder)
    done = monitor("reader", "use", "llm", "--endpoint", url, "--model", model, "--yes", *more)
    assert done.code == 1
    assert written(folder) == before
    return done.err


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "the endpoint does not accept the api_key (status 401); give a key: --api-key '${NAME}'"),
        (403, "the endpoint forbids it (status 403); give a key"),
        (404, "it has no 'huge', but good: give one with --model"),
    ],
)
def test_an_endpoint_that_refuses_is_named_with_what_to_do(
    monitor: Monitor, server: LoopbackServer, url: str, status: int, said: str
) -> None:
    server.routes[CHAT] = Reply(status=status, body=KEY.encode())

    seen = fails(monitor, url, model="huge")

    assert f"error: {url}: " in seen
    assert said in seen
    assert len(server.asked(CHAT)) == 1


def test_a_wrong_key_is_told_from_a_missing_one(
    monitor: Monitor, server: LoopbackServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLM_KEY", KEY)
    server.routes[CHAT] = Reply(status=401)

    seen = fails(monitor, url, "--api-key", "${LLM_KEY}")

    assert "look at the key that --api-key refers to" in seen


def test_an_address_without_chat_completions_is_told(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    server.routes.clear()

    assert "look at --model and at the address, which usually ends in /v1" in fails(monitor, url)
    assert (
        "it does not list its models; name one with --model"
        in monitor("reader", "use", "llm", "--endpoint", url, "--yes").err
    )


def test_an_endpoint_that_is_not_there_is_told(monitor: Monitor) -> None:
    with LoopbackServer() as gone:
        url = gone.url("/v1")

    assert f"{url}: no connection to the endpoint; look whether it runs, and at the address" in fails(monitor, url)
    assert "no connection" in monitor("reader", "use", "llm", "--endpoint", url, "--yes").err


def test_an_endpoint_without_models_is_told(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    server.routes[MODELS] = as_json({"data": []})

    assert "it has no model; load one there" in monitor("reader", "use", "llm", "--endpoint", url, "--yes").err


def test_an_endpoint_that_fails_in_passing_is_asked_again(
    monitor: Monitor, server: LoopbackServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "_LONGEST_WAIT", 0.01)
    answers = iter([Reply(status=503), Reply(status=429, headers={"Retry-After": "9999"})])
    server.routes[CHAT] = lambda request: next(answers, completion(good_answer(title_of(request))))

    done = monitor("reader", "use", "llm", "--endpoint", url, "--yes")

    assert done.code == 0
    assert len(server.asked(CHAT)) == 42


def test_one_that_goes_on_failing_is_given_up_with_what_was_measured(
    monitor: Monitor, server: LoopbackServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "_LONGEST_WAIT", 0.01)
    read = iter(range(7))
    server.routes[CHAT] = lambda request: (
        completion(good_answer(title_of(request))) if next(read, None) is not None else Reply(status=500)
    )

    done = monitor("reader", "use", "llm", "--endpoint", url, "--yes")

    assert done.code == 1
    assert "Measured on 7 of 40 labelled articles." in done.out
    assert f"{url}: the endpoint failed (status 500); try again later" in done.err


@pytest.mark.parametrize("content", ["I am sorry", "{}", '{"projects": "all", "claims": [], "facts": []}'])
def test_nonsense_is_given_up_after_five_articles(
    monitor: Monitor, server: LoopbackServer, url: str, content: str
) -> None:
    server.routes[CHAT] = completion(content)

    seen = fails(monitor, url)

    assert (
        "It gave no usable answer to the first 5 articles: the answer does not have the form that was asked for. "
        "Try another model; it must know structured output (response_format with json_schema)."
    ) in seen
    assert len(server.asked(CHAT)) == 5


def test_one_that_does_not_know_structured_output_is_told(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    server.routes[CHAT] = Reply(status=400)

    assert "the endpoint refuses the question; does it know response_format with json_schema? (status 400)" in fails(
        monitor, url
    )


def test_one_that_is_too_slow_for_any_answer_is_told(
    monitor: Monitor, server: LoopbackServer, url: str, folder: Path
) -> None:
    (folder / "monitor.yaml").write_text(
        f"reader: {{use: 'tests.readers.hits:HitReader', llm: {{endpoint: '{url}', model: good, timeout: 1s}}}}"
    )
    server.routes[CHAT] = Reply(delay=60)

    seen = fails(monitor, url)

    assert (
        "too slow: the endpoint gave no whole answer within 1 seconds, for each of the first 5 articles, so 40" in seen
    )
    assert "would take more than 1 minute. A longer time is reader.llm.timeout in monitor.yaml." in seen


def test_one_that_is_slow_is_measured_on_what_fits(
    monitor: Monitor, url: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(trials, "PATIENCE", 0.0)
    before = written(folder)

    done = monitor("reader", "use", "llm", "--endpoint", url, stdin="\n", terminal=True)

    assert "Measured on 5 of 40 labelled articles." in done.out
    assert re.search(r"It is slow: 40 articles would take 1 minute, and .* 5 of them were read\.", done.err)
    assert "Too few articles were read to tell" in done.err
    assert (done.code, written(folder)) == (0, before)


def test_one_that_costs_too_much_is_stopped(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    server.routes[CHAT] = lambda request: completion(good_answer(title_of(request)), tokens=40_000)

    seen = fails(monitor, url)

    assert (
        "It costs too much: 6 articles took 240,000 tokens, so 40 would take 1,600,000. --tokens allows more." in seen
    )
    assert len(server.asked(CHAT)) == 6
    assert "It may cost 1,000 tokens, and would take about " in fails(monitor, url, "--tokens", "1000")


def test_tokens_that_are_not_counted_are_reckoned(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    server.routes[CHAT] = lambda request: completion(good_answer(title_of(request)), tokens=None)

    done = monitor("reader", "use", "llm", "--endpoint", url, "--json", "--yes").json

    assert 1_500 < done["model"]["tokens"] < 4_000


@pytest.mark.usefixtures("real_reader")
def test_one_that_reads_worse_is_not_written_unasked(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    server.routes[CHAT] = lambda request: completion(poor_answer(title_of(request)))

    seen = fails(monitor, url)

    assert "It reads worse than the trained reader. Not recommended." in seen
    assert "--yes lets a model read only if it reads at least as well as the trained reader" in seen


def test_unusable_answers_are_counted(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    turns = iter(range(100))
    server.routes[CHAT] = lambda request: completion(good_answer(title_of(request)) if next(turns) % 2 else "no")

    done = monitor("reader", "use", "llm", "--endpoint", url, "--yes")

    assert done.code == 1
    assert "20 had no usable answer; there the trained reader's reading counts." in flat(done.out)
    assert "Not recommended." in done.err


# ---------------------------------------------------------------- asked first


def test_before_anything_leaves_this_machine_it_asks(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, url: str, server: LoopbackServer
) -> None:
    monkeypatch.setattr("monitor.cli.reader.is_loopback", lambda _: False)

    done = monitor("reader", "use", "llm", "--endpoint", url, "--model", "good", stdin="n\n", terminal=True)

    assert done.code == 1
    assert "Send them there?" in done.err
    assert not server.requests


def test_where_nobody_can_answer_it_wants_yes(monitor: Monitor, url: str, server: LoopbackServer) -> None:
    done = monitor("reader", "use", "llm", "--endpoint", url)

    assert done.code == 2
    assert not server.requests


def test_it_can_be_stopped(monitor: Monitor, server: LoopbackServer, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask, turns = Endpoint.ask, iter(range(3))

    def interrupted(self: Endpoint, body: bytes) -> Any:
        if next(turns, None) is None:
            raise KeyboardInterrupt
        return ask(self, body)

    monkeypatch.setattr(Endpoint, "ask", interrupted)

    assert "Stopped after 3 of 40 articles. Nothing was written." in fails(monitor, url)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["rules"], "there are llm and trained"),
        (["trained", "--model", "x"], "takes none of the options of a language model"),
        (["llm", "--endpoint", "ftp://x", "--model", "m", "--yes"], "reader.llm.endpoint"),
    ],
)
def test_wrong_use_is_told(monitor: Monitor, args: list[str], said: str) -> None:
    done = monitor("reader", "use", *args)

    assert done.code == 2
    assert said in flat(done.err)


def test_what_a_question_holds_is_an_invented_article_alone(monitor: Monitor, server: LoopbackServer, url: str) -> None:
    monitor("reader", "use", "llm", "--endpoint", url, "--yes")

    bodies = [json.loads(request.body) for request in server.asked(CHAT)]

    assert len(bodies) == 40
    assert not any("BTR" in json.dumps(body) for body in bodies)
