"""What we take out of the payment centre's answers and notices, as plain values; amounts in fen.

The centre passes on what the insurer itself answered (`extData`, as an object or as its text): the
lines of 2204 with 6201, the settlement of 2207 with 6202, 6301, 6204 and 6302. Where an area passes
nothing on, the centre's four amounts are all there is, and they must add up alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from yifu.insurance import answers
from yifu.insurance.answers import Settled, UnreadableAnswer
from yifu.insurance.fields import CHINA, codes, read_time
from yifu.insurance.mobile.messages import Scanned
from yifu.insurance.mobile.rules import REVERSAL_RIGHT
from yifu.insurance.rules import FundPart, LineSplit, Split, SplitError, check_split, fen

Output = Mapping[str, Any]

_COMPACT_TIME = 14


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An order that 6201 opened. `lines` is empty where the area passes none on."""

    pay_ord_id: str
    pay_token: str = field(repr=False)
    mdtrt_id: str
    lines: tuple[LineSplit, ...]


@dataclass(frozen=True, slots=True)
class Paid:
    """An order as 6202, 6301 or a notice describes it; `core` is the insurer's own settlement.

    `traced_at` is when it was paid, None where nobody says.
    """

    pay_ord_id: str
    ord_stas: str
    fee_fen: int
    own_fen: int
    account_fen: int
    fund_fen: int
    core: Settled | None
    revs_token: str = field(default="", repr=False)
    traced_at: datetime | None = None
    setl_id: str = ""

    @property
    def reversible_until(self) -> datetime | None:
        """Say until when `revs_token` is a right."""
        return self.traced_at + REVERSAL_RIGHT if self.traced_at and self.revs_token else None


def read_scanned(output: Output) -> Scanned:
    """Take out of 6101 who showed the code. Raises `UnreadableAnswer`."""
    row = _one(output, "OutData")
    return Scanned(
        name=_text(row, "userName"),
        certno=_text(row, "idNo"),
        cert_type=_text(row, "idType"),
        ec_token=_text(row, "ecToken"),
        auth_no=str(row.get("authNo") or ""),
        area=_text(row, "insuOrg"),
    )


def read_uploaded(output: Output) -> Uploaded:
    """Take the order out of 6201. Raises `UnreadableAnswer`, `SplitError`."""
    row = _one(output, "data")
    passed_on = _passed_on(row)
    return Uploaded(
        pay_ord_id=_text(row, "payOrdId"),
        pay_token=_text(row, "payToken"),
        mdtrt_id=str(passed_on.get("mdtrtId") or passed_on.get("mdtrt_id") or ""),
        lines=answers.read_lines(passed_on),
    )


def read_paid(output: Output, *, ord_stas: str = "") -> Paid:
    """Take an order's state and amounts out of 6202, 6301, 6204 or 6302.

    A notice has no state of its own: `ord_stas` says what it means. Raises `UnreadableAnswer`, and
    `SplitError` for what is not money.
    """
    row = _one(output, "data")
    state = str(row.get("ordStas", ord_stas))
    if state not in codes()["ordStas"]:
        raise UnreadableAnswer("ordStas")
    passed_on = _passed_on(row)
    cash = "ownPayAmt" if "ownPayAmt" in row else "ownpayAmt"  # 6302 spells it so
    return Paid(
        pay_ord_id=_text(row, "payOrdId"),
        ord_stas=state,
        fee_fen=fen(row.get("feeSumamt"), field="feeSumamt"),
        own_fen=fen(row.get(cash), field=cash),
        account_fen=fen(row.get("psnAcctPay"), field="psnAcctPay"),
        fund_fen=fen(row.get("fundPay"), field="fundPay"),
        core=answers.read_settled(passed_on) if "setlinfo" in passed_on else None,
        revs_token=str(row.get("revsToken") or ""),
        traced_at=_time(row.get("traceTime")),
        setl_id=str(row.get("hiDocSn") or ""),
    )


def read_refunded(output: Output) -> str:
    """Take `refStatus` out of 6203: SUCC, FAIL or EXP. Raises `UnreadableAnswer`."""
    status = _text(_one(output, "data"), "refStatus")
    if status not in {"SUCC", "FAIL", "EXP"}:
        raise UnreadableAnswer("refStatus")
    return status


def settled(paid: Paid, *, expected_total_fen: int, now: datetime, msgid: str) -> Settled:
    """Give what a paid order comes to, checked to the fen.

    Raises `SplitError` when the centre's amounts contradict each other, the insurer's settlement,
    or what we asked to be settled.
    """
    core = paid.core or _by_amounts(paid, now=now, msgid=msgid)
    check_split(core.split, expected_total_fen=expected_total_fen)
    split = core.split
    pairs = (
        ("fee", paid.fee_fen, split.total_fen),
        ("fund", paid.fund_fen, split.fund_fen),
        ("account", paid.account_fen, split.account_fen),
        ("own", paid.own_fen, split.cash_fen),
    )
    for name, theirs, ours in pairs:
        if theirs != ours:
            raise SplitError("centre", f"{name} {theirs}, the insurer's {ours}")
    return core


def _by_amounts(paid: Paid, *, now: datetime, msgid: str) -> Settled:
    """Make a settlement of the centre's four amounts; how the charges were seen stays unsaid."""
    split = Split(
        total_fen=paid.fee_fen,
        fund_fen=paid.fund_fen,
        account_fen=paid.account_fen,
        cash_fen=paid.own_fen,
        hosp_fen=0,
        own_fen=0,
        over_fen=0,
        presel_fen=0,
        inscp_fen=paid.fee_fen,
        deductible_fen=0,
        funds=(FundPart("", paid.fund_fen),),
        balance_fen=0,
    )
    at = paid.traced_at or now
    return Settled(paid.setl_id, split, at, msgid)


def _one(output: Output, node: str) -> Mapping[str, Any]:
    row = output.get(node)
    if isinstance(row, list) and len(row) == 1:
        row = row[0]
    if not isinstance(row, dict):
        raise UnreadableAnswer(node)
    return row


def _text(row: Mapping[str, Any], name: str) -> str:
    if row.get(name) in (None, ""):
        raise UnreadableAnswer(name)
    return str(row[name])


def _passed_on(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give `extData` as an object; text that is none says nothing."""
    passed_on = row.get("extData")
    if isinstance(passed_on, str):
        try:
            passed_on = json.loads(passed_on, parse_float=Decimal)
        except (ValueError, RecursionError):
            return {}
    return passed_on if isinstance(passed_on, dict) else {}


def _time(value: object) -> datetime | None:
    """Read a time in either of the two forms that are met; anything else is none."""
    text = str(value or "")
    try:
        if len(text) == _COMPACT_TIME and text.isascii() and text.isdigit():
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
        return read_time(text)
    except ValueError:
        return None
