"""The insurer's one page: its books in brief, for whoever watches the simulation."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from counterparts.insurer import filing_book
from counterparts.insurer.amounts import yuan_text
from counterparts.insurer.clearing import closed_months
from counterparts.insurer.fields import code_tables
from counterparts.insurer.policies import NAMES
from counterparts.insurer.stays import in_hospital

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterparts.insurer.books import Books
    from counterparts.insurer.records import Settlement

_SHOWN = 50
_STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 2rem; }
th, td { padding: 0.35rem 0.6rem; border-bottom: 1px solid #d0d0d0; text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.note { color: #595959; }
"""


def books_page(books: Books, *, city: str) -> str:
    """Return the page as HTML."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>医保经办机构（模拟）</title><style>{_STYLE}</style></head><body>"
        "<h1>医保经办机构（模拟）</h1>"
        f'<p class="note">待遇政策：{escape(city)}。人员、金额均为虚构。</p>'
        f"{_institutions(books)}{_days(books)}{_inside(books)}{_filings(books)}"
        f"{_latest(books)}{_cleared(books)}</body></html>"
    )


def _institutions(books: Books) -> str:
    levels = code_tables()["hosp_lv"]
    rows = [
        (one.fixmedins_code, one.fixmedins_name, levels[one.hosp_lv])
        for one in books.institutions()
    ]
    return _table("定点医药机构", ("编号", "名称", "等级"), rows, numbers=0)


def _days(books: Books) -> str:
    rows = [
        (day, f"{count:,}", *map(_yuan, amounts)) for day, count, *amounts in books.day_totals()
    ]
    heads = ("日期", "笔数（含负结算）", "医疗费总额", "基金支付", "个人账户", "个人现金")
    return _table("每日结算", heads, rows, numbers=5)


def _inside(books: Books) -> str:
    stays = [books.visit(mdtrt_id) for mdtrt_id in in_hospital(books, psn_no="")]
    rows = [
        (one.mdtrt_id, one.fixmedins_code, one.ipt_otp_no, one.dept_name, one.begntime)
        for one in stays[:_SHOWN]
        if one is not None
    ]
    heads = ("就诊ID", "定点医药机构", "住院号", "科室", "入院时间")
    return _table(f"在院（{len(stays):,}人）", heads, rows, numbers=0)


def _filings(books: Books) -> str:
    kinds = {"2501": "转院", "2503": "慢特病", "2505": "定点", "2507": "意外伤害"}
    rows = [
        (kinds[kind], f"{live:,}", f"{cancelled:,}")
        for kind, live, cancelled in filing_book.counts(books)
    ]
    return _table("备案", ("类型", "有效", "已撤销"), rows, numbers=2)


def _cleared(books: Books) -> str:
    months = closed_months(books)
    return f"<p>已清算：{escape('、'.join(months))}</p>" if months else ""


def _latest(books: Books) -> str:
    rows = [
        (
            row.setl_time,
            row.setl_id,
            _kind(row),
            *map(_yuan, (row.medfee_sumamt, row.fund_pay_sumamt, row.acct_pay, row.psn_cash_pay)),
        )
        for row in books.latest_settlements(_SHOWN)
    ]
    heads = ("结算时间", "结算ID", "类型", "医疗费总额", "基金支付", "个人账户", "个人现金")
    return _table(f"最近{_SHOWN}笔", heads, rows, numbers=4)


def _kind(row: Settlement) -> str:
    care = NAMES[row.care] + ("（中途）" if row.mid_setl_flag == "1" else "")
    return f"{care}负结算" if row.refd_setl_flag == "1" else f"{care}结算"


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{yuan_text(fen)[-2:]}"


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int) -> str:
    """Return a table whose last ``numbers`` columns are figures."""

    def line(cells: Sequence[str], tag: str) -> str:
        first = len(cells) - numbers
        written = (
            f"<{tag}{' class=n' if at >= first else ''}>{escape(cell)}</{tag}>"
            for at, cell in enumerate(cells)
        )
        return f"<tr>{''.join(written)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return (
        f"<h2>{escape(title)}</h2><table><thead>{line(heads, 'th')}</thead>"
        f"<tbody>{body}</tbody></table>"
    )
