"""Delivers in threads: several destinations at a time, to each one message after the other."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from monitor.deliver.send import Attempt, Batch, SendContext, bring_forward, done, lease, send

#: Destinations that are sent to at the same time: one that hangs holds one of them, for as long as a sender waits.
MOST_AT_ONCE = 32
#: Seconds between two looks at the outbox when nobody says that something was put there.
TICK = 0.5
#: Seconds between two looks for what a wrong clock has put off.
CLOCK_TICK = 60.0
#: Seconds that are waited for a destination that rests, by those who wait for the end.
PATIENCE = 5.0


@dataclass(slots=True)
class Dispatcher:
    """One for each process. ``run`` blocks; the other methods may be called from any thread."""

    context: SendContext
    #: Called in the threads that deliver, after each attempt.
    report: Callable[[Attempt], None]
    #: Called where the database refused, or where there is a bug; what was under way is due again.
    complain: Callable[[Exception], None]
    _woken: threading.Event = field(default_factory=threading.Event)
    _closing: threading.Event = field(default_factory=threading.Event)
    _paused: threading.Event = field(default_factory=threading.Event)
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_AT_ONCE))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: int = 0
    #: When it looks again for what a wrong clock has put off; seconds that only grow.
    _looks_at: float = 0.0
    #: What the last look at the outbox failed of; "" where it went well.
    _refusal: str = ""

    def wake(self) -> None:
        """Look now: something was put into the outbox."""
        self._woken.set()

    def pause(self) -> None:
        """Begin nothing until ``go_on``; the message that is under way ends."""
        self._paused.set()

    def go_on(self) -> None:
        """The opposite."""
        self._paused.clear()
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._closing.set()
        self._woken.set()

    def wait(self, seconds: float) -> None:
        """Wait for what is under way to end, so long at most; to be called when ``run`` has returned."""
        until = time.monotonic() + seconds
        while self._under_way and (left := until - time.monotonic()) > 0:
            self._woken.wait(left)
            self._woken.clear()

    def run(self, *, until_idle: bool = False) -> None:
        """Deliver what is due, until told to stop or, if asked for, until nothing is left that could be sent soon.

        What is under way when it is told to stop is not waited for.
        """
        while not self._closing.is_set():
            self._woken.clear()
            # Asked first: what ends in between may have left something to do.
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
            # It looks twice a second: what is the same all the while is said once.
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
        except Exception as error:  # noqa: BLE001 - told; its lease runs out
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
        """Seconds until something that rests may be sent to, a tick at most."""
        return min(TICK, self._rest() or TICK)

    def _comes_soon(self) -> bool:
        rest = self._rest()
        return rest is not None and rest <= PATIENCE

    def _rest(self) -> float | None:
        now = self.context.clock()
        everywhere = [each for one in self.context.watch().subscribers for each in one.destinations]
        at = self.context.pacer.next_at(everywhere, now)
        return (at - now).total_seconds() if at is not None else None
