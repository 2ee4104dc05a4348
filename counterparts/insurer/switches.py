"""How this insurer behaves where insurers differ; set on the switchboard, kept in the books.

``POST /_control/switches {"stmt_rslt": "hunan|four|long|foreign", "mapped_only": true|false}``
    ``stmt_rslt``: what 3201 and 3202 say of a comparison. Hunan has 0 平 and 1 不平; others are
    reported to tell four cases apart, by one digit or by six; no client can know ``foreign``.
    ``mapped_only``: 2204 refuses a line whose local code is not mapped (3301) to its national code.
    ``GET`` tells both.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route

from counterparts.frame import BadControl, control_message, json_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from counterparts.insurer.office import Office


class Verdict(Enum):
    """What a comparison finds; the value is how Chinese texts say it."""

    EQUAL = "平"
    OURS = "中心多"
    HOSPITALS = "医药机构多"
    DIFFERENT = "数据不一致"


DIALECTS: Mapping[str, Mapping[Verdict, str]] = {
    name: dict(zip(Verdict, codes, strict=True))
    for name, codes in {
        "hunan": ("0", "1", "1", "1"),
        "four": ("0", "1", "2", "3"),
        "long": ("000000", "000101", "000102", "000103"),
        "foreign": ("70", "71", "72", "73"),
    }.items()
}
_DEFAULTS = {"stmt_rslt": "hunan", "mapped_only": ""}
_ALLOWED = {"stmt_rslt": (*DIALECTS,), "mapped_only": (True, False)}
_GET = "SELECT value FROM switches WHERE name = ?"
_PUT = "INSERT INTO switches VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"


def _value(office: Office, name: str) -> str:
    row = office.books.db.execute(_GET, (name,)).fetchone()
    return str(row[0]) if row else _DEFAULTS[name]


def dialect(office: Office) -> Mapping[Verdict, str]:
    """Return the code of each verdict."""
    return DIALECTS[_value(office, "stmt_rslt")]


def mapped_only(office: Office) -> bool:
    """Say whether charges must be mapped."""
    return bool(_value(office, "mapped_only"))


def routes(office: Office) -> list[BaseRoute]:
    """Return the routes of the switchboard for these."""

    async def switch(request: Request) -> Response:
        order = await control_message(request) if request.method == "POST" else {}
        for name, value in order.items():
            if value not in _ALLOWED.get(name, ()):
                raise BadControl(f"{name}: one of {_ALLOWED.get(name, ())}, not {value}")
        for name, value in order.items():
            office.books.db.execute(_PUT, (name, value if isinstance(value, str) else "1" * value))
        told = {"stmt_rslt": _value(office, "stmt_rslt"), "mapped_only": mapped_only(office)}
        return json_answer(told)

    return [Route("/_control/switches", switch, methods=["GET", "POST"])]
