"""The insurer's page: its books, for whoever watches the simulation."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from counterparts.insurer import views
from counterparts.insurer.clearing import closed_months
from counterparts.insurer.fields import instant_problem
from counterparts.insurer.views import PAGE, VIEWS, Filter, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterparts.insurer.books import Books
    from counterparts.insurer.log import MessageLog

MESSAGES, TABLE = "messages", "table:"
_STYLE = """
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 1.5rem auto;
  max-width: 80rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0; }
nav a, .pages a { padding: .5rem 0; color: #0b5394; }
nav a[aria-current] { color: #1a1a1a; font-weight: 600; text-decoration: none; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1rem 0; }
label { display: grid; }
input, select, button { font: inherit; min-height: 2.75rem; padding: 0 .6rem; max-width: 100%; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid #d0d0d0; text-align: left;
  white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.note { color: #595959; }
"""


def books_page(books: Books, log: MessageLog, *, city: str, asked: Mapping[str, str]) -> str:
    """Return the page as HTML; ``asked`` is the query: ``view, code, day, page``."""
    view = asked.get("view", "")
    tables = views.other_tables(books.db)
    if view not in {*VIEWS, MESSAGES, *(f"{TABLE}{table}" for table in tables)}:
        view = "settlements"
    filter_ = _filter(asked)
    title, rows = _read(books, log, view, filter_)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · 医保经办机构（模拟）</title><style>{_STYLE}</style></head><body>"
        "<h1>医保经办机构（模拟）</h1>"
        f'<p class="note">待遇政策：{escape(city)}。人员、金额均为虚构。{_cleared(books)}</p>'
        f"{_tabs(view, tables, filter_)}{_form(books, view, filter_)}"
        f"<h2>{escape(title)}</h2>{_table(title, rows)}{_pages(view, filter_, rows.total)}"
        "</body></html>"
    )


def _cleared(books: Books) -> str:
    months = closed_months(books)
    return f"已清算：{escape('、'.join(months))}。" if months else ""


def _filter(asked: Mapping[str, str]) -> Filter:
    day, page = asked.get("day", ""), asked.get("page", "1")
    right = not instant_problem(f"{day} 00:00:00")
    number = int(page) if page.isdecimal() and len(page) < 7 else 1  # noqa: PLR2004 - no such page
    return Filter(asked.get("code", ""), day if right else "", max(number, 1))


def _read(books: Books, log: MessageLog, view: str, asked: Filter) -> tuple[str, Rows]:
    if view == MESSAGES:
        return "报文与故障（本次运行）", views.messages(log, asked)
    shown = (
        views.table_view(books.db, view.removeprefix(TABLE))
        if view.startswith(TABLE)
        else VIEWS[view]
    )
    return shown.title, shown.read(books.db, asked)


def _tabs(view: str, tables: Sequence[str], asked: Filter) -> str:
    """Link the views; tables without a view of their own stand folded behind them."""
    named = {name: one.title for name, one in VIEWS.items()} | {MESSAGES: "报文与故障"}
    others = {f"{TABLE}{table}": table for table in tables}
    unfolded = " open" if view in others else ""
    return (
        f'<nav aria-label="账册">{_links(named, view, asked)}</nav>'
        f"<details{unfolded}><summary>其他数据表</summary>"
        f'<nav aria-label="其他数据表">{_links(others, view, asked)}</nav></details>'
    )


def _links(named: Mapping[str, str], view: str, asked: Filter) -> str:
    links = ""
    for name, title in named.items():
        current = ' aria-current="page"' if name == view else ""
        links += f'<a href="{_link(name, asked, 1)}"{current}>{escape(title)}</a>'
    return links


def _link(view: str, asked: Filter, page: int) -> str:
    query = {"view": view, "code": asked.code, "day": asked.day, "page": page}
    return escape("?" + urlencode({name: value for name, value in query.items() if value}))


def _form(books: Books, view: str, asked: Filter) -> str:
    options = "".join(
        f'<option value="{escape(one.fixmedins_code)}"'
        f"{' selected' * (one.fixmedins_code == asked.code)}>{escape(one.fixmedins_name)}</option>"
        for one in books.institutions()
    )
    return (
        f'<form method="get"><input type="hidden" name="view" value="{escape(view)}">'
        f'<label>机构<select name="code"><option value="">全部</option>{options}</select></label>'
        f'<label>日期<input type="date" name="day" value="{escape(asked.day)}"></label>'
        "<button>查看</button></form>"
    )


def _table(title: str, found: Rows) -> str:
    if not found.rows:
        return '<p class="note">没有记录。</p>'

    def line(cells: Sequence[str], tag: str) -> str:
        first = len(cells) - found.figures
        written = (
            f"<{tag}{' class=n' if at >= first else ''}>{escape(cell)}</{tag}>"
            for at, cell in enumerate(cells)
        )
        return f"<tr>{''.join(written)}</tr>"

    body = "".join(line(row, "td") for row in found.rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(title)}"><table>'
        f"<thead>{line(found.heads, 'th')}</thead><tbody>{body}</tbody></table></div>"
    )


def _pages(view: str, asked: Filter, total: int) -> str:
    last = max(1, -(-total // PAGE))
    before = f'<a href="{_link(view, asked, asked.page - 1)}">上一页</a> ' * (asked.page > 1)
    after = f' <a href="{_link(view, asked, asked.page + 1)}">下一页</a>' * (asked.page < last)
    return f'<p class="pages">{before}共 {total:,} 条，第 {asked.page}/{last} 页{after}</p>'
