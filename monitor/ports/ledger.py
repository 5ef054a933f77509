"""The ledger: what is known, and what is owed by it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitor.core.alerting.storm import Recent
from monitor.core.folding.listing import Listed
from monitor.core.news import Change
from monitor.core.polling.cadence import Habit
from monitor.core.review.review import Review
from monitor.core.state import Correction, ProjectState, Report
from monitor.ports.records import (
    Decide,
    Decision,
    EntryRecord,
    FeedRecord,
    Fold,
    Poll,
    Provisional,
    ReadArticle,
    ReadFor,
    Reconsider,
)


class Ledger(Protocol):
    """What is known, and what is owed. Implementations are safe to call from several threads and processes.

    Every method raises ``LedgerError`` where a person can act (locked, read-only, full, unreachable).
    """

    def feeds(self) -> Mapping[str, FeedRecord]:
        """All feeds that were ever polled, by address."""
        ...

    def feed(self, url: str) -> FeedRecord | None:
        """The one with this address, where it was ever polled."""
        ...

    def habits(self) -> Iterator[tuple[str, Habit, int]]:
        """The address of each feed that was ever read, its habit, how many entries it shows; one after the other."""
        ...

    def due(self, now: datetime) -> tuple[Mapping[str, FeedRecord], frozenset[str]]:
        """The feeds whose next poll has come, by address, and the addresses of those whose next poll is yet to come.

        A feed that was polled later than now is due: the clock was set back, and its next poll is as wrong.
        """
        ...

    def seen(
        self, feed_url: str, entries: Sequence[str], articles: Sequence[str]
    ) -> tuple[Mapping[str, EntryRecord], frozenset[str]]:
        """Those of the entries, by key, that this feed has brought before, and those of the articles that are known."""
        ...

    def known(self, articles: Sequence[str]) -> frozenset[str]:
        """Those of the article keys that are in the ledger already."""
        ...

    def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        """Commit a poll in one transaction: feed, entries, articles, claims, facts, changes, outbox rows.

        An article whose key is known already is left as it is, and no report of it is passed to ``decide``. New ones
        that concern a project are joined with their copies to stories (core.stories), beside those that they come with;
        the reports passed to ``decide`` have the stories as they are then. A new edition replaces what was last read in
        its article as ``reread`` does. Changes whose id is known already are dropped with their deliveries. Polls that
        bring articles on projects are serialised. Returns the changes that are new.
        """
        ...

    def record_all(self, polls: Sequence[tuple[Poll, Decide]]) -> Sequence[tuple[Change, ...]]:
        """Commit polls of different feeds in one transaction, all of them or none, as ``record`` does in some order.

        Returns of each, in the order given, the changes that are new.
        """
        ...

    def owed_lately(self, destinations: Collection[str], now: datetime) -> Mapping[str, Sequence[Recent]]:
        """What was owed to these in the last hour, and is in the next: by the subscriber's name, each change once."""
        ...

    def note(self, decision: Decision) -> tuple[Change, ...]:
        """Commit changes that no article brought, with their deliveries; returns those that are new.

        Changes whose id is known already are dropped with their deliveries.
        """
        ...

    def reread(self, articles: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
        """Commit new readings of articles in one transaction, with what follows from them.

        Title, text and language become those of the new reading; source and date of publication stay as they were first
        heard. What says the same as the last reading is no edition: only the fingerprint of its reader is kept. Else
        the new reading counts from the instant when its source was seen, or from just after the former one; ``decide``
        is given its reports among the new ones and those of the former reading among those known before, and a report
        that says nothing of a project of which the article no longer speaks. Articles that are not known are left out.
        Returns the changes that are new.
        """
        ...

    def read_otherwise(self, reader: str) -> Iterator[ReadArticle]:
        """The articles whose last reading is by another reader than that of this fingerprint, in the order they came.

        Those without a word of text, and those whose text was dropped, are left out. They come from the database some
        at a time; what is read anew in the meantime is not given again.
        """
        ...

    def provisional(self, kind: Provisional) -> Iterator[ReadArticle]:
        """The articles whose last reading is provisional in this way; else as ``read_otherwise``."""
        ...

    def count_read_otherwise(self, reader: str) -> int:
        """How many those are."""
        ...

    def heard(self, articles: Sequence[str]) -> Mapping[str, ReadArticle]:
        """Those of the articles, by key, that are in the ledger, as they were last read."""
        ...

    def reports(
        self, project: str | None = None, *, as_of: datetime | None = None, as_read: bool = False
    ) -> Mapping[str, Sequence[Report]]:
        """Reports by project, oldest publication first (ties by article key).

        They are as they are to be folded: by the operator's decisions that were in force (core.review), with his own
        words among them, and without what copies of a story only echo (core.retelling); ``as_read`` gives them as they
        were read.

        Of an article that was read several times its last reading counts; with ``as_of`` the last that was recorded by
        that instant, and nothing of articles that came later.
        """
        ...

    def corrections(self, project: str, *, as_of: datetime | None = None) -> Sequence[Correction]:
        """What publishers have taken back (until then) of what they had said of a project, in the order of the changes.

        Not by what is told otherwise of it now, but by the next edition: a rebuild takes nothing back.
        """
        ...

    def reviews(self, project: str | None = None) -> Sequence[Review]:
        """All decisions ever made (that touch the project), undone ones too, in the order in which they were made.

        Each has the story that its article belongs to now.
        """
        ...

    def review(self, review: Review, decide: Reconsider) -> tuple[Change, ...]:
        """Keep a decision, or take back the one that it is where it is undone; commit what follows with it.

        Its article is in the ledger. ``decide`` is given the reports of all projects that may know something else by
        it; it is not asked where nothing is to be taken back. Returns the changes that are new.
        """
        ...

    def states(self, rules: Mapping[str, str]) -> Mapping[str, ProjectState]:
        """What is known in brief of those of these projects of which it was kept; only what was folded by these rules.

        ``rules`` has for each project the fingerprint of what bears on what is known by the same reports. What comes
        is what folding its reports now would give: whatever bears on a project makes what was kept of it void in the
        same transaction.
        """
        ...

    def listed(self, rules: Mapping[str, str]) -> Mapping[str, Listed]:
        """The same for programs too."""
        ...

    def moved_since(self, at: datetime) -> frozenset[str]:
        """The projects of which other reports, or other decisions, may be in force now than at this instant."""
        ...

    def telling_of(self, projects: Sequence[str]) -> frozenset[str]:
        """The addresses of the feeds that have brought an article on one of these projects."""
        ...

    def keep_states(self, rules: Mapping[str, str], fold: Fold, *, limit: int) -> int:
        """Fold some of these projects, of which nothing is kept by these rules (``states``), and keep it.

        In one transaction; returns of how many nothing was kept: 0 when all are.
        """
        ...

    def articles(self, *, project: str | None = None, limit: int | None = None) -> Sequence[ReadArticle]:
        """The articles (that concern the project) that came last, newest last, as they were last read."""
        ...

    def drop_texts(self, *, before: datetime, limit: int) -> int:
        """Drop the texts of articles that were first seen before, the oldest first; returns how many were dropped.

        All else that is known of them and by them stays; they come back with an empty text, marked as dropped.
        """
        ...

    def changes(self, *, project: str | None = None, limit: int | None = None) -> Sequence[Change]:
        """The newest changes, newest last."""
        ...
