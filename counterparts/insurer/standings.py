"""The office's switch for defaulters (改变医保结算方式): who may not settle in real time.

A city's credit office lists those who do not pay; the insurer then stops their real-time settlement
on the same day and restores it when they have paid (founding document HZ, 三之三). No insurer has
published how it is told, so address, fields and the refusal's code are ours (certainty D).

``POST /city/standing {"number", "id_number", "stopped", "reason"}``, signed as in
``counterparts.signed`` → ``{"number", "stopped", "applied", "at"}``.
    ``number`` ascends. The same number with the same content changes nothing and is acknowledged,
    with another content it is refused with 409 ``NUMBER_USED``; one older than the person's last is
    acknowledged and ignored (``applied`` false). A number that is nobody's here is taken too: the
    person may be insured tomorrow. Fault rules match ``infno`` = ``city_standing`` and ``psn_no``.
``GET /city/standing?id_number=`` → ``{"stopped", "number"}``, signed too.
``POST /_control/city-apps {"app", "key"}``
    Registers who may tell it. ``GET /_control/standings`` gives every message there was.

While stopped, what settles or counts what would be settled (2206, 2207, 2303, 2304, 2101, 2102,
6202 and Shanghai's SI11, SI12) is refused with ``SX01``; everything else goes on: a visit can be
registered and charged, and what was settled before can be undone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute, Route

from counterparts.frame import BadControl, Fault, control_message, json_answer
from counterparts.insurer.errors import RefusedError
from counterparts.signed import Gate, RefusedRequest, switch, text, whole

if TYPE_CHECKING:
    from sqlite3 import Connection

    from starlette.requests import Request
    from starlette.responses import Response

    from counterparts.frame import Switchboard
    from counterparts.insurer.office import Office
    from counterparts.insurer.records import Person

STOPPED = "SX01 该参保人因失信已暂停医保实时结算，请自费结算"
_COLUMNS = ("number", "certno", "stopped", "reason", "applied", "at")
_IS_STOPPED = "SELECT stopped FROM standings WHERE certno = ? ORDER BY number DESC LIMIT 1"
_NEWEST = "SELECT coalesce(max(number), 0) FROM standings WHERE certno = ?"
_BY_NUMBER = f"SELECT {', '.join(_COLUMNS)} FROM standings WHERE number = ?"  # noqa: S608 - ours
_ALL = f"SELECT {', '.join(_COLUMNS)} FROM standings ORDER BY seq"  # noqa: S608 - ours
_INSERT = (
    f"INSERT INTO standings ({', '.join(_COLUMNS)})"  # noqa: S608 - ours
    " VALUES (:number, :certno, :stopped, :reason, :applied, :at)"
)
_KEY = "SELECT secret_key FROM city_apps WHERE app = ?"
_REGISTER = (
    "INSERT INTO city_apps VALUES (?, ?) ON CONFLICT DO UPDATE SET secret_key = excluded.secret_key"
)


def check_not_stopped(office: Office, person: Person) -> None:
    """Check that a person may settle in real time. Raises RefusedError if it was stopped."""
    row = office.books.db.execute(_IS_STOPPED, (person.certno,)).fetchone()
    if row is not None and row[0]:
        raise RefusedError(STOPPED)


class Standings:
    """The addresses of the switch."""

    def __init__(self, office: Office, board: Switchboard) -> None:
        self._db: Connection = office.books.db
        self._office = office
        self._board = board
        self._gate = Gate(self._key_of)

    def routes(self) -> list[BaseRoute]:
        """Return them."""
        return [
            Route("/city/standing", self._tell, methods=["POST"]),
            Route("/city/standing", self._ask, methods=["GET"]),
            Route("/_control/city-apps", self._apps, methods=["POST"]),
            Route("/_control/standings", self._told),
        ]

    def _key_of(self, app: str) -> str | None:
        row = self._db.execute(_KEY, (app,)).fetchone()
        return None if row is None else str(row[0])

    async def _tell(self, request: Request) -> Response:
        try:
            fields = await self._gate.open(request)
        except RefusedRequest as refusal:
            return refusal.answer()

        async def work() -> Response:
            try:
                return json_answer(self._take(fields))
            except RefusedRequest as refusal:
                return refusal.answer()

        person = self._office.books.person_by_certificate("01", str(fields.get("id_number", "")))
        return await self._board.answer(
            {"infno": "city_standing", "psn_no": person.psn_no if person else ""},
            work,
            instead={
                Fault.REFUSE: RefusedRequest(429, "BUSY", "请稍后再试").answer,
                Fault.GATEWAY_401: RefusedRequest(401, "UNKNOWN_APP", "X-App 未登记").answer,
            },
        )

    def _take(self, fields: dict[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {
            "number": whole(fields, "number", least=1),
            "certno": text(fields, "id_number", 32),
            "stopped": int(switch(fields, "stopped")),
            "reason": text(fields, "reason", 200),
        }
        before = self._db.execute(_BY_NUMBER, (row["number"],)).fetchone()
        if before is not None:
            known = dict(zip(_COLUMNS, before, strict=True))
            if any(known[name] != value for name, value in row.items()):
                raise RefusedRequest(409, "NUMBER_USED", "number 已用于其他内容")
            return _acknowledgement(known)
        (newest,) = self._db.execute(_NEWEST, (row["certno"],)).fetchone()
        row |= {
            "applied": int(row["number"] > newest),
            "at": self._board.clock.now().isoformat(),
        }
        self._db.execute(_INSERT, row)
        return _acknowledgement(row)

    async def _ask(self, request: Request) -> Response:
        try:
            await self._gate.open(request)
            certno = text(request.query_params, "id_number", 32)
        except RefusedRequest as refusal:
            return refusal.answer()
        row = self._db.execute(_IS_STOPPED, (certno,)).fetchone()
        (newest,) = self._db.execute(_NEWEST, (certno,)).fetchone()
        return json_answer({"stopped": bool(row and row[0]), "number": newest or None})

    async def _apps(self, request: Request) -> Response:
        order = await control_message(request)
        app, key = order.get("app"), order.get("key")
        if not isinstance(app, str) or not isinstance(key, str) or not app or not key:
            raise BadControl("app and key: texts are wanted")
        self._db.execute(_REGISTER, (app, key))
        return json_answer({"app": app})

    async def _told(self, _request: Request) -> Response:
        rows = self._db.execute(_ALL).fetchall()
        return json_answer({"standings": [dict(zip(_COLUMNS, row, strict=True)) for row in rows]})


def _acknowledgement(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": row["number"],
        "stopped": bool(row["stopped"]),
        "applied": bool(row["applied"]),
        "at": row["at"],
    }
