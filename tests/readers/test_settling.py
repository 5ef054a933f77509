"""Doubtful claims are settled by a model that answers, and stand where it does not, whatever the endpoint does."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Thread

import pytest
from structlog.testing import capture_logs

from monitor.core.model import State
from monitor.readers.endpoint import MAX_BYTES
from tests.builders import make_claim
from tests.readers.conftest import ARTICLE, DOUBTFUL, PATH, SURE, Model, completion, verdict
from tests.servers import LoopbackServer, Reply, drip, endless, redirect

KEY = "sk-very-secret-0123456789"


def states(model: Model) -> list[tuple[str, str, str]]:
    """Stage, state and date of what is read with a new reader."""
    return [(c.stage, c.state, str(c.date)) for c in model.reader().read(ARTICLE).claims]


# ---------------------------------------------------------------- with an answer


def test_only_doubtful_claims_are_asked_about(model: Model) -> None:
    model.says(completion(verdict("confirm")))

    reading = model.reader().read(ARTICLE)

    (asked,) = model.asked
    assert json.loads(asked["messages"][1]["content"])["claim"]["stage"] == "operating"
    assert asked["response_format"]["type"] == "json_schema"
    assert [(claim.stage, claim.confidence) for claim in reading.claims] == [("construction", 0.9), ("operating", 0.85)]


def test_where_nothing_is_doubtful_nobody_is_asked(model: Model) -> None:
    reading = model.reader(SURE).read(ARTICLE)

    assert reading.claims == (SURE,)
    assert model.server.requests == []
    assert not (model.folder / "data").exists()


def test_a_claim_is_corrected_in_its_place(model: Model) -> None:
    model.says(completion(verdict("correct")))

    assert states(model) == [("construction", "reached", "None"), ("operating", "expected", "2026-09")]


def test_a_rejected_claim_is_not_read(model: Model) -> None:
    model.says(completion(verdict("reject")))

    assert states(model) == [("construction", "reached", "None")]


def test_a_correction_to_what_is_said_already_adds_nothing(model: Model) -> None:
    model.says(
        completion(
            verdict("correct", stage="construction", state="reached", date="2025", quote="BTR broke ground in Tangier.")
        )
    )

    assert states(model) == [("construction", "reached", "None")]


def test_a_claim_of_a_project_that_is_not_configured_is_not_asked_about(model: Model) -> None:
    stray = make_claim(project="other", confidence=0.1)

    assert model.reader(stray).read(ARTICLE).claims == (stray,)
    assert model.server.requests == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        "Sure! Here is the JSON you asked for.",
        verdict("confirm")[:30],
        verdict("correct", stage="cancelled", state="reached", date=None, quote="The plant is cancelled."),
        verdict("correct", project="rival", stage="cancelled", state="reached"),
        verdict("correct", stage="<script>alert(1)</script>"),
        "\x1b[2J\x00" * 100,
    ],
)
def test_a_hostile_answer_changes_nothing_and_is_not_repeated_in_the_log(model: Model, content: str | None) -> None:
    model.says(completion(content))

    with capture_logs() as logs:
        reading = model.reader().read(ARTICLE)

    assert reading.claims == (SURE, DOUBTFUL)
    (line,) = logs
    assert line["event"] == "claim.unsettled"
    assert "script" not in str(line)
    assert "\x1b" not in str(line)


# ---------------------------------------------------------------- kept


def test_an_answer_is_kept_and_never_asked_for_again(model: Model) -> None:
    model.says(completion(verdict("correct")))
    first = model.reader().read(ARTICLE)
    model.says(Reply(status=HTTPStatus.INTERNAL_SERVER_ERROR))

    again = model.reader(budget={"requests_per_day": 0}).read(ARTICLE)

    assert again == first
    assert len(model.asked) == 1


def test_a_kept_answer_is_checked_as_if_it_were_new(model: Model) -> None:
    model.says(completion(verdict("reject")))
    model.reader().read(ARTICLE)
    forged = verdict("reject", quote="Somebody wrote this into the file.")
    with closing(sqlite3.connect(model.file)) as file, file:
        file.execute("UPDATE answer SET content = ?", (forged,))

    assert model.reader().read(ARTICLE).claims == (SURE, DOUBTFUL)


# ---------------------------------------------------------------- without one


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(Reply(status=401, body=f"bad key {KEY}".encode()), "api_key", id="401"),
        pytest.param(Reply(status=403), "forbids", id="403"),
        pytest.param(Reply(status=404), "no such model", id="404"),
        pytest.param(Reply(status=429), "fewer", id="429"),
        pytest.param(Reply(status=500, body=KEY.encode()), "failed", id="500"),
        pytest.param(Reply(delay=60), "within", id="time-out"),
        pytest.param(drip(b" " * 1000, pause=0.1), "within", id="dripping"),
        pytest.param(redirect("https://example.org/v1"), "302", id="redirect"),
        pytest.param(Reply(raw=b"220 mail.example.org ESMTP\r\n"), "broke off", id="no HTTP"),
        pytest.param(Reply(body=b"x" * 500, cut_after=100), "broke off", id="broken line"),
    ],
)
def test_an_endpoint_that_fails_is_left_alone_for_a_while_and_the_claim_stands(
    model: Model, reply: Reply, reason: str
) -> None:
    model.says(reply)
    reader = model.reader(api_key=KEY, timeout=0.5)

    with capture_logs() as logs:
        readings = [reader.read(ARTICLE), reader.read(ARTICLE)]

    assert [reading.claims for reading in readings] == [(SURE, DOUBTFUL)] * 2
    assert [line["event"] for line in logs] == ["reader.paused", "claim.unsettled", "claim.unsettled"]
    assert all(reason in line["reason"] for line in logs)
    assert KEY not in str(logs)
    (request,) = model.server.asked(PATH)
    assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(Reply(status=400), "json_schema", id="400"),
        pytest.param(Reply(status=413), "413", id="413"),
        pytest.param(Reply(body=b'{"choices": [{"mess'), "cut off", id="cut-off envelope"),
        pytest.param(Reply(body=b'{"choices": []}'), "cut off", id="no choice"),
        pytest.param(Reply(body=b"<html>Sign in</html>"), "no chat completion", id="a page"),
        pytest.param(Reply(body=b"[" * 10_000), "no chat completion", id="deep"),
        pytest.param(completion("x" * MAX_BYTES), "larger", id="huge"),
        pytest.param(endless(b"x" * 10_000), "larger", id="endless"),
    ],
)
def test_a_question_that_fails_keeps_no_other_from_being_asked(model: Model, reply: Reply, reason: str) -> None:
    model.says(reply, completion(verdict("reject")))
    reader = model.reader()

    with capture_logs() as logs:
        readings = [reader.read(ARTICLE), reader.read(ARTICLE)]

    assert [len(reading.claims) for reading in readings] == [2, 1]
    assert reason in logs[0]["reason"]


def test_an_endpoint_that_is_not_there_costs_no_tokens(model: Model) -> None:
    with LoopbackServer() as gone:
        address = gone.url("/v1")
    reader = model.reader(address=address)

    assert reader.read(ARTICLE).claims == (SURE, DOUBTFUL)
    assert model.spent() == [0]


def test_a_retry_after_is_honoured(model: Model) -> None:
    model.says(Reply(status=429, headers={"Retry-After": "7200"}), completion(verdict("reject")))
    reader = model.reader()
    reader.read(ARTICLE)

    model.clock.now += timedelta(hours=1, minutes=59)
    early = reader.read(ARTICLE)
    model.clock.now += timedelta(minutes=1)
    late = reader.read(ARTICLE)

    assert (len(early.claims), len(late.claims)) == (2, 1)
    assert len(model.asked) == 2


def test_failures_in_a_row_are_waited_out_longer_and_longer(model: Model) -> None:
    model.says(Reply(status=503))
    reader = model.reader()

    with capture_logs() as logs:
        for _ in range(130):
            reader.read(ARTICLE)
            model.clock.now += timedelta(minutes=1)

    assert (
        sum(line["event"] == "reader.paused" for line in logs) == len(model.asked) == 8
    )  # at 0, 1, 3, 7, 15, 31, 63, 123


def test_a_monitor_that_is_closing_gives_its_question_up(model: Model) -> None:
    model.says(Reply(delay=60))
    closing: list[bool] = []
    reader = model.reader(timeout=60, is_closing=lambda: bool(closing))
    reading = Thread(target=reader.read, args=(ARTICLE,))
    reading.start()
    while not model.server.pending:
        pass

    closing.append(True)
    reading.join(timeout=30)

    assert not reading.is_alive()


# ---------------------------------------------------------------- the budget


@pytest.mark.parametrize("limit", [{"requests_per_day": 1}, {"tokens_per_day": 2_200}])
def test_a_spent_day_is_told_once_and_claims_stand_until_midnight(model: Model, limit: dict[str, int]) -> None:
    other = make_claim(stage="completed", state=State.EXPECTED, confidence=0.5)
    model.says(completion(verdict("reject")))
    reader = model.reader(DOUBTFUL, other, other, budget=limit)

    with capture_logs() as logs:
        reading = reader.read(ARTICLE)
        restarted = model.reader(other, budget=limit).read(ARTICLE)

    assert reading.claims == (other,)
    assert restarted.claims == (other,)
    assert len(model.asked) == 1
    warned = [line for line in logs if line["log_level"] == "warning"]
    assert [(line["event"], line["until"], line["reason"]) for line in warned] == [
        ("reader.paused", "2026-11-25T00:00:00+00:00", "the budget of the day is spent")
    ] * 2  # one for each start

    model.clock.now += timedelta(hours=12)
    assert reader.read(ARTICLE).claims == ()


@pytest.mark.parametrize("limit", [{"requests_per_article": 1}, {"tokens_per_article": 2_200}])
def test_a_spent_article_leaves_others_their_own(model: Model, limit: dict[str, int]) -> None:
    other = make_claim(stage="completed", state=State.EXPECTED, confidence=0.5)
    model.says(completion(verdict("reject")))
    reader = model.reader(DOUBTFUL, other, budget=limit)

    with capture_logs() as logs:
        readings = [reader.read(ARTICLE), reader.read(ARTICLE)]
        model.clock.now += timedelta(days=7)
        readings.append(reader.read(ARTICLE))

    assert [reading.claims for reading in readings] == [(other,)] * 3
    assert len(model.asked) == 1
    assert {line["reason"] for line in logs if line["event"] == "claim.unsettled"} == {
        "the budget of the article is spent"
    }
    assert all(line["log_level"] == "info" for line in logs)


def test_where_the_endpoint_counts_no_tokens_the_most_is_reckoned(model: Model) -> None:
    model.says(completion(verdict("reject"), usage=None))
    model.reader().read(ARTICLE)

    (tokens,) = model.spent()
    assert tokens > 1_000


def test_threads_together_keep_within_the_budget(model: Model) -> None:
    model.says(Reply(status=400))
    reader = model.reader(budget={"requests_per_day": 3})
    threads = [Thread(target=reader.read, args=(ARTICLE,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(model.asked) == 3


def test_without_a_file_to_keep_count_in_nothing_is_asked(model: Model, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with capture_logs() as logs:
        reading = model.reader().read(ARTICLE)

    assert reading.claims == (SURE, DOUBTFUL)
    assert model.server.requests == []
    assert "answers.db" in logs[0]["reason"]


def test_a_file_that_is_no_database_stops_nothing_else(model: Model) -> None:
    model.file.parent.mkdir()
    model.file.write_bytes(b"no database at all" * 1000)

    assert model.reader().read(ARTICLE).claims == (SURE, DOUBTFUL)
    assert model.server.requests == []
