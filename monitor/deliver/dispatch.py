"""Sends in threads: to several destinations at a time, to each destination one message after the other."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.deliver.send import Attempt, Batch, SendContext, bring_forward, done, lease, send

#: The most destinations sent to at the same time. One that hangs holds a slot until the sender's time limit.
MOST_AT_ONCE = 32
#: Seconds between two checks of the outbox if nothing wakes the dispatcher.
TICK = 0.5
#: Seconds between two checks for deliveries that a wrong clock has postponed.
CLOCK_TICK = 60.0
#: ``run(until_idle=True)`` waits for a resting destination if it rests no longer than these seconds.
PATIENCE = 5.0


@dataclass(slots=True)
class Dispatcher:
    """One for each process. ``run`` blocks; the other methods may be called from any thread."""

    context: SendContext
    #: Called in the threads that deliver, after each attempt.
    report: Callable[[Attempt], None]
    #: Called if the database refuses or on a bug. The deliveries in progress become due again.
    complain: Callable[[Exception], None]
    _woken: threading.Event = field(default_factory=threading.Event)
    _closing: threading.Event = field(default_factory=threading.Event)
    _paused: threading.Event = field(default_factory=threading.Event)
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_AT_ONCE))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: int = 0
    #: The monotonic time of the next check for deliveries that a wrong clock has postponed.
    _looks_at: float = 0.0
    #: The error of the last check of the outbox; "" if it succeeded.
    _refusal: str = ""

    def wake(self) -> None:
        """Check the outbox now, because there are new deliveries."""
        self._woken.set()

    def pause(self) -> None:
        """Begin nothing until ``go_on``. The message in progress is finished."""
        self._paused.set()

    def go_on(self) -> None:
        """End the pause."""
        self._paused.clear()
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._closing.set()
        self._woken.set()

    def wait(self, seconds: float) -> None:
        """Wait until the messages in progress are finished, at most this long. Call this after ``run`` has returned."""
        until = time.monotonic() + seconds
        while self._under_way and (left := until - time.monotonic()) > 0:
            self._woken.wait(left)
            self._woken.clear()

    def run(self, *, until_idle: bool = False) -> None:
        """Send due deliveries until stopped or, with ``until_idle``, until nothing is left that can be sent soon.

        After ``stop`` it does not wait for messages in progress.
        """
        while not self._closing.is_set():
            self._woken.clear()
            # Checked before the lease: a thread that ends in between may leave something to do.
            is_idle = self._under_way == 0
            batch = None if self._paused.is_set() else self._lease()
            if batch is not None:
                self._begin(batch)
            elif until_idle and is_idle and not self._comes_soon():
                return
            else:
                self._woken.wait(self._pause())

    def _lease(self) -> Batch | None:
        try:
            if time.monotonic() >= self._looks_at:
                bring_forward(self.context)
                self._looks_at = time.monotonic() + CLOCK_TICK
            batch = lease(self.context)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
            # It checks twice a second, so the same error is reported only once.
            if (refusal := repr(error)) != self._refusal:
                self._refusal = refusal
                self.complain(error)
            return None
        self._refusal = ""
        return batch

    def _begin(self, batch: Batch) -> None:
        self._slots.acquire()
        with self._lock:
            self._under_way += 1
        # A thread for each: it costs less than a message, and one that hangs keeps the process from nothing.
        threading.Thread(target=self._send, args=(batch,), name="deliver", daemon=True).start()

    def _send(self, batch: Batch) -> None:
        try:
            for attempt in send(batch, self.context, is_closing=self._is_halted):
                self.report(attempt)
        except Exception as error:  # noqa: BLE001 - reported; the lease expires
            self.complain(error)
        finally:
            done(batch, self.context)
            with self._lock:
                self._under_way -= 1
            self._slots.release()
            self._woken.set()

    def _is_halted(self) -> bool:
        return self._closing.is_set() or self._paused.is_set()

    def _pause(self) -> float:
        """Seconds until a resting destination may be sent to, at most ``TICK``."""
        return min(TICK, self._rest() or TICK)

    def _comes_soon(self) -> bool:
        rest = self._rest()
        return rest is not None and rest <= PATIENCE

    def _rest(self) -> float | None:
        now = self.context.clock()
        everywhere = [each for one in self.context.watch().subscribers for each in one.destinations]
        at = self.context.pacer.next_at(everywhere, now)
        return (at - now).total_seconds() if at is not None else None
