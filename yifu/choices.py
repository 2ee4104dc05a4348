"""Closed sets of words that a rule decides on and a column holds, with their Chinese names.

Like Django's `TextChoices`, but importable where no database may be: in `rules.py`.
"""

from enum import EnumMeta, StrEnum
from typing import Any, Self


class _ChoiceMeta(EnumMeta):
    """Gives the class the two lists that Django's fields and constraints ask for."""

    @property
    def choices(cls) -> list[tuple[str, str]]:
        """Value and Chinese name of every member."""
        return [(member.value, member.label) for member in _members(cls)]

    @property
    def values(cls) -> list[str]:
        """The values as they are stored."""
        return [member.value for member in _members(cls)]


def _members(cls: type[Any]) -> list[Any]:
    return list(cls.__members__.values())


class Choice(StrEnum, metaclass=_ChoiceMeta):
    """A word from a closed set; `label` is its Chinese name."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member from its stored value and its name; with the value alone, find it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def _missing_(cls, value: object) -> Any:  # noqa: ANN401 - Enum's signature
        return next((member for member in cls if member.value == value), None)
