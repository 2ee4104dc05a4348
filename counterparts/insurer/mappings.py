"""Mapping of local codes to national ones (目录对照): 3301, 3302, 1317, and the check of 2204.

A local code is mapped to one national code at a time; mapped to the same again it is renewed. With
``mapped_only`` on (``switches``) 2204 refuses a line whose local code is not mapped, on the day of
the fee, to the national code that the line names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer import switches
from counterparts.insurer.catalogue_queries import list_type_of, page_of
from counterparts.insurer.catalogues import name_of
from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from counterparts.insurer.office import Handler, Message, Office

_MOST = 100
_OPTIONAL = ("aprvno", "dosform", "exct_cont", "item_cont", "prcunt", "spec", "pacspec", "memo")
_COLUMNS = (
    "fixmedins_code, medins_list_codg, medins_list_name, list_type, med_list_codg, begndate,"
    " enddate, details, updt_time"
)
_IN_FORCE = (
    "SELECT list_type, med_list_codg, begndate, enddate FROM mappings"
    " WHERE fixmedins_code = ? AND medins_list_codg = ? AND vali_flag = '1'"
)
_ADD = f"INSERT INTO mappings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names from this module
_END = (
    "UPDATE mappings SET vali_flag = '0', updt_time = ?"
    " WHERE fixmedins_code = ? AND medins_list_codg = ? AND vali_flag = '1'"
)
_OWN = (
    f"SELECT seq, vali_flag, {_COLUMNS} FROM mappings"  # noqa: S608 - as above
    " WHERE fixmedins_code = ? ORDER BY seq"
)


def upload(office: Office, message: Message) -> dict[str, Any]:
    """Answer 3301 目录对照上传; all rows or none.

    Raises RefusedError naming the row and what is wrong with it.
    """
    rows = message.input["data"]
    if len(rows) > _MOST:
        raise RefusedError(f"data 每次不超过{_MOST}条")
    for at, row in enumerate(rows, 1):
        if problem := _problem(office, message, row):
            raise RefusedError(f"data[{at}].{problem}")
        owner = message.institution.fixmedins_code, row["fixmedins_hilist_id"]
        details = {name: row[name] for name in _OPTIONAL if row.get(name)}
        values = (
            *(*owner, row["fixmedins_hilist_name"], row["list_type"], row["med_list_codg"]),
            *(row["begndate"], row["enddate"], orjson.dumps(details).decode()),
            message.inf_time[:10],
        )
        office.books.db.execute(_END, (message.inf_time[:10], *owner))
        office.books.db.execute(_ADD, values)
    return {}


def _problem(office: Office, message: Message, row: Mapping[str, Any]) -> str:
    """Return what is wrong with a row of 3301, beginning with the field; nothing if it is right."""
    code, local = row["med_list_codg"], row["fixmedins_hilist_id"]
    if code not in office.catalogue and name_of(code) == code:
        return f"med_list_codg 医疗目录编码{code}不存在"
    if row["list_type"] != list_type_of(code):
        return f"list_type {row['list_type']}与医疗目录编码{code}不符"
    if row["begndate"] > row["enddate"]:
        return "begndate 晚于enddate"
    known = _mapped(office, message.institution.fixmedins_code, local)
    if known is not None and known[1] != code:
        return f"fixmedins_hilist_id {local}已对照{known[1]}，请先撤销"
    return ""


def _mapped(office: Office, fixmedins_code: str, local: str) -> tuple[str, str, str, str] | None:
    row: tuple[str, str, str, str] | None = office.books.db.execute(
        _IN_FORCE, (fixmedins_code, local)
    ).fetchone()
    return row


def take_back(office: Office, message: Message) -> dict[str, Any]:
    """Answer 3302 目录对照撤销.

    Raises RefusedError if there is no such mapping in force.
    """
    row = message.input["data"]
    if row["fixmedins_code"] != message.institution.fixmedins_code:
        raise RefusedError("fixmedins_code 不是本机构")
    local = row["fixmedins_hilist_id"]
    known = _mapped(office, row["fixmedins_code"], local)
    if known is None or known[:2] != (row["list_type"], row["med_list_codg"]):
        raise RefusedError(f"fixmedins_hilist_id {local}无此对照")
    office.books.db.execute(_END, (message.inf_time[:10], row["fixmedins_code"], local))
    return {}


def own(office: Office, message: Message) -> dict[str, Any]:
    """Answer 1317 医药机构目录匹配信息查询 with the institution's own mappings."""
    return page_of(message, _rows(office, message.institution.fixmedins_code))


def _rows(office: Office, fixmedins_code: str) -> Iterator[dict[str, Any]]:
    for seq, flag, *values in office.books.db.execute(_OWN, (fixmedins_code,)):
        owner, local, name, kind, code, begin, end, details, updated = values
        yield {
            **orjson.loads(details),
            "fixmedins_code": owner,
            "medins_list_codg": local,
            "medins_list_name": name,
            "insu_admdvs": office.admdvs,
            "list_type": kind,
            "med_list_codg": code,
            "begndate": begin,
            "enddate": end,
            "vali_flag": flag,
            "rid": f"M{seq}",
            "updt_time": updated,
            "crte_time": updated,
        }


def check_lines(office: Office, message: Message, rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse charges that are not mapped, where this insurer wants them to be.

    Raises RefusedError naming the first line.
    """
    if not switches.mapped_only(office):
        return
    for row in rows:
        known = _mapped(office, message.institution.fixmedins_code, row["medins_list_codg"])
        day = row["fee_ocur_time"][:10]
        if known is None or known[1] != row["med_list_codg"] or not known[2] <= day <= known[3]:
            local = row["medins_list_codg"]
            raise RefusedError(
                f"feedetl_sn {row['feedetl_sn']} medins_list_codg {local}未做目录对照"
            )


CHANGING: dict[str, Handler] = {"3301": upload, "3302": take_back}
ASKING: dict[str, Handler] = {"1317": own}
