"""When ticks come, on a machine whose clock may be set: APScheduler goes by the time of day, which jumps."""

from datetime import datetime, timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.core.timing import believed


class Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A tick so long after the one before. However far the clock jumps ahead, one is due, and not all those between."""

    def __init__(self, seconds: float) -> None:
        self.pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 - the library's signature
        return now + self.pause


def put_right(scheduler: BaseScheduler, now: datetime) -> None:
    """Have those ticks come now that are further off than their pause: the clock was set back meanwhile.

    To be called at times that do not depend on the clock.
    """
    for job in scheduler.get_jobs():
        if isinstance(job.trigger, Every) and believed(job.next_run_time, now, job.trigger.pause) < job.next_run_time:
            job.modify(next_run_time=now)
