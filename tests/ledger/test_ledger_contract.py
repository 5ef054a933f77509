"""The contract of ``ports.Ledger``, on every implementation."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from monitor.core.backoff import SKEW
from monitor.core.model import Reading
from monitor.core.news import Change, ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.polling.cadence import Habit
from monitor.core.polling.polling import PollReason, Rule
from monitor.core.state import Report
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ledger.tables import CHANGES
from monitor.ports import Decision, EntryRecord, FeedRecord, Ledger, Provisional, ReadFor, Validators
from tests.builders import NOW, make_article, make_change, make_claim, make_fact, make_poll
from tests.ledger.decisions import nothing, owing
from tests.ledger.emptying import empty

FEED = "https://example.org/feed.xml"
NOTHING = Reading(language="en", projects=(), claims=(), facts=())


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return SQLLedger(engine)


def test_an_empty_ledger_knows_nothing(ledger: Ledger) -> None:
    assert ledger.feeds() == {}
    assert ledger.reports() == {}
    assert ledger.changes() == []
    assert ledger.known(["a1"]) == frozenset()
    assert ledger.seen(FEED, ["a1", "a2"], [])[0] == {}
    assert ledger.heard(["a1"]) == {}
    assert ledger.feed(FEED) is None


def test_a_feed_comes_back_as_it_was_saved_and_is_replaced_whole(ledger: Ledger) -> None:
    reason = PollReason(rule=Rule.RETRY_AFTER, wait=timedelta(seconds=90.5), words="the server asks to wait 90 s")
    first = FeedRecord(
        url=FEED,
        validators=Validators(etag='W/"1"', last_modified="Tue"),
        polled_at=NOW,
        reasons=(reason, reason),
        latency=0.25,
        size=0,
        last_entries=30,
        last_new=2,
        hub="https://hub.example.org/",
        topic="https://example.org/self",
    )
    second = FeedRecord(url=FEED, body_hash="x", failures=2, last_error="gone", last_status="failed", next_poll_at=NOW)

    ledger.record(replace(make_poll(), feed=first), nothing)
    assert ledger.feeds() == {FEED: first}
    assert ledger.feed(FEED) == first
    ledger.record(replace(make_poll(), feed=second), nothing)
    assert ledger.feeds() == {FEED: second}


def test_habits_come_of_feeds_that_were_read(ledger: Ledger) -> None:
    habit = Habit(at=NOW, since=NOW - timedelta(days=1), entries=3.0, newest_at=NOW)
    ledger.record(
        replace(make_poll(), feed=FeedRecord(url=FEED, habit=habit, shown=(b"eight by", b"tes each"))), nothing
    )
    ledger.record(replace(make_poll(), feed=FeedRecord(url="new", habit=habit)), nothing)
    ledger.record(replace(make_poll(), feed=FeedRecord(url="never read", failures=1)), nothing)

    assert sorted(ledger.habits()) == sorted([(FEED, habit, 2), ("new", habit, 0)])


def test_feeds_are_due_from_the_instant_of_their_next_poll_on(ledger: Ledger) -> None:
    second = timedelta(seconds=1)
    for url, at in (("late", NOW - second), ("now", NOW), ("soon", NOW + second), ("never", None)):
        ledger.record(replace(make_poll(), feed=FeedRecord(url=url, next_poll_at=at)), nothing)

    due, waiting = ledger.due(NOW)

    assert due == {url: record for url, record in ledger.feeds().items() if url != "soon"}
    assert len(due) == 3
    assert waiting == {"soon"}


def test_a_feed_that_was_polled_by_a_clock_that_ran_ahead_is_due(ledger: Ledger) -> None:
    day, soon = timedelta(days=1), timedelta(minutes=30)
    for url, polled_at in (("ahead", NOW + day), ("just now", NOW + SKEW), ("right", NOW - soon)):
        feed = FeedRecord(url=url, polled_at=polled_at, next_poll_at=polled_at + day)
        ledger.record(replace(make_poll(), feed=feed), nothing)

    due, waiting = ledger.due(NOW)

    assert due.keys() == {"ahead"}
    assert waiting == {"just now", "right"}


def test_what_was_read_comes_back_as_reports(ledger: Ledger) -> None:
    claims = (make_claim(phase="first"), make_claim(stage="operating", date=None, evidence="بدء الإنتاج 投产 🏭"))
    facts = (make_fact(phase="first"), make_fact(project="other", value=0.1))
    reading = Reading(language="ar", projects=("plant", "other", "idle"), claims=claims, facts=facts)
    item = make_article(reading=reading)

    ledger.record(make_poll(item), nothing)

    assert ledger.reports() == {
        "other": [Report(source=item.source, facts=facts[1:])],
        "plant": [Report(source=item.source, claims=claims, facts=facts[:1])],
    }
    assert ledger.reports("plant") == {"plant": [Report(source=item.source, claims=claims, facts=facts[:1])]}
    assert {report.source.language for (report,) in ledger.reports().values()} == {item.article.language}
    assert ledger.known(["a1", "a2"]) == {"a1"}
    assert ledger.seen(FEED, ["a1", "a2"], [])[0] == {"a1": EntryRecord(key="a1")}
    assert ledger.seen("https://example.org/another.xml", ["a1"], [])[0] == {}


def test_an_article_comes_back_whole_with_all_that_was_read_in_it(ledger: Ledger) -> None:
    claims = (make_claim(), make_claim(project="other"), make_claim(stage="operating", date=None))
    facts = (make_fact(project="other", confidence=0.5), make_fact())
    reading = Reading(language="ar", projects=("plant", "other", "idle"), claims=claims, facts=facts)
    told = make_article("z", reading=reading, trust=0.3)
    told = replace(told, article=replace(told.article, language="ar", text="حجر الأساس 奠基 🏗", published=None))
    idle = make_article("b", reading=Reading(language="en", projects=(), claims=(), facts=()))

    ledger.record(make_poll(told), nothing)
    ledger.record(make_poll(idle), nothing)

    assert ledger.articles() == [told, idle]
    assert ledger.heard(["z", "another"]) == {"z": told}
    assert ledger.articles(limit=1) == [idle]
    assert ledger.articles(project="idle") == [told]
    assert ledger.articles(project="another") == []


def test_instants_keep_their_moment_whatever_zone_they_come_in(ledger: Ledger) -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))

    ledger.record(make_poll(make_article(published_at=tokyo), polled_at=tokyo), nothing)

    [report] = ledger.reports()["plant"]
    assert (report.source.published_at, report.source.published_at.utcoffset()) == (NOW, timedelta(0))
    assert ledger.feeds()[FEED].polled_at == NOW


def test_reports_are_the_oldest_first(ledger: Ledger) -> None:
    ledger.record(make_poll(make_article("b", day=-1), make_article("a", day=-1), make_article("c", day=-2)), nothing)

    assert [report.source.article for report in ledger.reports()["plant"]] == ["c", "a", "b"]


def test_the_decision_is_given_what_was_known_and_what_is_new(ledger: Ledger) -> None:
    given_: list[tuple[list[str], list[str]]] = []

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        given_.append(
            (
                [report.source.article for report in before.get("plant", ())],
                [report.source.article for report in fresh["plant"]],
            )
        )
        return Decision()

    ledger.record(make_poll(make_article("a1")), decide)
    ledger.record(make_poll(make_article("a1"), make_article("a2")), decide)
    ledger.record(make_poll(make_article("a1"), make_article("a2")), decide)

    assert given_ == [([], ["a1"]), (["a1"], ["a2"])]


def test_an_article_is_kept_as_it_was_first_heard(ledger: Ledger) -> None:
    first = make_article(trust=1.0)

    ledger.record(make_poll(first), nothing)
    ledger.record(make_poll(make_article(trust=0.1), feed="https://example.org/b.xml"), nothing)

    assert [report.source for report in ledger.reports()["plant"]] == [first.source]


def test_an_article_that_tells_nothing_asks_for_no_decision(ledger: Ledger) -> None:
    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        raise AssertionError

    ledger.record(
        make_poll(make_article(reading=Reading(language="en", projects=("plant",), claims=(), facts=()))), decide
    )

    assert ledger.reports() == {}
    assert ledger.known(["a1"]) == {"a1"}


def test_new_reports_are_given_oldest_first_each_to_its_project(ledger: Ledger) -> None:
    given_: dict[str, list[str]] = {}

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        given_.update({project: [r.source.article for r in reports] for project, reports in fresh.items()})
        assert not any(before.values())
        return Decision()

    both = Reading(
        language="en", projects=("plant", "other"), claims=(make_claim(), make_claim(project="other")), facts=()
    )
    ledger.record(make_poll(make_article("a", reading=both), make_article("b", day=-1)), decide)

    assert given_ == {"plant": ["b", "a"], "other": ["a"]}


def test_a_change_is_kept_once_and_comes_back_whole(ledger: Ledger, engine: Engine) -> None:
    status = make_change()
    amount = make_change(
        id="c2", from_=None, to=3.6e9, stage=None, effective=None, kind=make_fact().kind, unit="MAD", sources=()
    )

    new = ledger.record(make_poll(make_article("a1")), owing(status, amount))
    again = ledger.record(make_poll(make_article("a2")), owing(status))

    assert (new, again) == ((status, amount), ())
    assert ledger.changes() == [status, amount]
    assert ledger.changes(limit=1) == [amount]
    assert ledger.changes(before=amount.id) == [status]
    assert ledger.changes(before=status.id) == ledger.changes(before="unknown") == []
    assert ledger.changes(after=status.id) == [amount]
    assert ledger.changes(after=amount.id) == ledger.changes(after="unknown") == []
    assert ledger.changes(project="other") == []
    assert (ledger.change(amount.id), ledger.change("unknown"), ledger.change("")) == (amount, None, None)
    assert len(SQLOutbox(engine).deliveries()) == 2


def test_what_changed_last_of_each_project_is_found(ledger: Ledger) -> None:
    told = (("c1", "plant", 0), ("c2", "other", 0), ("c3", "plant", 1), ("c4", "plant", 1), ("c5", "third", 2))
    changes = tuple(
        make_change(id=name, project=project, at=NOW + timedelta(hours=hours)) for name, project, hours in told
    )
    ledger.note(Decision(changes=changes))

    found = ledger.last_changes(["plant", "other", "unknown"])

    assert {project: [change.id for change in last] for project, last in found.items()} == {
        "plant": ["c3", "c4"],
        "other": ["c2"],
    }
    assert ledger.last_changes([]) == {}


def test_neither_silence_nor_the_import_of_an_older_past_is_what_changed_last(ledger: Ledger) -> None:
    proof = make_change().proof[0]
    for number, day in enumerate((-90, -400)):
        published = (replace(proof, published=NOW + timedelta(days=day)),)
        past = make_change(id=f"p{number}", is_history=True, proof=published, at=NOW + timedelta(days=number))
        ledger.note(Decision(changes=(past,)))
    ledger.note(Decision(changes=(make_change(id="q", type=ChangeType.QUIET, at=NOW + timedelta(days=9)),)))

    [last] = ledger.last_changes(["plant"])["plant"]

    assert last.id == "p0"


def test_history_and_news_are_told_apart(ledger: Ledger) -> None:
    past, later = make_change(is_history=True), make_change(id="c3", is_history=True)
    news = make_change(id="c2")

    ledger.record(make_poll(make_article("a1")), owing(past, news, later))

    assert ledger.changes() == [past, news, later]
    assert ledger.changes(history=True) == [past, later]
    assert ledger.changes(history=False) == [news]
    assert ledger.changes(history=True, limit=1) == [later]
    assert ledger.changes(history=True, limit=0) == []
    assert ledger.changes(history=True, project="other") == []


def test_what_no_article_brought_is_kept_once_with_what_it_owes(ledger: Ledger, engine: Engine) -> None:
    overdue = make_change(phase="first")
    decision = owing(overdue)({}, {})

    assert (ledger.note(decision), ledger.note(decision)) == ((overdue,), ())
    assert ledger.changes() == [overdue]
    assert len(SQLOutbox(engine).deliveries()) == 1


def test_a_change_that_an_earlier_version_stored_has_no_title_and_no_day(ledger: Ledger, engine: Engine) -> None:
    ledger.record(make_poll(make_article("a")), owing(make_change()))
    with engine.begin() as connection:
        connection.execute(update(CHANGES).values(proof=[["Signed.", "https://example.org/1", "Example Daily"]]))

    [change] = ledger.changes()
    assert change.proof == (Proof(sentence="Signed.", url="https://example.org/1", outlet="Example Daily"),)


def test_one_destination_hears_of_a_change_once(ledger: Ledger, engine: Engine) -> None:
    ledger.record(make_poll(make_article()), owing(make_change(), destinations=["d1", "d2", "d1"]))

    assert [record.delivery.destination for record in SQLOutbox(engine).deliveries()] == ["d1", "d2"]


def test_nothing_is_kept_of_a_poll_whose_decision_fails(ledger: Ledger) -> None:
    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.record(make_poll(make_article()), decide)

    assert (ledger.feeds(), ledger.reports(), ledger.known(["a1"])) == ({}, {}, frozenset())


@pytest.mark.parametrize("hostile", ["nul \0 inside", "half \ud800 pair", "'; DROP TABLE articles; --", "\u202e right"])
def test_hostile_text_is_kept_or_cleaned_never_refused(ledger: Ledger, hostile: str) -> None:
    item = make_article(
        reading=Reading(language=None, projects=("plant",), claims=(make_claim(evidence=hostile),), facts=())
    )

    ledger.record(make_poll(item), nothing)

    [report] = ledger.reports()["plant"]
    assert report.claims[0].evidence.encode("utf-8").decode() == hostile.replace("\0", "\ufffd").replace("\ud800", "?")


def test_more_keys_than_a_database_takes_in_one_question(ledger: Ledger) -> None:
    keys = [f"key-{number}" for number in range(40_000)]

    ledger.record(replace(make_poll(), entries=tuple(EntryRecord(key=key) for key in keys[:100])), nothing)

    assert set(ledger.seen(FEED, keys, [])[0]) == set(keys[:100])


def test_polls_that_are_recorded_together_are_recorded_as_each_alone(ledger: Ledger) -> None:
    a, b, plain = make_article("a"), make_article("b"), make_article("p", reading=NOTHING)
    moved, other = make_change(id="c1"), make_change(id="c2")
    polls = [
        (make_poll(a, plain, feed="https://a.example.org/feed"), owing(moved)),
        (replace(make_poll(feed="https://b.example.org/feed"), entries=(EntryRecord(key="e"),)), owing(other)),
        (make_poll(feed="https://c.example.org/feed", failures=3), owing(other)),
        (make_poll(b, feed="https://d.example.org/feed"), owing(moved, other)),
    ]

    told = ledger.record_all(polls)

    assert told == [(moved,), (), (), (other,)]
    assert set(ledger.feeds()) == {poll.feed.url for poll, _ in polls}
    assert ledger.feeds()["https://c.example.org/feed"].failures == 3
    assert ledger.known(["a", "b", "p"]) == {"a", "b", "p"}
    assert ledger.seen("https://b.example.org/feed", ["e", "a"], []) == ({"e": EntryRecord(key="e")}, frozenset())
    assert ledger.seen("https://a.example.org/feed", ["a", "p"], ["b", "x"])[1] == {"b"}
    assert [report.source.article for report in ledger.reports()["plant"]] == ["a", "b"]
    assert ledger.changes() == [moved, other]


def test_an_article_that_two_feeds_bring_at_once_is_kept_as_the_one_tells_it_that_tells_of_a_project(
    ledger: Ledger,
) -> None:
    less = make_article("a", reading=NOTHING)
    polls = [
        (make_poll(less, feed="https://a.example.org/feed"), nothing),
        (make_poll(make_article("a"), feed="https://b.example.org/feed"), owing(make_change(id="c1"))),
    ]

    assert [len(changes) for changes in ledger.record_all(polls)] == [0, 1]
    assert len(ledger.reports()["plant"]) == 1


def test_polls_that_are_recorded_together_are_recorded_all_or_none(ledger: Ledger) -> None:
    def fail(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        raise ValueError("bug")

    polls = [
        (make_poll(make_article("a"), feed="https://a.example.org/feed"), nothing),
        (make_poll(make_article("b"), feed="https://b.example.org/feed"), fail),
    ]

    with pytest.raises(ValueError, match="bug"):
        ledger.record_all(polls)
    assert (ledger.feeds(), ledger.known(["a", "b"])) == ({}, frozenset())


def test_writers_of_one_project_take_turns(ledger: Ledger) -> None:
    """Each decision sees all that was committed before it: of six at once, none misses another's report."""
    seen: list[int] = []
    start = threading.Barrier(6)

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        seen.append(len(before.get("plant", ())))
        return Decision()

    def write(number: int) -> None:
        start.wait()
        ledger.record(make_poll(make_article(f"a{number}"), feed=f"https://example.org/{number}"), decide)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == [0, 1, 2, 3, 4, 5]


def test_the_same_article_from_six_feeds_at_once_is_one(ledger: Ledger) -> None:
    start = threading.Barrier(6)
    new: list[tuple[Change, ...]] = []

    def write(number: int) -> None:
        start.wait()
        poll = make_poll(make_article(), feed=f"https://example.org/{number}")
        new.append(ledger.record(poll, owing(make_change())))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(len, new)) == [0, 0, 0, 0, 0, 1]
    assert len(ledger.reports()["plant"]) == 1


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.permutations(range(6)), st.lists(st.integers(0, 6), max_size=3), st.integers())
def test_the_order_and_the_cut_of_polls_do_not_matter(
    engine: Engine, order: list[int], cuts: list[int], seed: int
) -> None:
    ledger = SQLLedger(engine)
    items = [make_article(f"a{number}", day=-number % 3) for number in order]
    bounds = sorted({0, 6, *cuts})
    empty(engine)

    for start, end in pairwise(bounds):
        poll = make_poll(*items[start:end], *Random(seed).sample(items[:end], 1))
        ledger.record(poll, nothing)

    expected = sorted(items, key=lambda item: (item.source.published_at, item.article.key))
    assert [report.source for report in ledger.reports()["plant"]] == [item.source for item in expected]


def test_an_entry_is_remembered_as_it_was_last_seen(ledger: Ledger) -> None:
    first, second = EntryRecord(key="e", digest="one"), EntryRecord(key="e", digest="two", rewrites=1)

    ledger.record(replace(make_poll(), entries=(first, EntryRecord(key="f"))), nothing)
    ledger.record(replace(make_poll(feed="https://example.org/b.xml"), entries=(first,)), nothing)
    ledger.record(replace(make_poll(), entries=(second,)), nothing)

    assert ledger.seen(FEED, ["e", "f"], [])[0] == {"e": second, "f": EntryRecord(key="f")}
    assert ledger.seen("https://example.org/b.xml", ["e"], [])[0] == {"e": first}


def test_texts_are_dropped_the_oldest_first_and_all_else_stays(ledger: Ledger) -> None:
    items = [make_article(key, seen_at=NOW + timedelta(days=day)) for key, day in (("c", -1), ("a", -3), ("b", -2))]
    ledger.record(make_poll(*items, make_article("d")), nothing)
    reports = ledger.reports()

    dropped = [ledger.drop_texts(before=NOW, limit=2) for _ in range(3)]

    assert dropped == [2, 1, 0]
    assert [item.article.key for item in ledger.read_otherwise("another")] == ["d"]
    assert [item.article.key for item in ledger.articles() if not item.is_dropped] == ["d"]
    assert {item.article.text for item in ledger.articles() if item.is_dropped} == {""}
    assert {item.article.title for item in ledger.articles()} == {f"Title of {key}" for key in "abcd"}
    assert ledger.reports() == reports


def test_what_is_provisional_is_found_by_its_kind_as_long_as_it_stands(ledger: Ledger) -> None:
    marked = {"a": "provisional:f", "b": "provisional-history:f", "c": "f", "d": "provisional:g", "e": ""}
    items = [replace(make_article(key), reader=reader) for key, reader in marked.items()]
    ledger.record(make_poll(*items), nothing)

    def found() -> list[list[str]]:
        return [[item.article.key for item in ledger.provisional(kind)] for kind in Provisional]

    assert found() == [["a", "d"], ["b"]]
    ledger.reread([replace(items[0], reader="f")], ReadFor.MODEL, nothing)
    assert found() == [["d"], ["b"]]


def test_an_article_whose_text_was_dropped_is_not_news_when_it_comes_again(ledger: Ledger) -> None:
    ledger.record(make_poll(make_article(seen_at=NOW - timedelta(days=1))), nothing)
    ledger.drop_texts(before=NOW, limit=1)

    again = ledger.record(make_poll(make_article(), feed="https://example.org/b.xml"), owing(make_change()))

    assert again == ()
    assert ledger.seen(FEED, ["a1"], [])[0] == {"a1": EntryRecord(key="a1")}


def test_a_period_keeps_its_precision(ledger: Ledger) -> None:
    claims = tuple(make_claim(date=Period.parse(text)) for text in ("2026", "2026-H2", "2026-Q3", "2026-09"))

    ledger.record(
        make_poll(make_article(reading=Reading(language="fr", projects=("plant",), claims=claims, facts=()))), nothing
    )

    assert [str(c.date) for c in ledger.reports()["plant"][0].claims] == ["2026", "2026-H2", "2026-Q3", "2026-09"]


def test_articles_that_another_reader_read_are_given_page_by_page(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.ledger.recall._PAGE", 2)
    items = [replace(make_article(f"a{number}"), reader="new" if number == 3 else "old") for number in range(6)]
    for item in items:
        ledger.record(make_poll(item), nothing)

    assert ledger.count_read_otherwise("new") == 5
    assert [item.article.key for item in ledger.read_otherwise("new")] == ["a0", "a1", "a2", "a4", "a5"]
    assert ledger.count_read_otherwise("another") == 6


def test_what_is_read_anew_in_the_meantime_is_not_given_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.ledger.recall._PAGE", 2)
    for number in range(5):
        ledger.record(make_poll(replace(make_article(f"a{number}"), reader="old")), nothing)

    for item in ledger.read_otherwise("new"):
        ledger.reread([replace(item, reader="new")], ReadFor.REBUILD, nothing)

    assert ledger.count_read_otherwise("new") == 0


def test_articles_without_any_text_are_not_to_be_read_anew(ledger: Ledger) -> None:
    item = make_article()
    ledger.record(make_poll(replace(item, article=replace(item.article, title="", text=""))), nothing)

    assert list(ledger.read_otherwise("new")) == []


def test_the_feeds_that_tell_of_a_project_are_those_that_have_brought_an_article_on_it(ledger: Ledger) -> None:
    on_other = Reading(language="en", projects=("other",), claims=(make_claim(project="other"),), facts=())
    ledger.record(make_poll(make_article("a"), feed="https://example.org/a"), nothing)
    ledger.record(make_poll(make_article("b", reading=on_other), feed="https://example.org/b"), nothing)
    ledger.record(make_poll(feed="https://example.org/c"), nothing)

    assert ledger.telling_of(["plant", "unheard of"]) == {"https://example.org/a"}
    assert ledger.telling_of([]) == frozenset()


def test_an_article_comes_with_its_feed_its_readings_and_its_copies(ledger: Ledger) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    first, copy, other = (make_article(key, day=day) for key, day in (("a1", -3), ("a2", -2), ("a3", -1)))
    first, copy = (replace(each, article=replace(each.article, text=words)) for each in (first, copy))
    ledger.record(make_poll(first, other), nothing)
    ledger.record(make_poll(copy, feed="https://example.org/second.xml"), nothing)
    mended = replace(first, reading=NOTHING, source=replace(first.source, seen_at=NOW), reader="other")
    ledger.reread([mended], ReadFor.CORRECTION, nothing)

    found = ledger.article("a1")

    assert found is not None
    assert (found.feed, found.seen_at, found.projects) == (FEED, first.source.seen_at, ("plant",))
    assert (found.read.reading, found.read.article.text) == (NOTHING, words)
    assert [(each.reason, each.reader, each.at) for each in found.readings] == [
        (ReadFor.POLL, "", first.source.seen_at),
        (ReadFor.CORRECTION, "other", NOW),
    ]
    assert [each.retired_at for each in found.readings] == [NOW, None]
    assert [each.article for each in found.copies] == ["a2"]
    assert ledger.article("a9") is None


def test_articles_on_projects_are_counted_by_the_feed_that_brought_them_first(ledger: Ledger) -> None:
    beside = Reading(language="en", projects=(), claims=(), facts=())
    feed, other = "https://example.org/a", "https://example.org/b"
    old, new = make_article("old", day=-9), make_article("new", day=-1)
    ledger.record(make_poll(old, new, make_article("beside", day=-1, reading=beside), feed=feed), nothing)
    ledger.record(make_poll(new, make_article("more"), feed=other), nothing)
    ledger.reread([replace(new, reader="new")], ReadFor.REBUILD, nothing)

    assert ledger.relevant_since(NOW - timedelta(days=3)) == {feed: 1, other: 1}
    assert ledger.relevant_since(NOW - timedelta(days=30)) == {feed: 2, other: 1}


def test_a_change_is_found_by_its_whole_id(ledger: Ledger) -> None:
    change = make_change(id="c0ffee")
    ledger.note(Decision(changes=(change,)))

    assert ledger.change("c0ffee") == change
    assert ledger.change("c0ff") is None


def test_what_a_poll_would_bring_is_shown_and_not_stored(ledger: Ledger, engine: Engine) -> None:
    ledger.record(make_poll(make_article("a1", day=-1)), nothing)
    seen: list[tuple[int, int]] = []

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        seen.append((len(before["plant"]), len(fresh["plant"])))
        return owing(make_change())(before, fresh)

    found = ledger.foresee_poll(make_poll(make_article("a2"), feed="about:trial"), decide)
    known = ledger.foresee_poll(make_poll(make_article("a1"), feed="about:trial"), decide)

    assert ([change.id for change in found.changes], [one.change_id for one in found.outgoing]) == (["c1"], ["c1"])
    assert (known.changes, known.outgoing) == ((), ())
    assert seen == [(1, 1)]
    assert ledger.known(["a1", "a2"]) == {"a1"}
    assert list(ledger.feeds()) == [FEED]
    assert ledger.changes() == []
    assert SQLOutbox(engine).deliveries() == []
