"""How single fields of the interface must look. Pure; every function raises Refused ``E1001``."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from counterparts.fiscal.envelope import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME = re.compile(r"[0-9]{17}")
_DAY = re.compile(r"[0-9]{8}")
_YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_LARGEST = Decimal(10) ** 12
_CENT = Decimal("0.01")


def text(data: Mapping[str, Any], name: str, longest: int, *, required: bool = True) -> str:
    """Return a text of at most ``longest`` characters; "" for an optional one that is absent."""
    value = data.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or len(value) > longest or (required and not value):
        raise Refused("E1001", f"{name} 须为不超过{longest}位的字符串")
    return value


def fen(data: Mapping[str, Any], name: str) -> int:
    """Return an amount (14,2; a number or a text in yuan, not negative) in fen."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Refused("E1001", f"{name} 须为金额")
    if isinstance(value, str) and not _YUAN.fullmatch(value):
        raise Refused("E1001", f"{name} 不是金额")
    yuan = Decimal(value)
    if not 0 <= yuan < _LARGEST or yuan != yuan.quantize(_CENT):
        raise Refused("E1001", f"{name} 须为不超过14位、两位小数的非负金额")
    return int(yuan * 100)


def bus_time(data: Mapping[str, Any], name: str) -> str:
    """Return a time written yyyyMMddHHmmssSSS."""
    value = text(data, name, 17)
    if not _TIME.fullmatch(value) or not _is_time(value[:14], "%Y%m%d%H%M%S"):
        raise Refused("E1001", f"{name} 须为 yyyyMMddHHmmssSSS")
    return value


def bus_day(data: Mapping[str, Any], name: str) -> str:
    """Return a day written yyyyMMdd."""
    value = text(data, name, 8)
    if not _DAY.fullmatch(value) or not _is_time(value, "%Y%m%d"):
        raise Refused("E1001", f"{name} 须为 yyyyMMdd")
    return value


def period(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and last time of ``busBgnDate`` to ``busEndDate``, days made whole."""
    ends = []
    for name, filler in (("busBgnDate", "000000000"), ("busEndDate", "235959999")):
        written = text(data, name, 17)
        ends.append(
            bus_day(data, name) + filler if _DAY.fullmatch(written) else bus_time(data, name)
        )
    return ends[0], ends[1]


def choice(data: Mapping[str, Any], name: str, allowed: frozenset[str]) -> str:
    """Return one of the allowed codes."""
    value = data.get(name)
    if value not in allowed or not isinstance(value, str):
        raise Refused("E1001", f"{name} 须为 {'、'.join(sorted(allowed))}")
    return value


def several(data: Mapping[str, Any], name: str, *, required: bool) -> list[dict[str, Any]]:
    """Return a list of objects; an optional absent one is empty."""
    value = data.get(name)
    if value is None and not required:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Refused("E1001", f"{name} 须为列表")
    if required and not value:
        raise Refused("E1001", f"{name} 不能为空")
    return value


def _is_time(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
