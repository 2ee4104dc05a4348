"""A transaction as a pair of types: what we send and what the insurer answers.

The types cost nothing at run time: a message is a plain dict, and mypy knows its fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from yifu.insurance import fields
from yifu.insurance.transactions import building

Number = Decimal | int
Digits = str | int
Free = dict[str, Any] | list[Any] | str

Sent = TypeVar("Sent", bound=Mapping[str, Any])
Answered = TypeVar("Answered", bound=Mapping[str, Any])


@dataclass(frozen=True, slots=True)
class Pair(Generic[Sent, Answered]):
    """The transaction `infno` with the types of its `input` and `output`."""

    infno: str

    def build(self, values: Mapping[str, Any]) -> Sent:
        """Build the input from flat or nested values. Raises `Incomplete`."""
        return cast("Sent", building.build(self.infno, values))

    def check(self, message: Sent) -> list[fields.Violation]:
        """List every rule of the table that an input breaks."""
        return fields.check(self.infno, "in", message)

    def read(self, output: Mapping[str, Any]) -> Answered:
        """Give an output in the table's own shape. Raises `Incomplete`."""
        return cast("Answered", building.read(self.infno, output))
