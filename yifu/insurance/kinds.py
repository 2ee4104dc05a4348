"""What a transaction does at the insurer: move money, write something down, or only ask.

`kinds.toml` says which is which, and how long our traces of each keep their content.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LEAST_DAYS = 31
"""A month: until then a day is still matched, asked about and decided."""


class Kind(StrEnum):
    """What a transaction does at the insurer."""

    MONEY = "money"
    QUERY = "query"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Policy:
    """How many days the content of a trace is kept, by what the message did."""

    keep_days: Mapping[Kind, int]


def kind_of(infno: str) -> Kind:
    """Tell what a transaction does; one that is listed nowhere writes something down."""
    return _kinds().get(infno, Kind.RECORD)


def listed(kind: Kind) -> list[str]:
    """Give the transactions that are listed as of a kind; `record` is every other one."""
    return sorted(infno for infno, one in _kinds().items() if one == kind)


def policy() -> Policy:
    """Read the policy of retention: ours, with what the installation's own file says instead.

    Raises `ImproperlyConfigured` for a file that cannot be read, or says what makes no sense.
    """
    place = settings.YIFU_RETENTION
    try:
        own = tomllib.loads(Path(place).read_text(encoding="utf-8")) if place else {}
        return read_policy(own)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"YIFU_RETENTION: {error}") from error


def read_policy(own: Mapping[str, Any]) -> Policy:
    """Lay an installation's own days over ours. Raises `ValueError`."""
    if unknown := own.keys() - set(Kind):
        raise ValueError(f"no kind {', '.join(sorted(unknown))}; there are {', '.join(Kind)}")
    days = {kind: _shipped()[kind]["keep_days"] for kind in Kind}
    for kind, table in own.items():
        asked = table.get("keep_days") if isinstance(table, dict) else None
        if type(asked) is not int or asked < LEAST_DAYS:
            raise ValueError(f"{kind}.keep_days: a number of days, at least {LEAST_DAYS}")
        days[Kind(kind)] = asked
    return Policy(days)


@cache
def _shipped() -> dict[str, Any]:
    text = files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _kinds() -> Mapping[str, Kind]:
    return {
        infno: Kind(kind)
        for kind, table in _shipped().items()
        for infno in table.get("transactions", ())
    }
