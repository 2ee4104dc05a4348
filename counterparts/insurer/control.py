"""The simulator's own switchboard of the insurer; nothing of it is in the real interface.

Besides the common one (``counterparts.frame``): fault rules match ``infno``, ``psn_no``,
``ipt_otp_no`` (2401's ``ipt_no``; found through ``mdtrt_id`` or 2601's ``omsgid`` too) and ``nth``.
``wrong_sum`` is for what settles, previews or undoes (2101-2103, 2206-2208, 2303-2305) and 5203,
whose answer then has one fen too much in ``fund_pay_sumamt``, and for 2204 and 2301, where it is in
``inscp_scp_amt`` of the first charge; the books stay right. A message with another ``infno`` that
such a rule strikes is answered with 400.

``POST /_control/institutions [{fixmedins_code, fixmedins_name, access_key, secret_key, hosp_lv}]``
    Adds or replaces institutions. ``hosp_lv`` is a code of the table 医院等级 (default 2, 三级甲).
    ``scheme`` says which gateway one comes through (``schemes``; default: the command line's).
``POST /_control/persons [{psn_no, certno, psn_name, gend, brdy, psn_type, insutype, balc_fen, …}]``
    Adds or replaces insured persons; the account balance becomes ``balc_fen``. Optional:
    ``psn_cert_type`` (01), ``naty`` (1), ``psn_insu_stas`` (1), ``cvlserv_flag`` (0),
    ``insuplc_admdvs`` (the pooling area), ``emp_name``, ``psn_idet_types`` (list of codes),
    ``current_fen`` (this year's account where a city keeps two, 0), ``family_payers`` (list of
    ``psn_no`` whose accounts may pay for this one), ``gp_contract`` and ``filed_elsewhere`` (true:
    as if 2505 had filed a general practitioner's contract, or a stay away from home, for good),
    ``chronic`` (list of diseases as if filed by 2503) and ``used`` (list of ``{year,
    deductible_fen, pool_fen, …}``: what the year has used up already, see ``benefits.Year``).
``POST /_control/catalogue [{national_code, class, selfpay_prop, price_cap_fen, chrgitm_type}]``
    Adds or replaces rows of the catalogue, until the process ends; 1312, 1318 and 1319 say that
    they changed on the simulator's day.
``POST /_control/catalogue-versions``: see ``catalogues``. ``/_control/switches``: see ``switches``.
Who may not settle in real time, and who says so: see ``standings``.
``GET /_control/books?date=YYYY-MM-DD&fixmedins_code=``
    The settlements of a day (all days without ``date``) as the books have them, with totals.
    ``DELETE`` empties the books, institutions and persons included.
``GET /_control/persons/{psn_no}?year=``
    A person's account balance and what the year has used up.
``POST /_control/clearing {"month": "yyyy-MM"}``
    Closes a clearing period; the answer, and ``GET``, list those that are closed.
``GET /_control/uploads?fixmedins_code=``
    What an institution has sent besides settlements: audits and their decisions, receipts,
    settlement lists, sums of self-payers. ``DELETE`` forgets all of that, of every institution.
``POST /_control/tamper {"setl_id": "…", "action": "omit"}``, ``{…, "action": "amount",
    "delta_fen": n}`` (on fee and fund), ``{"action": "extra", "fixmedins_code": "…", "setl_time":
    "…", "medfee_fen": n, "fund_fen": n, "acct_fen": n, …}``
    Makes later statements (3201, 3202) differ from the books; the answer names the ``setl_id``.
    ``DELETE`` ends all of it.

A list that has one wrong row is refused whole, with 400 and the reason.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import orjson
from starlette.routing import BaseRoute, Route

from counterparts.frame import BadControl, control_message, json_answer
from counterparts.insurer import auditing, clearing, listing, receipts
from counterparts.insurer.benefits import Year
from counterparts.insurer.books import USES
from counterparts.insurer.catalogue import item_of
from counterparts.insurer.catalogue_queries import note_changes
from counterparts.insurer.fields import code_tables, instant_problem
from counterparts.insurer.furnishing import furnish
from counterparts.insurer.policies import EMPLOYEE_INSURANCE, RESIDENT_INSURANCES
from counterparts.insurer.records import AMOUNTS, LEVELS, Institution, Person
from counterparts.insurer.schemes import SCHEMES, put_schemes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from counterparts.insurer.office import Office
    from counterparts.insurer.records import Settlement

_CODED = ("psn_cert_type", "gend", "naty", "psn_type", "psn_insu_stas", "cvlserv_flag")
_INSURANCES = {EMPLOYEE_INSURANCE, *RESIDENT_INSURANCES}
_UPLOADS = (
    "audit_results",
    "receipt_batches",
    "receipts",
    "settlement_lists",
    "self_paid_lines",
)
_ALL_TIME = ("0000", "9999")


class Control:
    """The switchboard's handlers.

    ``changed`` is called when institutions have changed, ``today`` for the simulator's date.
    """

    def __init__(
        self, office: Office, changed: Callable[[], None], *, today: Callable[[], str]
    ) -> None:
        self._office = office
        self._changed = changed
        self._today = today

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the insurer's part of the switchboard."""
        return [
            Route("/_control/institutions", self._institutions, methods=["POST"]),
            Route("/_control/persons", self._persons, methods=["POST"]),
            Route("/_control/persons/{psn_no}", self._person),
            Route("/_control/catalogue", self._catalogue, methods=["POST"]),
            Route("/_control/books", self._books, methods=["GET", "DELETE"]),
            Route("/_control/clearing", self._clearing, methods=["GET", "POST"]),
            Route("/_control/uploads", self._uploads, methods=["GET", "DELETE"]),
            Route("/_control/tamper", self._tamper, methods=["POST", "DELETE"]),
        ]

    async def _institutions(self, request: Request) -> Response:
        rows = await _rows(request)
        institutions = [_institution(row) for row in rows]
        schemes = [(_text(row, "fixmedins_code"), _scheme(row)) for row in rows]
        try:
            with self._office.books.transaction():
                self._office.books.put_institutions(institutions)
                put_schemes(self._office.books, schemes)
        except sqlite3.IntegrityError as error:
            raise BadControl(str(error)) from error
        self._changed()
        return json_answer({"count": len(institutions)})

    async def _persons(self, request: Request) -> Response:
        rows = await _rows(request)
        books = self._office.books
        persons = [_person(row, area=self._office.admdvs) for row in rows]
        used = [
            (person, *_used(entry))
            for person, row in zip(persons, rows, strict=True)
            for entry in row.get("used", ())
        ]
        try:
            with books.transaction():
                books.put_persons(persons)
                for person, year, amounts in used:
                    books.set_year(person.psn_no, person.insutype, year, amounts)
                for person, row in zip(persons, rows, strict=True):
                    furnish(books, person, row)
        except sqlite3.IntegrityError as error:
            raise BadControl(str(error)) from error
        return json_answer({"count": len(persons)})

    async def _person(self, request: Request) -> Response:
        person = self._office.books.person(request.path_params["psn_no"])
        year = request.query_params.get("year", "")
        if person is None or not year.isdigit():
            raise BadControl("a known psn_no and a year are wanted")
        used = self._office.books.year_of(person.psn_no, person.insutype, int(year))
        held = {name: getattr(person, name) for name in ("psn_no", "balc_fen", "current_fen")}
        return json_answer(held | {name: getattr(used, name) for name in USES})

    async def _clearing(self, request: Request) -> Response:
        books = self._office.books
        if request.method == "POST":
            month = (await control_message(request)).get("month")
            if not isinstance(month, str) or not clearing.MONTH.fullmatch(month):
                raise BadControl("month: yyyy-MM is wanted")
            with books.transaction():
                clearing.close(books, month)
        return json_answer({"closed": clearing.closed_months(books)})

    async def _catalogue(self, request: Request) -> Response:
        rows = await _rows(request)
        try:
            items = {
                _text(row, "national_code"): item_of(
                    {name: str(value) for name, value in row.items() if value is not None}
                )
                for row in rows
            }
        except ValueError as error:
            raise BadControl(str(error)) from error
        self._office.catalogue.update(items)
        note_changes(self._office, items, day=self._today())
        return json_answer({"count": len(items)})

    async def _books(self, request: Request) -> Response:
        if request.method == "DELETE":
            with self._office.books.transaction():
                self._office.books.forget()
            self._changed()
            return json_answer({})
        day = request.query_params.get("date")
        code = request.query_params.get("fixmedins_code")
        span = (f"{day} 00:00:00", f"{day} 23:59:59") if day else _ALL_TIME
        rows = [
            row
            for row in self._office.books.settlements_between(*span)
            if code in (None, "", row.fixmedins_code)
        ]
        visits = {row.mdtrt_id: self._office.books.visit(row.mdtrt_id) for row in rows}
        settlements = [
            _shown(row)
            | {"ipt_otp_no": visit.ipt_otp_no if (visit := visits[row.mdtrt_id]) else ""}
            for row in rows
        ]
        return json_answer({"settlements": settlements, "totals": totals(rows)})

    async def _uploads(self, request: Request) -> Response:
        if request.method == "DELETE":
            with self._office.books.transaction():
                for table in _UPLOADS:
                    self._office.books.db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            return json_answer({})
        code = request.query_params.get("fixmedins_code", "")
        return json_answer(
            {
                "audits": auditing.kept(self._office, code),
                "receipts": receipts.receipt_sums(self._office, code),
                "lists": listing.lists_kept(self._office, code),
                "self_paid": listing.self_paid_sums(self._office, code),
            }
        )

    async def _tamper(self, request: Request) -> Response:
        books = self._office.books
        if request.method == "DELETE":
            books.clear_tampers()
            return json_answer({})
        order = await control_message(request)
        action = order.get("action")
        if action == "extra":
            setl_id, detail = _extra(order, number=books.counted("extras"))
        else:
            setl_id, detail = _text(order, "setl_id"), {"delta_fen": order.get("delta_fen")}
            if books.settlement(setl_id) is None:
                raise BadControl(f"setl_id {setl_id}: no such settlement")
            if action not in {"omit", "amount"}:
                raise BadControl("action: omit, amount or extra")
            if action == "amount":
                _fen(order, "delta_fen")
        books.add_tamper(setl_id, action, orjson.dumps(detail).decode())
        return json_answer({"setl_id": setl_id})


def totals(rows: list[Settlement]) -> dict[str, int]:
    """Return the sums of settlement rows, fen, negative ones included."""
    return {
        "count": len(rows),
        "medfee_fen": sum(row.medfee_sumamt for row in rows),
        "fund_fen": sum(row.fund_pay_sumamt for row in rows),
        "acct_fen": sum(row.acct_pay for row in rows),
        "cash_fen": sum(row.psn_cash_pay for row in rows),
    }


def _shown(row: Settlement) -> dict[str, Any]:
    texts = (
        "setl_id",
        "refd_setl_flag",
        "msgid",
        "medins_setl_id",
        "fixmedins_code",
        "mdtrt_id",
        "psn_no",
        "insutype",
        "setl_time",
        "med_type",
        "clr_type",
        "chrg_bchno",
        "infno",
        "mid_setl_flag",
        "clr_month",
        "pay_loc",
    )
    shown: dict[str, Any] = {name: getattr(row, name) for name in texts}
    return shown | {f"{name}_fen": getattr(row, name) for name in AMOUNTS}


async def _rows(request: Request) -> list[dict[str, Any]]:
    try:
        rows = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise BadControl(f"not JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadControl("a list of objects is wanted")
    return rows


def _text(row: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = row.get(name, default)
    if not isinstance(value, str) or (default is None and not value):
        raise BadControl(f"{name}: a text is wanted in {row}")
    return value


def _fen(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadControl(f"{name}: integer fen are wanted")
    return value


def _scheme(row: Mapping[str, Any]) -> str:
    scheme = _text(row, "scheme", "")
    if scheme and scheme not in SCHEMES:
        raise BadControl(f"scheme: one of {sorted(SCHEMES)}, not {scheme}")
    return scheme


def _institution(row: Mapping[str, Any]) -> Institution:
    level = _text(row, "hosp_lv", "2")
    if level not in LEVELS:
        raise BadControl(f"hosp_lv: one of {sorted(LEVELS)}, not {level}")
    return Institution(
        fixmedins_code=_text(row, "fixmedins_code"),
        fixmedins_name=_text(row, "fixmedins_name"),
        access_key=_text(row, "access_key"),
        secret_key=_text(row, "secret_key"),
        hosp_lv=level,
    )


def _person(row: Mapping[str, Any], *, area: str) -> Person:
    identities = row.get("psn_idet_types", [])
    person = Person(
        psn_no=_text(row, "psn_no"),
        psn_cert_type=_text(row, "psn_cert_type", "01"),
        certno=_text(row, "certno"),
        psn_name=_text(row, "psn_name"),
        gend=_text(row, "gend"),
        naty=_text(row, "naty", "1"),
        brdy=_text(row, "brdy"),
        psn_type=_text(row, "psn_type"),
        insutype=_text(row, "insutype"),
        psn_insu_stas=_text(row, "psn_insu_stas", "1"),
        cvlserv_flag=_text(row, "cvlserv_flag", "0"),
        insuplc_admdvs=_text(row, "insuplc_admdvs", area),
        emp_name=_text(row, "emp_name", ""),
        psn_idet_types=",".join(identities),
        balc_fen=_fen({"balc_fen": 0, **row}, "balc_fen"),
        current_fen=_fen({"current_fen": 0, **row}, "current_fen"),
    )
    tables = code_tables()
    coded = [(name, getattr(person, name)) for name in _CODED]
    for name, code in [*coded, *(("psn_idet_type", identity) for identity in identities)]:
        if code not in tables[name]:
            raise BadControl(f"{name}: no code {code}")
    if person.insutype not in _INSURANCES or instant_problem(f"{person.brdy} 00:00:00"):
        raise BadControl(f"insutype is one of {sorted(_INSURANCES)}, brdy is yyyy-MM-dd")
    return person


def _used(entry: Mapping[str, Any]) -> tuple[int, Year]:
    amounts = {name: _fen(entry, name) for name in USES if name in entry}
    return _fen(entry, "year"), Year(**amounts)


def _extra(order: Mapping[str, Any], *, number: int) -> tuple[str, dict[str, Any]]:
    """Return (setl_id, detail) of a row that no settlement of ours stands behind."""
    if problem := instant_problem(order.get("setl_time")):
        raise BadControl(f"setl_time {problem}")
    row = {
        "refd_setl_flag": _text(order, "refd_setl_flag", "0"),
        "mdtrt_id": _text(order, "mdtrt_id", f"EXTRA{number}"),
        "psn_no": _text(order, "psn_no", f"EXTRA{number}"),
        "msgid": _text(order, "msgid", f"EXTRA{number}"),
        "medfee_fen": _fen(order, "medfee_fen"),
        "fund_fen": _fen(order, "fund_fen"),
        "acct_fen": _fen(order, "acct_fen"),
    }
    detail = {
        "fixmedins_code": _text(order, "fixmedins_code"),
        "setl_time": order["setl_time"],
        "row": row,
    }
    return _text(order, "setl_id", f"EXTRA{number}"), detail
