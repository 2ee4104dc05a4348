"""Catalogues asked page by page: 1304, 1312, 1316, 1318, 1319; the dictionary: 1901.

``updt_time`` gives what has changed since that day; pages count from 1, and the last one is not
full. Beside the rows (``data``) stand ``recordCounts`` and ``pages``. Codes, classes, caps and
shares are those that charges are split by (``catalogue``); a code changed on the switchboard has
changed on the simulator's day. Everything here holds from 2026-01-01 and has no end.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from counterparts.insurer.catalogues import name_of
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import code_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from counterparts.insurer.benefits import Item
    from counterparts.insurer.office import Handler, Message, Office

Row = dict[str, Any]
SINCE = "2026-01-01"
_LARGEST_PAGE = 1000
_LEVELS = ("1", "2", "3")
_GROUPS = ("310", "390")
_ETHNIC_ROWS = 30
_CHANGED = "SELECT national_code, day FROM terms_changed"
_CHANGE = "INSERT INTO terms_changed VALUES (?, ?) ON CONFLICT DO UPDATE SET day = excluded.day"
_FILTERS = (
    *("hilist_code", "insu_admdvs", "med_chrgitm_type", "chrgitm_lv", "lmt_used_flag", "list_type"),
    *("med_use_flag", "matn_used_flag", "hilist_use_type", "lmt_cpnd_type", "vali_flag", "rid"),
    *("hilist_lmtpric_type", "overlmt_dspo_way", "selfpay_prop_psn_type", "selfpay_prop_type"),
    *("med_list_codg", "medins_list_codg", "fixmedins_code", "tabname", "poolarea_no", "ver"),
)
"""Fields of a question that a row must have as they are asked."""


def note_changes(office: Office, codes: Iterable[str], *, day: str) -> None:
    """Remember the day on which the switchboard changed what the insurer pays of codes."""
    office.books.db.executemany(_CHANGE, [(code, day) for code in codes])


def page_of(message: Message, rows: Iterable[Row]) -> dict[str, Any]:
    """Return the page of the rows that a message asks for, in their order.

    Raises RefusedError for a page or a page's size that cannot be.
    """
    asked = message.input["data"]
    number, size = asked["page_num"], asked["page_size"]
    if number < 1 or not 1 <= size <= _LARGEST_PAGE:
        raise RefusedError(f"page_num 从1开始，page_size 不超过{_LARGEST_PAGE}")
    wanted = {name: asked[name] for name in _FILTERS if asked.get(name)}
    found = [row for row in rows if _is_asked_for(row, asked, wanted)]
    return {
        "data": found[(number - 1) * size : number * size],
        "recordCounts": len(found),
        "pages": -(-len(found) // size),
    }


def _is_asked_for(row: Row, asked: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    if row["updt_time"] < asked["updt_time"]:
        return False
    if any(row.get(name) != value for name, value in wanted.items()):
        return False
    day = asked.get("query_date")
    if day and not row["begndate"] <= day <= (row.get("enddate") or day):
        return False
    named = asked.get("hilist_name") or asked.get("medins_list_name") or ""
    return named in row.get("hilist_name", row.get("medins_list_name", named))


def _paged(make: Callable[[Office], Iterator[Row]]) -> Handler:
    def answer(office: Office, message: Message) -> dict[str, Any]:
        return page_of(message, make(office))

    return answer


def _items(office: Office) -> Iterator[tuple[str, Item, Row]]:
    """Give every code with what all rows about it have in common."""
    changed = dict(office.books.db.execute(_CHANGED).fetchall())
    for code, item in sorted(office.catalogue.items()):
        shared = {
            "hilist_code": code,
            "insu_admdvs": office.admdvs,
            "begndate": SINCE,
            "vali_flag": "1",
            "rid": f"R{code}",
            "updt_time": changed.get(code, SINCE),
            "crte_time": SINCE,
            "poolarea_no": office.admdvs,
        }
        yield code, item, shared


def list_type_of(code: str) -> str:
    """Return the kind of catalogue a national code is of: drugs, consumables or services."""
    return {"X": "101", "Z": "101", "C": "301", "T": "102"}.get(code[:1], "201")


def _terms(office: Office) -> Iterator[Row]:
    for code, item, shared in _items(office):
        yield shared | {
            "hilist_name": name_of(code),
            "med_chrgitm_type": item.chrgitm_type,
            "chrgitm_lv": item.chrgitm_lv,
            "lmt_used_flag": item.lmt_used_flag,
            "list_type": list_type_of(code),
            "med_use_flag": "1",
            "matn_used_flag": "1",
            "hilist_use_type": "1",
            "lmt_cpnd_type": "1",
        }


def _caps(office: Office) -> Iterator[Row]:
    for code, item, shared in _items(office):
        for level in _LEVELS if item.price_cap_fen is not None else ():
            yield shared | {
                "rid": f"L{code}{level}",
                "hilist_lmtpric_type": level,
                "overlmt_dspo_way": "1",
                "hilist_pric_uplmt_amt": (item.price_cap_fen or 0) / 100,
            }


def _shares(office: Office) -> Iterator[Row]:
    for code, item, shared in _items(office):
        for group in _GROUPS:
            yield shared | {
                "rid": f"P{code}{group}",
                "selfpay_prop_psn_type": group,
                "selfpay_prop_type": "10",
                # Four decimals as digits: the interface's numbers are JSON numbers.
                "selfpay_prop": int(item.selfpay_prop * 10_000) / 10_000,
            }


def _matches(office: Office) -> Iterator[Row]:
    """Give 1316: here a national code and its insurance code are the same."""
    for code, _, shared in _items(office):
        yield shared | {"med_list_codg": code, "list_type": list_type_of(code)}


def _ethnic(_office: Office) -> Iterator[Row]:
    for at in range(1, _ETHNIC_ROWS + 1):
        yield {
            "med_list_codg": f"XM990100{at:04d}",
            "drug_genname": f"示例民族药{at}",
            "vali_flag": "1",
            "rid": f"E{at:04d}",
            "ver": "v0001",
            **dict.fromkeys(("begndate", "crte_time", "updt_time", "opt_time"), SINCE),
            **dict.fromkeys(("crter_id", "crte_optins_no", "opter_id", "optins_no"), "990100"),
            **dict.fromkeys(("crter_name", "opter_name"), "示例经办"),
        }


def dictionary(_office: Office, message: Message) -> dict[str, Any]:
    """Answer 1901 字典表查询 with the codes of a table.

    Raises RefusedError for a table that there is none of.
    """
    asked = message.input["data"]
    table = code_tables().get(asked["type"])
    if table is None:
        raise RefusedError(f"type 字典类型{asked['type']}不存在")
    rows = [
        {
            "type": asked["type"],
            "label": label[:50],
            "value": value,
            "parentValue": asked["parent_value"],
            "sort": at,
            "valiFlag": "1",
            "createUser": "990100",
            "createDate": SINCE,
            "version": 1,
        }
        for at, (value, label) in enumerate(table.items(), 1)
        if asked["Vali_Flag"] == "1" and date.fromisoformat(asked["date"]).isoformat() >= SINCE
    ]
    return {"list": rows}


ASKING: dict[str, Handler] = {
    "1304": _paged(_ethnic),
    "1312": _paged(_terms),
    "1316": _paged(_matches),
    "1318": _paged(_caps),
    "1319": _paged(_shares),
    "1901": dictionary,
}
