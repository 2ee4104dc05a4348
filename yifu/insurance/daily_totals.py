"""A day's matching where the insurer compares sums only (3201; Shanghai's SL01).

If the sums agree, the insurer has what we have. If not, it tells its transactions of the day with
the answer, and the rows are compared as those of a 3202 result are.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from yifu.insurance import answers, messages
from yifu.insurance.exchanges import Envelope, endpoint_of, exchange
from yifu.insurance.files import StatementLine, UnreadableFile
from yifu.insurance.messages import Totals
from yifu.insurance.regions.loading import region
from yifu.insurance.rules import SplitError, fen

DETAILS: Final = "mxs"
"""The node of 3201's output with the insurer's own rows; no part of the national table."""
_EMPLOYEES, _OUTPATIENT = "310", "11"
_AMOUNTS: Final = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")

Row = tuple[str, bool, int, int, int]
"""`setl_id`, whether a refund, then fee, fund and account in fen; a refund's are negative."""


def fetch(
    institution_id: int,
    ours: Sequence[StatementLine],
    totals: Totals,
    *,
    day: date,
    now: datetime,
) -> list[Row]:
    """Ask whether the day's sums agree and give what the insurer has.

    Must be called outside any transaction. Raises `UnreadableFile` for rows that cannot be
    understood, `UnreadableAnswer`, `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`.
    """
    endpoint = endpoint_of(institution_id)
    area = endpoint.mdtrtarea_admvs
    # Shanghai compares everything at once: insurance and kind of clearing are the table's demand.
    input_ = messages.statement_total(
        insutype=_EMPLOYEES,
        clr_type=_OUTPATIENT,
        setl_optins=area,
        begin=day,
        end=day,
        totals=totals,
    )
    heard = exchange(institution_id, Envelope("3201", f"statement:{day}:totals", input_), now=now)
    output = heard.output_or_raise()
    verdict = answers.read_comparison(output)
    if region(endpoint.region).results(area).get(verdict.stmt_rslt) == "equal":
        return [
            (line.setl_id, line.refund, line.total_fen, line.fund_fen, line.account_fen)
            for line in ours
        ]
    return [_row(place, row) for place, row in enumerate(output.get(DETAILS) or (), start=1)]


def _row(place: int, row: Mapping[str, Any]) -> Row:
    refund = row.get("refd_setl_flag") == "1"
    try:
        total, fund, account = (fen(row.get(name), field=name) for name in _AMOUNTS)
    except SplitError as error:
        raise UnreadableFile(f"row {place}: {error.detail}") from error
    sign = -1 if refund else 1
    return str(row["setl_id"]), refund, sign * abs(total), sign * abs(fund), sign * abs(account)
