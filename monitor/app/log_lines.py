"""Log lines of the service: one for each poll and each delivery attempt."""

from monitor.core.news import Change
from monitor.deliver.send import Attempt
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.poll.network import NetworkNews
from monitor.poll.poll import PollOutcome, PollResult
from monitor.ports import Outcome

log = get_logger()


def log_poll(result: PollResult) -> None:
    """Log one line for a poll, one for each change of its news, and one for each of its problems.

    A feed that waits for the network is not logged: ``log_network`` tells of all at once.
    """
    if result.outcome is PollOutcome.NOT_ASKED:
        return
    say = log.warning if result.outcome is PollOutcome.FAILED else log.info
    said = {"error": result.error} if result.error else {}
    say(
        "feed.polled",
        feed=result.feed.name,
        outcome=str(result.outcome),
        new=result.new,
        relevant=result.relevant,
        corrected=result.corrected,
        changes=len(result.changes),
        history=result.is_history,
        **said,
    )
    for change in () if result.is_history else result.changes:
        log_change("change.found", change)
    for problem in result.problems:
        log.warning("feed.problem", feed=result.feed.name, problem=problem)


def log_change(event: str, change: Change) -> None:
    """Log one line for a change."""
    about = change.kind or change.stage
    log.info(
        event,
        change=change.id,
        type=str(change.type),
        project=change.project,
        **({"about": str(about)} if about else {}),
        before=change.from_,
        after=change.to,
    )


def log_network(news: NetworkNews) -> None:
    """Log one line when the network is lost, and one when it is back."""
    if news.is_lost:
        log.warning("network.lost", feeds=news.feeds, detail=news.words)
    else:
        log.info("network.back", feeds=news.feeds, detail=news.words)


def log_attempt(attempt: Attempt) -> None:
    """Log one line for a delivery attempt."""
    say = log.info if attempt.result.outcome is Outcome.SENT else log.warning
    say(
        "delivery.attempted",
        change=attempt.delivery.change.id,
        project=attempt.delivery.change.project,
        destination=attempt.destination,
        outcome=str(attempt.result.outcome),
        detail=attempt.result.detail,
        retry_at=attempt.retry_at.isoformat() if attempt.retry_at else None,
        message=attempt.message,
    )
    if attempt.fault is not None:
        log.error("delivery.fault", change=attempt.delivery.change.id, exc_info=attempt.fault)


def log_fault(error: Exception) -> None:
    """Log an error that kept deliveries from being sent or recorded, once for all that were in progress together."""
    if isinstance(error, LedgerError):
        log.error("delivery.failed", error=str(error))
    else:
        log.error("delivery.failed", error=repr(error), exc_info=error)
