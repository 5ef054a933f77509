"""Whole articles are read by a model that answers; the other reader stands in where it does not, whatever it does."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Thread

import pytest
from structlog.testing import capture_logs

from monitor.core.model import Reading, State
from monitor.core.reading.answered.answer import Answer
from monitor.ports import Question, Unanswered
from monitor.readers.asking import TRIES
from monitor.readers.endpoint import MAX_BYTES
from monitor.readers.examiner import MAX_ANSWER_TOKENS
from tests.readers.conftest import (
    ARTICLE,
    BEGUN,
    BROKE_GROUND,
    READING,
    SENTENCE,
    Model,
    answer,
    completion,
    make_examiner,
    said_claim,
)
from tests.servers import LoopbackServer, Reply, drip, endless, redirect

KEY = "sk-very-secret-0123456789"
ANSWERED = completion(answer())


def question(text: str = "") -> Question:
    found = make_examiner().question(replace(ARTICLE, text=f"{ARTICLE.text} {text}"))
    assert found is not None
    return found


def stages(reading: Reading) -> list[str]:
    return [claim.stage for claim in reading.claims]


# ---------------------------------------------------------------- with an answer


def test_a_model_reads_the_whole_article_in_one_question(model: Model) -> None:
    began = said_claim(stage="construction", state="reached", date=None, quote=BROKE_GROUND)
    model.says(completion(answer(said_claim(), began)))

    reading = model.reader().read(ARTICLE)

    (asked,) = model.asked
    assert json.loads(asked["messages"][1]["content"])["article"]["text"] == ARTICLE.text
    assert reading.projects == ("plant",)
    assert [(c.stage, c.state, str(c.date), c.confidence, c.evidence) for c in reading.claims] == [
        ("operating", State.EXPECTED, "2026-09", 0.88, SENTENCE),
        ("construction", State.REACHED, "None", 0.97, BROKE_GROUND),
    ]


def test_what_does_not_hold_of_an_answer_is_logged_with_its_reason(model: Model) -> None:
    made_up = said_claim(stage="cancelled", state="reached", date=None, quote="The <script> plant is cancelled.")
    model.says(completion(answer(said_claim(date="2027"), made_up, said_claim(project="\x1b[2Jrival"))))

    with capture_logs() as logs:
        reading = model.reader().read(ARTICLE)

    assert [(claim.stage, claim.date) for claim in reading.claims] == [("operating", None)]
    assert [(line["event"], line["what"], line.get("of")) for line in logs] == [
        ("answer.dropped", "date", "operating"),
        ("answer.dropped", "claim", "cancelled"),
        ("answer.dropped", "claim", None),
    ]
    assert "script" not in str(logs)
    assert "\x1b" not in str(logs)


# ---------------------------------------------------------------- kept


def test_an_answer_is_kept_and_never_asked_for_again(model: Model) -> None:
    model.says(ANSWERED)
    first = model.reader().read(ARTICLE)
    model.says(Reply(status=HTTPStatus.INTERNAL_SERVER_ERROR))

    again = model.reader(budget={"requests_per_day": 0}).read(ARTICLE)

    assert again == first
    assert len(model.asked) == 1


def test_a_kept_answer_is_checked_as_if_it_were_new(model: Model) -> None:
    model.says(ANSWERED)
    model.reader().read(ARTICLE)
    forged = answer(said_claim(quote="Somebody wrote this into the file."))
    with closing(sqlite3.connect(model.file)) as file, file:
        file.execute("UPDATE answer SET content = ?", (forged,))

    assert model.reader().read(ARTICLE).claims == ()


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
def test_an_endpoint_that_fails_is_left_alone_for_a_while_and_may_answer_later(
    model: Model, reply: Reply, reason: str
) -> None:
    model.says(reply)
    asker = model.asker(api_key=KEY, timeout=0.5)

    with capture_logs() as logs:
        answers = [asker.ask(question()), asker.ask(question("Another."))]

    assert all(isinstance(each, Unanswered) and not each.is_final for each in answers)
    assert asker.is_paused
    assert [line["event"] for line in logs] == ["reader.paused", "article.unanswered", "article.unanswered"]
    assert all(reason in line["reason"] for line in logs)
    assert KEY not in str(logs)
    (request,) = model.server.asked("/v1/chat/completions")
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
        pytest.param(completion(answer()[:40], finish="length"), "too many tokens", id="cut-off answer"),
        pytest.param(completion(None, message={"refusal": "I cannot."}), "declines", id="refusal"),
        pytest.param(completion(answer(), finish="content_filter"), "declines", id="filter"),
        pytest.param(completion(None), "declines", id="no content"),
        pytest.param(completion("garbage {"), "form", id="garbage"),
        pytest.param(completion('{"verdict": "confirm"}'), "form", id="another schema"),
        pytest.param(completion("\x1b[2J\x00" * 100), "form", id="control characters"),
    ],
)
def test_a_question_without_a_usable_answer_is_asked_again_twice_and_keeps_up_no_other(
    model: Model, reply: Reply, reason: str
) -> None:
    model.says(reply)
    asker = model.asker()

    with capture_logs() as logs:
        answers = [asker.ask(question()) for _ in range(TRIES + 1)]

    assert [isinstance(each, Unanswered) and each.is_final for each in answers] == [False, False, True, True]
    assert all(reason in line["reason"] for line in logs[:TRIES])
    assert not any("\x1b" in str(line) for line in logs)
    assert (len(model.asked), asker.is_paused) == (TRIES, False)

    model.says(ANSWERED)
    restarted = model.asker()
    assert isinstance(restarted.ask(question("Another.")), Answer)
    assert isinstance(restarted.ask(question()), Unanswered)


def test_where_there_is_no_answer_the_other_reader_stands_in(model: Model) -> None:
    model.says(Reply(status=503))

    assert model.reader().read(ARTICLE) == READING


def test_an_endpoint_that_is_not_there_costs_no_tokens(model: Model) -> None:
    with LoopbackServer() as gone:
        address = gone.url("/v1")

    assert model.reader(address=address).read(ARTICLE).claims == (BEGUN,)
    assert model.spent() == [0]


def test_a_retry_after_is_honoured(model: Model) -> None:
    model.says(Reply(status=429, headers={"Retry-After": "7200"}), ANSWERED)
    reader = model.reader()
    reader.read(ARTICLE)

    model.clock.now += timedelta(hours=1, minutes=59)
    early = reader.read(ARTICLE)
    model.clock.now += timedelta(minutes=1)
    late = reader.read(ARTICLE)

    assert (stages(early), stages(late)) == (["construction"], ["operating"])
    assert len(model.asked) == 2


def test_a_monitor_that_is_closing_gives_its_question_up_for_later(model: Model) -> None:
    model.says(Reply(delay=60))
    closing: list[bool] = []
    answers: list[object] = []
    asker = model.asker(timeout=60, is_closing=lambda: bool(closing))
    asking = Thread(target=lambda: answers.append(asker.ask(question())))
    asking.start()
    while not model.server.pending:
        pass

    closing.append(True)
    asking.join(timeout=30)

    assert answers == [Unanswered(reason="the monitor is stopping", is_final=False)]
    assert not asker.is_paused


# ---------------------------------------------------------------- the budget


def one_question(bound: str) -> dict[str, int]:
    """A budget that is spent after one question, which costs 1,000 tokens."""
    return {bound: 1 if bound.startswith("requests") else question("Another.").most_tokens + 500}


@pytest.mark.parametrize("bound", ["requests_per_day", "tokens_per_day"])
def test_a_spent_day_is_told_once_and_the_other_reader_reads_until_midnight(model: Model, bound: str) -> None:
    model.says(ANSWERED)
    budget = one_question(bound)
    asker = model.asker(budget=budget)

    with capture_logs() as logs:
        answers = [asker.ask(question()), asker.ask(question("Another.")), asker.ask(question("A third."))]
        answers.append(model.asker(budget=budget).ask(question("Another.")))

    assert [isinstance(each, Answer) for each in answers] == [True, False, False, False]
    assert not any(isinstance(each, Unanswered) and each.is_final for each in answers)
    assert len(model.asked) == 1
    warned = [line for line in logs if line["log_level"] == "warning"]
    assert [(line["event"], line["until"], line["reason"]) for line in warned] == [
        ("reader.paused", "2026-11-25T00:00:00+00:00", "the budget of the day is spent")
    ] * 2  # one for each start

    model.clock.now += timedelta(hours=12)
    assert not asker.is_paused
    assert isinstance(asker.ask(question("Another.")), Answer)


@pytest.mark.parametrize("bound", ["requests_per_article", "tokens_per_article"])
def test_a_spent_article_is_given_up_and_leaves_others_their_own(model: Model, bound: str) -> None:
    model.says(completion("garbage"))
    budget = one_question(bound)
    asker = model.asker(budget=budget)
    asker.ask(question())

    spent = asker.ask(question())
    other = asker.ask(question("Another."))

    assert spent == Unanswered(reason="the budget of the article is spent", is_final=True)
    assert isinstance(other, Unanswered)
    assert "form" in other.reason
    assert not asker.is_paused


@pytest.mark.parametrize("reply", [Reply(status=503), Reply(status=429), Reply(delay=60)])
def test_an_outage_spends_nothing_of_an_article(model: Model, reply: Reply) -> None:
    model.says(reply, reply, ANSWERED)
    asker = model.asker(budget={"requests_per_article": 1}, timeout=0.3)

    answers = []
    for _ in range(3):
        answers.append(asker.ask(question()))
        model.clock.now += timedelta(hours=1)

    assert [isinstance(each, Answer) for each in answers] == [False, False, True]


def test_where_the_endpoint_counts_no_tokens_the_most_is_reckoned(model: Model) -> None:
    model.says(completion(answer(), usage=None))
    model.reader().read(ARTICLE)

    (tokens,) = model.spent()
    assert tokens > MAX_ANSWER_TOKENS


def test_threads_together_keep_within_the_budget(model: Model) -> None:
    model.says(Reply(status=400))
    asker = model.asker(budget={"requests_per_day": 3})
    threads = [Thread(target=asker.ask, args=(question(str(number)),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(model.asked) == 3


def test_without_a_file_to_keep_count_in_nothing_is_asked(model: Model, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with capture_logs() as logs:
        reading = model.reader().read(ARTICLE)

    assert reading == READING
    assert model.server.requests == []
    assert "answers.db" in logs[0]["reason"]


def test_a_file_that_is_no_database_stops_nothing_else(model: Model) -> None:
    model.file.parent.mkdir()
    model.file.write_bytes(b"no database at all" * 1000)

    assert model.reader().read(ARTICLE) == READING
    assert model.server.requests == []
