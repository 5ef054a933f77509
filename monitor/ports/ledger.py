"""The ledger: the reports of all articles, and what is known from them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.alerting.bundling import Recent
from monitor.core.folding.listing import Listed
from monitor.core.health import Ailment, FeedHealth
from monitor.core.news import Change
from monitor.core.polling.cadence import Habit
from monitor.core.polling.websub import HubSubscription
from monitor.core.review import Review
from monitor.core.state import Correction, ProjectState, Report
from monitor.ports.records import (
    ArticleRecord,
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
    """Reports, what is known from them, and the resulting deliveries. Safe to call from several threads and processes.

    Every method raises ``LedgerError`` if a person can act (locked, read-only, full, unreachable).
    """

    def feeds(self) -> Mapping[str, FeedRecord]:
        """All feeds that were ever polled, by address."""
        ...

    def feed(self, url: str) -> FeedRecord | None:
        """The feed with this address. None if it was not polled yet."""
        ...

    def habits(self) -> Iterator[tuple[str, Habit, int]]:
        """Yield the address, habit and number of shown entries of each feed that was ever read, one at a time."""
        ...

    def due(self, now: datetime) -> tuple[Mapping[str, FeedRecord], frozenset[str]]:
        """The feeds whose next poll is due, by address, and the addresses of the feeds whose next poll is yet to come.

        A feed whose last poll is in the future is due: the clock was set back, and its next poll was set by the wrong
        clock.
        """
        ...

    def seen(
        self, feed_url: str, entries: Sequence[str], articles: Sequence[str]
    ) -> tuple[Mapping[str, EntryRecord], frozenset[str]]:
        """The entries, by key, that this feed has brought before, and the keys of the articles that are known."""
        ...

    def known(self, articles: Sequence[str]) -> frozenset[str]:
        """The article keys that are in the ledger."""
        ...

    def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        """Commit a poll in one transaction: feed, entries, articles, claims, facts, changes, outbox rows.

        An article with a known key is left as it is, and ``decide`` gets no report of it. New articles that concern a
        project are joined with their copies to stories (core.stories), together with the others of this poll. The
        reports passed to ``decide`` have the resulting stories. A new edition replaces the last reading of its article
        as ``reread`` does. Changes with a known id are dropped together with their deliveries. Polls that bring
        articles on projects are serialised. Returns the new changes.
        """
        ...

    def record_all(self, polls: Sequence[tuple[Poll, Decide]]) -> Sequence[tuple[Change, ...]]:
        """Commit polls of different feeds in one transaction, all or none.

        They are committed in some order, each as in ``record``. Returns the new changes of each poll, in the order
        given.
        """
        ...

    def owed_lately(self, destinations: Collection[str], now: datetime) -> Mapping[str, Sequence[Recent]]:
        """Changes due to these destinations in the last hour or the next, each once, by the subscriber's name."""
        ...

    def note(self, decision: Decision) -> tuple[Change, ...]:
        """Commit changes that no article brought, with their deliveries. Returns the new ones.

        Changes with a known id are dropped together with their deliveries. Deliveries of changes that the decision
        takes back are called off if they have certainly not arrived. A destination that was to receive one of them is
        not owed the change that only leads back from it.
        """
        ...

    def reread(self, articles: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
        """Commit new readings of articles, with what follows from them, in one transaction.

        The article takes title, text and language from the new reading. Its source and date of publication stay as
        first recorded. If the new reading equals the last one, it is not an edition: besides these only the fingerprint
        of the reader is updated. Otherwise it counts from the instant when its source was seen, or from just after the
        former reading if that is later. ``decide`` gets the reports of the new reading among the new ones and those of
        the former reading among those known before. For a project that the article no longer mentions, the new ones
        include an empty report. Unknown articles are left out. Returns the new changes.
        """
        ...

    def read_otherwise(self, reader: str) -> Iterator[ReadArticle]:
        """Yield the articles whose last reading has another reader fingerprint than this one, in the order of arrival.

        Articles without a word of title or text and those whose text was dropped are left out. The articles are loaded
        in batches. One that is reread meanwhile is not yielded again.
        """
        ...

    def provisional(self, kind: Provisional) -> Iterator[ReadArticle]:
        """Yield the articles whose last reading is provisional in this way; otherwise like ``read_otherwise``."""
        ...

    def count_read_otherwise(self, reader: str) -> int:
        """Count the articles that ``read_otherwise`` yields."""
        ...

    def heard(self, articles: Sequence[str]) -> Mapping[str, ReadArticle]:
        """The articles among these keys that are in the ledger, by key, each with its last reading."""
        ...

    def article(self, key: str) -> ArticleRecord | None:
        """Everything that is stored about the article with this key. None if there is no such article."""
        ...

    def reports(
        self, project: str | None = None, *, as_of: datetime | None = None, as_read: bool = False
    ) -> Mapping[str, Sequence[Report]]:
        """Reports by project, oldest publication first (ties by article key).

        They are ready for the fold. The operator's decisions in force are applied (core.review), and the operator's own
        statements are included. What copies of a story only repeat is left out (core.stories.retelling). With
        ``as_read`` they are as they were read.

        For an article that was read several times the last reading counts. With ``as_of`` it is the last reading
        recorded by that instant, and articles that came later are left out.
        """
        ...

    def corrections(self, project: str, *, as_of: datetime | None = None) -> Sequence[Correction]:
        """What publishers have withdrawn about a project (until ``as_of``), in the order of the corrections.

        Each compares a reading with that of the publisher's next edition, not with the current reading. A rebuild
        withdraws nothing.
        """
        ...

    def reviews(self, project: str | None = None) -> Sequence[Review]:
        """All decisions (that concern the project), including undone ones, in the order in which they were made.

        Each has the story to which its article belongs now.
        """
        ...

    def review(self, reviews: Sequence[Review], decide: Reconsider) -> tuple[Change, ...]:
        """Store decisions, or undo those that are marked as undone. Commits what follows in the same transaction.

        The articles of the decisions must be in the ledger. ``decide`` is called once, with the reports of all projects
        whose knowledge may change, before and after all the decisions. It is not called if there is nothing to undo.
        Returns the new changes.
        """
        ...

    def foresee(self, reviews: Sequence[Review], decide: Reconsider) -> Decision:
        """What ``review`` would commit now: the new changes and their deliveries. Nothing is stored."""
        ...

    def foresee_poll(self, poll: Poll, decide: Decide) -> Decision:
        """What ``record`` would commit now: the new changes and their deliveries. Nothing is stored."""
        ...

    def states(self, rules: Mapping[str, str]) -> Mapping[str, ProjectState]:
        """The stored brief states of these projects, as far as they were folded by these rules.

        ``rules`` maps each project to the fingerprint of everything but the reports that affects its state. A returned
        state is equal to a fold of the current reports. A transaction that affects a project deletes the stored state.
        """
        ...

    def listed(self, rules: Mapping[str, str]) -> Mapping[str, Listed]:
        """Like ``states``, in the form for programs too."""
        ...

    def moved_since(self, at: datetime) -> frozenset[str]:
        """The projects whose reports or decisions in force may have changed since this instant."""
        ...

    def telling_of(self, projects: Sequence[str]) -> frozenset[str]:
        """The addresses of the feeds that have brought an article on one of these projects."""
        ...

    def relevant_since(self, at: datetime) -> Mapping[str, int]:
        """How many articles on projects each feed was the first to bring since this instant, by its address."""
        ...

    def keep_states(self, rules: Mapping[str, str], fold: Fold, *, limit: int) -> int:
        """Fold up to ``limit`` of the projects without a stored state for these rules (``states``). Store the states.

        All in one transaction. Returns how many projects had no stored state, at most ``limit``: 0 if all have one.
        """
        ...

    def articles(self, *, project: str | None = None, limit: int | None = None) -> Sequence[ReadArticle]:
        """The articles (that concern the project) that arrived last, newest last, each with its last reading."""
        ...

    def drop_texts(self, *, before: datetime, limit: int) -> int:
        """Drop the texts of up to ``limit`` articles first seen before this instant, oldest first. Returns how many.

        Everything else about the articles stays. They are returned with an empty text and marked as dropped.
        """
        ...

    def change(self, id_: str) -> Change | None:
        """The change with this id. None if there is none."""
        ...

    def changes(
        self,
        *,
        project: str | None = None,
        before: str | None = None,
        after: str | None = None,
        history: bool | None = None,
        limit: int | None = None,
    ) -> Sequence[Change]:
        """The newest changes, newest last.

        Args:
            project: only those of this project.
            before: only those recorded before the change with this id. None are if there is no such change.
            after: only those recorded after the change with this id. None are if there is no such change.
            history: only those that are history, or only the others.
            limit: the largest number.
        """
        ...

    def last_changes(self, projects: Sequence[str]) -> Mapping[str, Sequence[Change]]:
        """What changed last of each of these projects (``core.news.last_told``), in the order of recording.

        Without projects that have none.
        """
        ...


# Subscriptions to hubs that push news: how they are requested and where they are stored -------------------------------


#: (subscription) → its next value; None if it stays as it is. Pure; called inside the transaction.
Step = Callable[[HubSubscription], HubSubscription | None]


class Submitter(Protocol):
    """Sends forms over the same guarded way as fetches."""

    async def submit(self, url: str, form: Mapping[str, str]) -> None:
        """Post a form. Follows redirects that keep the method (307, 308).

        Raises:
            FetchError: the form was not accepted; the error says whether this is temporary. ``ForbiddenAddressError``
                if the guard refused.
        """
        ...


class HubSubscriptions(Protocol):
    """All subscriptions at hubs. Safe to call from several threads and processes; each method is one transaction.

    Every method raises ``LedgerError`` if a person can act (locked, read-only, full, unreachable).
    """

    def all(self) -> Sequence[HubSubscription]:
        """All subscriptions, ordered by feed."""
        ...

    def named(self) -> Mapping[str, tuple[str, str]]:
        """The hub and topic of each feed that named both when it was last read, by the feed's address."""
        ...

    def find(self, token: str) -> HubSubscription | None:
        """Find the subscription with this token."""
        ...

    def add(self, subscription: HubSubscription) -> None:
        """Store a new subscription. No other may have its token."""
        ...

    def change(self, token: str, step: Step) -> HubSubscription | None:
        """Apply a step to one subscription and store the result. No other change of it happens in between.

        Returns the result. None if no subscription has this token or if the step left it as it was. An unknown token is
        reported without waiting for writers.
        """
        ...

    def forget(self, token: str) -> None:
        """Delete the subscription."""
        ...


# The stored health of the monitor itself ------------------------------------------------------------------------------


class HealthRecord(Protocol):
    """Ailments, and the data for finding them. Raises ``LedgerError`` if a person can act."""

    def ailments(self) -> Sequence[Ailment]:
        """All known ailments, oldest first."""
        ...

    def keep_ailments(self, ailments: Sequence[Ailment]) -> None:
        """Replace the known ailments with these."""
        ...

    def feeds(self) -> Iterator[FeedHealth]:
        """Yield every feed that was ever polled, one at a time, named by its address."""
        ...

    def waiting(self, before: datetime) -> int:
        """Count the deliveries that were due before this instant and were never tried."""
        ...


# The quarantine: documents that broke the process that read them ------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileDocument:
    """A document that was given up."""

    #: SHA-256, in hex, of the content and of the kind of job that read it.
    digest: str
    #: The address it came from.
    url: str
    #: The limit that it broke.
    reason: str
    #: When it was given up; aware, UTC.
    at: datetime


class Quarantine(Protocol):
    """The documents that were given up. Raises ``LedgerError`` if a person can act."""

    def add(self, document: HostileDocument) -> None:
        """Store a document. Replaces the one with the same digest."""
        ...

    def since(self, at: datetime) -> Sequence[HostileDocument]:
        """The documents that were given up at or after this instant, oldest first."""
        ...

    def forget(self, before: datetime) -> None:
        """Delete the documents that were given up before this instant."""
        ...
