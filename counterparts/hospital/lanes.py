"""Several things at once, but never two of one family, and each family's in their order.

An event is handed to the next free lane in the order of the list; a family whose event is still
being worked on holds back its own later ones only. So a slow answer delays one family and nobody
else, and what a family's credit line sees does not depend on how many lanes there are.
"""

from __future__ import annotations

import heapq
import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from contextlib import AbstractContextManager

Event = TypeVar("Event")
Tools = TypeVar("Tools")


class _Board(Generic[Event]):
    """Which events can be taken now; guarded by one condition."""

    def __init__(self, events: Sequence[Event], family_of: Callable[[Event], Hashable]) -> None:
        self._events = events
        self._family_of = family_of
        self._waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for place, event in enumerate(events):
            self._waiting[family_of(event)].append(place)
        self._ready = [queue.popleft() for queue in self._waiting.values()]
        heapq.heapify(self._ready)
        self._left = len(events)
        self._changed = threading.Condition()
        self.error: BaseException | None = None

    def take(self) -> Event | None:
        """Give the earliest event that may begin, waiting for one; None when all is over."""
        with self._changed:
            while not self._ready and self._left and self.error is None:
                self._changed.wait()
            if not self._left or self.error is not None:
                return None
            return self._events[heapq.heappop(self._ready)]

    def done(self, event: Event) -> None:
        """Let the next event of the same family begin."""
        with self._changed:
            self._left -= 1
            queue = self._waiting[self._family_of(event)]
            if queue:
                heapq.heappush(self._ready, queue.popleft())
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """Let all lanes end."""
        with self._changed:
            self.error = self.error or error
            self._changed.notify_all()


def run(
    events: Sequence[Event],
    *,
    lanes: int,
    family_of: Callable[[Event], Hashable],
    tools: Callable[[], AbstractContextManager[Tools]],
    work: Callable[[Tools, Event], None],
) -> None:
    """Work on all events in ``lanes`` threads, each with tools of its own.

    The first exception ends all lanes after their present event and is raised here.
    """
    board = _Board(events, family_of)

    def lane() -> None:
        try:
            with tools() as mine:
                while (event := board.take()) is not None:
                    work(mine, event)
                    board.done(event)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever started the lanes
            board.fail(error)

    threads = [threading.Thread(target=lane, name=f"lane-{n}") for n in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if board.error is not None:
        raise board.error
