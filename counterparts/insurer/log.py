"""The latest messages as they came in, with the fault that struck each, if one did.

Kept in memory only: the books need none of it, and it must not cost a statement a message.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from counterparts.frame import Switchboard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.frame import Rule

KEPT = 5000
_STRUCK = "struck"


class Entry(NamedTuple):
    """One message: when (milliseconds, real time), whose, which, what was said, what struck it."""

    at_ms: int
    fixmedins_code: str
    infno: str
    msgid: str
    outcome: str
    fault: str


class NotingSwitchboard(Switchboard):
    """Writes the fault that strikes a request beside the keys that it matched."""

    def _struck(self, keys: Mapping[str, str]) -> Rule | None:
        rule = super()._struck(keys)
        if rule is not None and isinstance(keys, dict):
            keys[_STRUCK] = rule.fault.value
        return rule


@dataclass(slots=True)
class MessageLog:
    """The latest messages, oldest first."""

    entries: deque[Entry]

    @classmethod
    def empty(cls) -> MessageLog:
        """Return a log without messages."""
        return cls(deque(maxlen=KEPT))

    def note(
        self,
        at_ms: int,
        code: str,
        body: Mapping[str, object],
        content: bytes,
        keys: Mapping[str, str],
    ) -> None:
        """Note a message and how it was answered."""
        # Answers begin with their infcode; a file, or what a fault made of one, with anything.
        start = bytes(content[:13])
        outcome = (
            "成功" if start == b'{"infcode":0,' else "拒绝" if start == b'{"infcode":-1' else "—"
        )
        self.entries.append(
            Entry(
                at_ms,
                code,
                str(body.get("infno", ""))[:5],
                str(body.get("msgid", ""))[:30],
                outcome,
                keys.get(_STRUCK, ""),
            )
        )
