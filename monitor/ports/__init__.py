"""The edges as the pipeline sees them: one Protocol for each, with the contract that every implementation keeps.

All instants are aware and in UTC. The implementations are in ``feeds``, ``ledger`` and ``delivery``. The fakes in
``tests/fakes.py`` must pass the same contract suites. Import everything from this package. Each of its modules
describes one edge.
"""

from monitor.ports.accounts import Account, Accounts, Session, Token
from monitor.ports.asking import Asker, Question, Unanswered
from monitor.ports.audit import AuditEntry, AuditLog
from monitor.ports.departures import Departure, Departures, Holder
from monitor.ports.fetcher import NO_VALIDATORS, Fetched, Fetcher, NotModified, Validators
from monitor.ports.files import KEPT_EDITIONS, OUTSIDE, FileEdition, FileEditions
from monitor.ports.health import HealthRecord
from monitor.ports.hubs import HubSubscriptions, Step, Submitter
from monitor.ports.ledger import Ledger
from monitor.ports.outbox import AttemptRecord, Bundle, DeliveryRecord, DeliveryState, Outbox, Replan
from monitor.ports.quarantine import HostileDocument, Quarantine
from monitor.ports.reader import Reader, ReaderFactory, ReadOutcome
from monitor.ports.readers import Readers, SignUp
from monitor.ports.records import (
    DIGEST_SIZE,
    MOST_COPIES,
    ArticleRecord,
    Decide,
    Decision,
    EntryRecord,
    FeedRecord,
    Fold,
    Folded,
    Outgoing,
    Pacing,
    Poll,
    Provisional,
    ReadArticle,
    ReadFor,
    ReadingRecord,
    Reconsider,
)
from monitor.ports.sender import Outcome, Sender, SendResult

__all__ = [
    "DIGEST_SIZE",
    "KEPT_EDITIONS",
    "MOST_COPIES",
    "NO_VALIDATORS",
    "OUTSIDE",
    "Account",
    "Accounts",
    "ArticleRecord",
    "Asker",
    "AttemptRecord",
    "AuditEntry",
    "AuditLog",
    "Bundle",
    "Decide",
    "Decision",
    "DeliveryRecord",
    "DeliveryState",
    "Departure",
    "Departures",
    "EntryRecord",
    "FeedRecord",
    "Fetched",
    "Fetcher",
    "FileEdition",
    "FileEditions",
    "Fold",
    "Folded",
    "HealthRecord",
    "Holder",
    "HostileDocument",
    "HubSubscriptions",
    "Ledger",
    "NotModified",
    "Outbox",
    "Outcome",
    "Outgoing",
    "Pacing",
    "Poll",
    "Provisional",
    "Quarantine",
    "Question",
    "ReadArticle",
    "ReadFor",
    "ReadOutcome",
    "Reader",
    "ReaderFactory",
    "Readers",
    "ReadingRecord",
    "Reconsider",
    "Replan",
    "SendResult",
    "Sender",
    "Session",
    "SignUp",
    "Step",
    "Submitter",
    "Token",
    "Unanswered",
    "Validators",
]
