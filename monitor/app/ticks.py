"""Scheduled ticks on a machine whose clock may be set: APScheduler uses the time of day, which jumps."""

from datetime import datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.core.backoff import believed
from monitor.errors import LedgerError
from monitor.logs import get_logger

log = get_logger()


class Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A tick at this interval after the previous one. If the clock jumps ahead, one tick is due, not all in between."""

    def __init__(self, seconds: float) -> None:
        self.pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 - the library's signature
        return now + self.pause


def make_scheduler() -> AsyncIOScheduler:
    """Make a scheduler without jobs that logs errors of its ticks."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        # A late tick is as good as one on time, and one tick replaces several late ones.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    return scheduler


def put_right(scheduler: AsyncIOScheduler, now: datetime) -> None:
    """Run ticks now that are further off than their interval, because the clock was set back.

    Call this at times that do not depend on the clock.
    """
    for job in scheduler.get_jobs():
        if isinstance(job.trigger, Every) and believed(job.next_run_time, now, job.trigger.pause) < job.next_run_time:
            job.modify(next_run_time=now)


def _report(event: JobExecutionEvent) -> None:
    """Log a tick that raised or was missed. APScheduler's own log of it is off. The next tick comes anyway."""
    if isinstance(event.exception, LedgerError):
        log.error("tick.failed", job=event.job_id, error=str(event.exception))
    else:
        log.error("tick.failed", job=event.job_id, error=repr(event.exception), traceback=event.traceback)
