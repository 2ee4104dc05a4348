"""What the page shows: each view is a title, heads, and the statement that finds its rows.

A view's statement knows ``:code`` and ``:day`` (empty: all) and is paged by the page. Tables that
no view shows are shown as they are, without what is secret or binary, so that whatever is added to
the books can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import yuan_text
from counterparts.insurer.fields import code_tables, names
from counterparts.insurer.policies import NAMES

if TYPE_CHECKING:
    import sqlite3

    from counterparts.insurer.log import MessageLog

PAGE = 50
Cells = Sequence[str]
Show = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for: an institution's code, a day (yyyy-MM-dd), which page of it."""

    code: str = ""
    day: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a view, of how many; ``figures`` are the columns, from the right, of numbers."""

    heads: Cells
    rows: list[Cells]
    total: int
    figures: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A view of the books; ``shows`` write the columns that are no plain text."""

    title: str
    heads: Cells
    statement: str
    figures: int = 0
    shows: Sequence[Show] = ()
    tables: tuple[str, ...] = ()

    def read(self, db: sqlite3.Connection, asked: Filter) -> Rows:
        """Return a page of the view."""
        values = {"code": asked.code, "day": asked.day}
        counting = f"SELECT count(*) FROM ({self.statement})"  # noqa: S608 - of this module
        total = db.execute(counting, values).fetchone()[0]
        paged = f"{self.statement} LIMIT {PAGE} OFFSET {(asked.page - 1) * PAGE}"
        rows = [self._cells(row) for row in db.execute(paged, values)]
        return Rows(self.heads, rows, total, self.figures)

    def _cells(self, row: Sequence[Any]) -> Cells:
        plain = len(row) - len(self.shows)
        return [
            *map(str, row[:plain]),
            *(show(v) for show, v in zip(self.shows, row[plain:], strict=True)),
        ]


def yuan(fen: int) -> str:
    """Write an amount for people."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{yuan_text(fen)[-2:]}"


def coded(table: str) -> Show:
    """Return what writes a code as its label."""

    def show(code: object) -> str:
        return code_tables().get(table, {}).get(str(code), str(code))

    return show


def _count(value: int) -> str:
    return f"{value:,}"


def _settled(kind: str) -> str:
    """Write `care,remark` of a settlement, e.g. 住院（中途）结算."""
    care, _, rest = kind.partition(",")
    return f"{NAMES.get(care, care)}{rest}"


def _filing(infno: str) -> str:
    return names().get(infno, infno)


_AMOUNT_HEADS = ("医疗费总额", "基金支付", "个人账户", "个人现金")
_FOUR_YUAN: tuple[Show, ...] = (yuan,) * 4
_OF = "(:code = '' OR fixmedins_code = :code)"

VIEWS: dict[str, View] = {
    "institutions": View(
        "定点医药机构",
        ("编号", "名称", "等级"),
        "SELECT fixmedins_code, fixmedins_name, hosp_lv FROM institutions"
        " WHERE (:code = '' OR fixmedins_code = :code) AND :day = :day ORDER BY 1",
        shows=(coded("hosp_lv"),),
        tables=("institutions",),
    ),
    "persons": View(
        "参保人",
        (
            "人员编号",
            "姓名",
            "参保地",
            "险种",
            "人员类别",
            "状态",
            "账户余额",
            "本年起付线",
            "本年统筹",
            "本年大额",
        ),
        "SELECT person.psn_no, psn_name, insuplc_admdvs, person.insutype, psn_type, psn_insu_stas,"
        " balc_fen, coalesce(used.deductible_fen, 0), coalesce(used.pool_fen, 0),"
        " coalesce(used.catastrophic_fen, 0) FROM persons person"
        " LEFT JOIN accumulators used ON used.psn_no = person.psn_no"
        " AND used.insutype = person.insutype AND used.year = (SELECT max(year) FROM accumulators"
        " latest WHERE latest.psn_no = person.psn_no AND (:day = '' OR year <= substr(:day, 1, 4)))"
        " WHERE :code = '' OR EXISTS (SELECT 1 FROM visits"
        " WHERE visits.psn_no = person.psn_no AND visits.fixmedins_code = :code)"
        " ORDER BY person.psn_no",
        figures=4,
        shows=(
            coded("insutype"),
            coded("psn_type"),
            coded("psn_insu_stas"),
            yuan,
            yuan,
            yuan,
            yuan,
        ),
        tables=("persons", "accumulators"),
    ),
    "standings": View(
        "暂停实时结算",
        ("时间", "序号", "人员编号", "姓名", "原因", "状态"),
        "SELECT told.at, told.number, coalesce(psn_no, '—'), coalesce(psn_name, '未参保'), reason,"
        " CASE WHEN applied = 0 THEN '过期，未采用' WHEN stopped = 1 THEN '暂停' ELSE '恢复' END"
        " FROM standings told LEFT JOIN persons ON psn_cert_type = '01' AND"
        " persons.certno = told.certno WHERE :code = :code"
        " AND (:day = '' OR substr(told.at, 1, 10) = :day) ORDER BY told.seq DESC",
        tables=("standings",),
    ),
    "visits": View(
        "就诊",
        ("开始", "机构", "门诊/住院号", "就诊ID", "人员编号", "科室", "状态", "医疗类别"),
        "SELECT begntime, fixmedins_code, ipt_otp_no, mdtrt_id, psn_no, dept_name,"
        " CASE cancelled WHEN 0 THEN '有效' ELSE '已撤销' END, med_type FROM visits"
        " WHERE (:code = '' OR fixmedins_code = :code)"
        " AND (:day = '' OR substr(begntime, 1, 10) = :day) ORDER BY seq DESC",
        shows=(coded("med_type"),),
        tables=("visits", "diagnoses", "fee_lines"),
    ),
    "inside": View(
        "在院",
        ("入院时间", "机构", "住院号", "就诊ID", "人员编号", "科室"),
        "SELECT begntime, fixmedins_code, ipt_otp_no, mdtrt_id, psn_no, dept_name FROM visits"
        " JOIN stays USING (mdtrt_id) WHERE kind = 'inpatient' AND cancelled = 0 AND endtime = ''"
        " AND (:code = '' OR fixmedins_code = :code)"
        " AND (:day = '' OR substr(begntime, 1, 10) <= :day) ORDER BY begntime DESC",
        tables=("stays",),
    ),
    "filings": View(
        "备案",
        ("类型", "有效", "已撤销"),
        "SELECT kind, count(*) FILTER (WHERE cancelled = 0), count(*) FILTER (WHERE cancelled = 1)"
        " FROM filings WHERE :code = :code AND :day = :day GROUP BY kind ORDER BY kind",
        figures=2,
        shows=(_filing, _count, _count),
    ),
    "settlements": View(
        "结算（含负结算）",
        ("结算时间", "机构", "结算ID", "人员编号", "类型", *_AMOUNT_HEADS),
        "SELECT setl_time, fixmedins_code, setl_id, psn_no,"
        " care || CASE mid_setl_flag WHEN '1' THEN ',（中途）' ELSE ',' END"
        " || CASE refd_setl_flag WHEN '1' THEN '负结算' ELSE '结算' END, medfee_sumamt,"
        " fund_pay_sumamt, acct_pay, psn_cash_pay FROM settlements"
        " WHERE (:code = '' OR fixmedins_code = :code)"
        " AND (:day = '' OR substr(setl_time, 1, 10) = :day) ORDER BY seq DESC",
        figures=4,
        shows=(_settled, *_FOUR_YUAN),
        tables=("settlements",),
    ),
    "clearing": View(
        "清算：按日与类别",
        ("清算期", "日期", "机构", "清算类别", "笔数", *_AMOUNT_HEADS),
        "SELECT substr(setl_time, 1, 7), substr(setl_time, 1, 10) AS day, fixmedins_code, clr_type,"
        " count(*), sum(medfee_sumamt), sum(fund_pay_sumamt),"
        " sum(acct_pay), sum(psn_cash_pay) FROM settlements"
        " WHERE (:code = '' OR fixmedins_code = :code)"
        " AND (:day = '' OR substr(setl_time, 1, 10) = :day)"
        " GROUP BY day, fixmedins_code, clr_type ORDER BY day DESC, fixmedins_code, clr_type",
        figures=5,
        shows=(coded("clr_type"), _count, *_FOUR_YUAN),
    ),
    "kept": View(
        "上传留存",
        ("时间", "机构", "种类", "编号", "人员编号", "交易"),
        "SELECT at, fixmedins_code, family, key, psn_no, infno FROM kept"
        " WHERE (:code = '' OR fixmedins_code = :code)"
        " AND (:day = '' OR substr(at, 1, 10) = :day) ORDER BY seq DESC",
        tables=("kept",),
    ),
}
_NOT_SHOWN = {"signins", "counters", "messages"}
_SECRET = ("secret", "access_key", "password", "fingerprint", "token")


def other_tables(db: sqlite3.Connection) -> list[str]:
    """Return the tables that no view shows."""
    shown = {table for view in VIEWS.values() for table in view.tables} | _NOT_SHOWN
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    return sorted(name for (name,) in db.execute(named) if name not in shown)


def table_view(db: sqlite3.Connection, table: str) -> View:
    """Return a view of a table as it is, the latest rows first; of what is binary only the size."""
    columns = db.execute(f"PRAGMA table_info({table})").fetchall()
    by_type = [(name, kind) for _, name, kind, *_ in columns if not _is_secret(name)]
    names_ = [name for name, _ in by_type]
    chosen = [f"length({name})" if kind == "BLOB" else name for name, kind in by_type]
    of = _OF if "fixmedins_code" in names_ else ":code = :code"
    order = "seq" if "seq" in names_ else "1"
    listed = ", ".join(chosen)
    where = f"{of} AND :day = :day ORDER BY {order} DESC"
    statement = f"SELECT {listed} FROM {table} WHERE {where}"  # noqa: S608 - names of the schema
    return View(table, names_, statement)


def _is_secret(name: str) -> bool:
    return any(part in name for part in _SECRET)


def messages(log: MessageLog, asked: Filter) -> Rows:
    """Return the latest messages with the faults that struck them."""
    found = [
        entry
        for entry in reversed(log.entries)
        if asked.code in ("", entry.fixmedins_code) and asked.day in ("", _moment(entry.at_ms)[:10])
    ]
    start = (asked.page - 1) * PAGE
    rows = [
        (
            _moment(one.at_ms),
            one.fixmedins_code,
            f"{one.infno} {names().get(one.infno, '')}",
            one.msgid,
            one.outcome,
            one.fault or "—",
        )
        for one in found[start : start + PAGE]
    ]
    heads = ("到达（实时）", "机构", "交易", "报文ID", "应答", "故障")
    return Rows(heads, list(rows), len(found))


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().isoformat(" ", "seconds")[:19]
