"""The platform's page: who is listed and what was asked, for whoever watches the simulation."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterparts.credit.books import Books

_MOST = 50
_SHOWN_OF_NUMBER = 4
_LISTED = ("姓名", "证件号码", "认定机构", "原因", "自", "收到", "序号", "金额")
_ASKED = ("姓名", "证件号码", "评分编号", "有效期至", "查询", "评分")
_STYLE = """
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 1.5rem auto;
  max-width: 80rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid #d0d0d0; text-align: left;
  white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.note { color: #595959; }
"""


def books_page(books: Books) -> str:
    """Return the page as HTML."""
    listed, asked = books.counts()
    listings = (
        (
            row["name"],
            masked(row["id_number"]),
            row["institution"],
            row["reason"],
            row["since"],
            row["at"][:19],
            f"{row['number']}",
            f"¥{row['amount_fen'] // 100:,}.{row['amount_fen'] % 100:02d}",
        )
        for row in books.listed(limit=_MOST)
    )
    scores = (
        (
            row["name"],
            masked(row["id_number"]),
            row["answer"]["reference"],
            row["answer"]["valid_until"],
            row["at"][:19],
            "无记录" if row["answer"]["score"] is None else f"{row['answer']['score']}",
        )
        for row in books.asked(limit=_MOST)
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>公共信用平台（模拟）</title><style>{_STYLE}</style></head><body>"
        '<h1>公共信用平台（模拟）</h1><p class="note">人员、评分、金额均为虚构。</p>'
        f"<h2>失信名单：{listed:,} 人</h2>{_table('失信名单', _LISTED, listings, figures=2)}"
        f"<h2>信用评分：{asked:,} 次查询</h2>"
        f"{_table('信用评分', _ASKED, scores, figures=1)}"
        "</body></html>"
    )


def masked(id_number: str) -> str:
    """Return a number with its middle hidden."""
    hidden = max(0, len(id_number) - 2 * _SHOWN_OF_NUMBER)
    return id_number[:_SHOWN_OF_NUMBER] + "*" * hidden + id_number[_SHOWN_OF_NUMBER + hidden :]


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, figures: int) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        first = len(cells) - figures
        written = (
            f"<{tag}{' class=n' if at >= first else ''}>{escape(cell)}</{tag}>"
            for at, cell in enumerate(cells)
        )
        return f"<tr>{''.join(written)}</tr>"

    body = "".join(line(row, "td") for row in rows)
    if not body:
        return '<p class="note">没有记录。</p>'
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}"><table>'
        f"<thead>{line(heads, 'th')}</thead><tbody>{body}</tbody></table></div>"
    )
