"""Everybody who is told: the subscribers of the configuration, with what readers chose, and who subscribed alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from monitor.core.alerting.choices import Chosen, joined
from monitor.core.news import Subscriber

#: Returns who subscribed alone, and what readers chose.
More = Callable[[], tuple[Iterable[Subscriber], Iterable[Chosen]]]


class Subscribed(Sequence[Subscriber]):
    """They are joined when they are first needed: most commands tell nobody, and open no database for it."""

    def __init__(self, configured: Sequence[Subscriber], more: More) -> None:
        self._configured = configured
        self._more = more
        self._joined: tuple[Subscriber, ...] | None = None

    def forget(self) -> None:
        """Join them anew at the next use, because readers have chosen something."""
        self._joined = None

    def _all(self) -> tuple[Subscriber, ...]:
        found = self._joined
        if found is None:
            found = self._joined = joined(self._configured, *self._more())
        return found

    def __iter__(self) -> Iterator[Subscriber]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Subscriber: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Subscriber, ...]: ...

    def __getitem__(self, index: int | slice) -> Subscriber | tuple[Subscriber, ...]:
        return self._all()[index]
