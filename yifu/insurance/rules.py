"""What the insurer's amounts must satisfy. Pure: no database, network, clock or randomness.

The insurer writes yuan with two decimals; here and everywhere behind this context money is fen.
An answer whose amounts contradict each other is not believed (`SplitError`): the settlement is
refused and reversed rather than booked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from yifu.insurance.codes import FundPayType
from yifu.insurance.traps import CASH, PERSONAL
from yifu.money import to_fen, to_yuan

FUND_FIELDS = (
    "hifp_pay",
    "cvlserv_pay",
    "hifes_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "oth_pay",
    "hifdm_pay",
    "pref_fund_pay",
)
"""The named parts of `fund_pay_sumamt`: pooled fund, civil servants, enterprise supplement,
residents' major illness, employees' large sums, assistance, other, disabled persons, and (5203
only) those given special care."""

ACCOUNT_KINDS = frozenset({FundPayType.PERSONAL_ACCOUNT, FundPayType.FAMILY_ACCOUNT})
"""Rows of `setldetail` that are the person's own account (个人账户, 居民家庭账户金), no fund."""

HOSPITAL_KINDS = frozenset({FundPayType.WAIVED, FundPayType.WAIVED_TOO})
"""Rows of `setldetail` that the hospital bears (医院减免金)."""

Wire = Mapping[str, Any]


class SplitError(ValueError):
    """The insurer's amounts are not money, or contradict each other.

    `code` is stable: `amount` (not whole fen), `negative`, `total`, `expected`, `personal`,
    `funds`, `family_account`, `scope` (visit), `lines`, `line_amount`, `line_scope`.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class FundPart:
    """What one fund pays. `kind` is a `fund_pay_type` code."""

    kind: str
    fen: int


@dataclass(frozen=True, slots=True)
class LineSplit:
    """How the insurer sees one charge (NHSA 2204 `result`), in fen.

    `own_fen` is paid wholly by the patient, `over_fen` lies above the price limit, `presel_fen`
    is the patient's share before the fund is asked, `inscp_fen` the rest, which benefits are
    computed from.
    """

    feedetl_sn: str
    amount_fen: int
    own_fen: int
    over_fen: int
    presel_fen: int
    inscp_fen: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The four parts of `LineSplit` summed over a visit, as 2207 sends them."""

    own_fen: int
    over_fen: int
    presel_fen: int
    inscp_fen: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An identity broken among amounts of the message that the split does not keep."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays a visit, in fen (NHSA 2206, 2207, 2208, 5203 `setlinfo`).

    total = fund + account + cash + hosp, and total = own + over + presel + inscp. `balance_fen`
    is what the personal account holds afterwards. `contradictions` names what was already wrong
    in the message; `check_split` raises for it.
    """

    total_fen: int
    fund_fen: int
    account_fen: int
    cash_fen: int
    hosp_fen: int
    own_fen: int
    over_fen: int
    presel_fen: int
    inscp_fen: int
    deductible_fen: int
    funds: tuple[FundPart, ...]
    balance_fen: int
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def personal_fen(self) -> int:
        """What the patient pays: on credit, by debit or at the window."""
        return self.cash_fen


def yuan(fen: int) -> Decimal:
    """Turn fen into the yuan a message carries, with exactly two decimals."""
    return to_yuan(fen)


def fen(value: object, *, field: str) -> int:
    """Turn an amount of a message (int, float, str or Decimal, in yuan) into fen.

    A float counts as the shortest decimal that reads back as it, which is what was on the wire.
    Raises `SplitError("amount")`, naming `field`, when it is missing, not a number, not finite or
    finer than a fen.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise SplitError("amount", f"{field} is not a number")
    if isinstance(value, str) and not (value.isascii() and "_" not in value):
        raise SplitError("amount", f"{field} is not a number")
    try:
        return to_fen(repr(value) if isinstance(value, float) else Decimal(value))
    except (ValueError, InvalidOperation):
        raise SplitError("amount", f"{field} is not a whole number of fen") from None


def fen_or_zero(value: object, *, field: str) -> int:
    """Do as `fen`, for an optional amount: what is absent or empty is 0 (NHSA format rules)."""
    return 0 if value is None or value == "" else fen(value, field=field)


def parse_split(setlinfo: Wire, setldetail: Iterable[Wire]) -> Split:
    """Read the amounts of a settlement in any of the three spellings the interface has (`traps`).

    5203 leaves out the hospital's part, which is then what is missing from the total. Raises
    `SplitError("amount")` for what is not money; contradictions are kept for `check_split`, so that
    a wrong settlement can still be named and reversed.
    """
    total = fen(setlinfo.get("medfee_sumamt"), field="medfee_sumamt")
    fund = fen(setlinfo.get("fund_pay_sumamt"), field="fund_pay_sumamt")
    account = fen(setlinfo.get("acct_pay"), field="acct_pay")
    cash = _first(setlinfo, *CASH)
    part = _first(setlinfo, *PERSONAL)
    hosp = setlinfo.get("hosp_part_amt")
    funds, wrong = _funds(setlinfo, setldetail, fund, sign=-1 if total < 0 else 1)
    if part != account + cash:
        wrong.append(Contradiction("personal", f"{part} is not {account} + {cash}"))
    family = fen_or_zero(setlinfo.get("acct_mulaid_pay"), field="acct_mulaid_pay")
    if not min(account, 0) <= family <= max(account, 0):
        wrong.append(Contradiction("family_account", f"{family} of {account}"))
    return Split(
        total_fen=total,
        fund_fen=fund,
        account_fen=account,
        cash_fen=cash,
        hosp_fen=total - fund - part if hosp is None else fen(hosp, field="hosp_part_amt"),
        own_fen=fen(setlinfo.get("fulamt_ownpay_amt"), field="fulamt_ownpay_amt"),
        over_fen=fen(setlinfo.get("overlmt_selfpay"), field="overlmt_selfpay"),
        presel_fen=fen(setlinfo.get("preselfpay_amt"), field="preselfpay_amt"),
        inscp_fen=fen(setlinfo.get("inscp_scp_amt"), field="inscp_scp_amt"),
        deductible_fen=fen_or_zero(setlinfo.get("act_pay_dedc"), field="act_pay_dedc"),
        funds=funds,
        balance_fen=fen_or_zero(setlinfo.get("balc"), field="balc"),
        contradictions=tuple(wrong),
    )


def _first(setlinfo: Wire, *names: str) -> int:
    name = next((name for name in names if name in setlinfo), names[0])
    return fen(setlinfo.get(name), field=name)


def _funds(
    setlinfo: Wire,
    setldetail: Iterable[Wire],
    fund_fen: int,
    *,
    sign: int,
) -> tuple[tuple[FundPart, ...], list[Contradiction]]:
    """Give the funds that pay, and what is wrong with the named parts of the sum.

    Where the insurer sends no rows, the named parts stand for them, under their field names.
    """
    named = [FundPart(name, fen_or_zero(setlinfo.get(name), field=name)) for name in FUND_FIELDS]
    sum_fen = sum(part.fen for part in named)
    # A reversal may be written negative throughout; a part may not have a sign of its own.
    wrong = [Contradiction("negative", part.kind) for part in named if part.fen * sign < 0]
    # 5203 does not name the disabled persons' fund: there, and only there, it is the rest.
    rest_fen = fund_fen - sum_fen
    if rest_fen and ("hifdm_pay" in setlinfo or rest_fen < 0):
        wrong.append(Contradiction("funds", f"named parts {sum_fen}, sum {fund_fen}"))
    rows = [
        FundPart(str(row.get("fund_pay_type")), fen(row.get("fund_payamt"), field="fund_payamt"))
        for row in setldetail
    ]
    if not rows:
        rows = [*named, FundPart("hifdm_pay", rest_fen if "hifdm_pay" not in setlinfo else 0)]
    own = ACCOUNT_KINDS | HOSPITAL_KINDS
    return tuple(part for part in rows if part.fen and part.kind not in own), wrong


def check_split(split: Split, *, expected_total_fen: int) -> None:
    """Check every identity of the insurer's amounts (NHSA 2207).

    Raises `SplitError` with the code of the first that does not hold: `expected` (the total is
    not what we claimed), `negative`, `personal`, `family_account`, `funds`, `total`, `scope`.
    """
    if split.total_fen != expected_total_fen:
        raise SplitError("expected", f"total {split.total_fen}, claimed {expected_total_fen}")
    for wrong in split.contradictions:
        raise SplitError(wrong.code, wrong.detail)
    for name, amount_fen in _parts(split):
        if amount_fen < 0:
            raise SplitError("negative", f"{name} {amount_fen}")
    paid = split.fund_fen + split.account_fen + split.cash_fen + split.hosp_fen
    if paid != split.total_fen:
        raise SplitError("total", f"parts {paid}, total {split.total_fen}")
    funds = sum(part.fen for part in split.funds)
    if funds != split.fund_fen:
        raise SplitError("funds", f"funds {funds}, sum {split.fund_fen}")
    scope = split.own_fen + split.over_fen + split.presel_fen + split.inscp_fen
    if scope != split.total_fen:
        raise SplitError("scope", f"own, over, presel, inscp {scope}, total {split.total_fen}")


def _parts(split: Split) -> list[tuple[str, int]]:
    named = [
        ("total", split.total_fen),
        ("fund", split.fund_fen),
        ("account", split.account_fen),
        ("cash", split.cash_fen),
        ("hosp", split.hosp_fen),
        ("own", split.own_fen),
        ("over", split.over_fen),
        ("presel", split.presel_fen),
        ("inscp", split.inscp_fen),
        ("deductible", split.deductible_fen),
    ]
    return named + [(part.kind, part.fen) for part in split.funds]


def check_lines(lines: Sequence[LineSplit], sent: Mapping[str, int]) -> None:
    """Check the insurer's view of the charges against what we sent (NHSA 2204).

    `sent` gives the amount in fen of every `feedetl_sn`. Raises `SplitError` with `lines` (one is
    missing, unknown or twice), `line_amount`, `negative` (a part has another sign than its line)
    or `line_scope` (the four parts do not add up to the line).
    """
    answered = [line.feedetl_sn for line in lines]
    if len(answered) != len(sent) or set(answered) != sent.keys():
        raise SplitError("lines", f"{len(answered)} answered, {len(sent)} sent, or not the same")
    for line in lines:
        place = f"line {line.feedetl_sn}"
        if line.amount_fen != sent[line.feedetl_sn]:
            raise SplitError("line_amount", f"{place}: {line.amount_fen}")
        parts = line.own_fen, line.over_fen, line.presel_fen, line.inscp_fen
        if (min(parts) if line.amount_fen >= 0 else -max(parts)) < 0:
            raise SplitError("negative", place)
        if line.own_fen + line.over_fen + line.presel_fen + line.inscp_fen != line.amount_fen:
            raise SplitError("line_scope", f"{place}: parts are not {line.amount_fen}")


def sum_lines(lines: Iterable[LineSplit]) -> Scope:
    """Add the lines' parts up to what 2207 has to state."""
    own = over = presel = inscp = 0
    for line in lines:
        own += line.own_fen
        over += line.over_fen
        presel += line.presel_fen
        inscp += line.inscp_fen
    return Scope(own_fen=own, over_fen=over, presel_fen=presel, inscp_fen=inscp)


STOPPED = "SX01"
"""The insurer's code for somebody whose real-time settlement is stopped for not paying (P4.4).

Certainty D: no insurer has published how it says so.
"""


def is_stopped(refusal: str) -> bool:
    """Tell whether a refusal says that the patient may not settle in real time (P4.4)."""
    return STOPPED in refusal
