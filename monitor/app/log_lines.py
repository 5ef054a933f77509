"""Log lines of the service: one for each poll and each delivery attempt."""

import structlog

from monitor.deliver.send import Attempt
from monitor.errors import LedgerError
from monitor.poll.poll import PollOutcome, PollResult
from monitor.ports import Outcome

log = structlog.get_logger()


def log_poll(result: PollResult) -> None:
    """Log one line for a poll, and one for each of its problems."""
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
    for problem in result.problems:
        log.warning("feed.problem", feed=result.feed.name, problem=problem)


def log_attempt(attempt: Attempt) -> None:
    """Log one line for a delivery attempt."""
    say = log.info if attempt.result.outcome is Outcome.SENT else log.warning
    say(
        "delivery.attempted",
        change=attempt.delivery.change.id,
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
