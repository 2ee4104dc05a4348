"""What the hospital tells on standard output: one JSON object a line, ``event`` says which.

``{"event": "stage", "stage": …, "of": n}``
    A stage begins: ``register``, ``sign``, ``earlier``, ``day``.
``{"event": "done", "stage": …, "done": n, "of": n}``
    So much of it is done (at most fifty of these a second).
``{"event": "cast", …}``
    Who plays a part in the day: the mother, faults, the line that runs out (see ``plan``).
``{"event": "refused", "visit_no": …, "step": …, "code": …}``
    The platform refused something that the plan did not expect to be refused.
``{"event": "summary", …}``
    The end: what was asked and answered, counted by the hospital itself.
"""

from __future__ import annotations

import sys
import threading
import time

import orjson

_AT_MOST_EVERY_S = 0.02


class Teller:
    """Writes the events; shared by all lanes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stage = ""
        self._of = 0
        self._done = 0
        self._told_at = 0.0

    def tell(self, event: str, **facts: object) -> None:
        """Write one event."""
        line = orjson.dumps({"event": event, **facts}, default=str)
        with self._lock:
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()

    def begin(self, stage: str, of: int) -> None:
        """Begin a stage of ``of`` steps."""
        self._stage, self._of, self._done = stage, of, 0
        self.tell("stage", stage=stage, of=of)

    def advance(self, by: int = 1) -> None:
        """Count steps of the stage and tell so, unless that was told a moment ago."""
        with self._lock:
            self._done += by
            done, moment = self._done, time.monotonic()
            if done < self._of and moment - self._told_at < _AT_MOST_EVERY_S:
                return
            self._told_at = moment
        self.tell("done", stage=self._stage, done=done, of=self._of)
