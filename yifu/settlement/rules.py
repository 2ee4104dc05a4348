"""Decisions of a settlement: which transitions exist, who pays how, what is posted."""

from dataclasses import dataclass, replace

from yifu.choices import Choice
from yifu.credit.rules import Payer, Standing
from yifu.credit.schemes import Scheme
from yifu.credit.schemes.scheme import Limits
from yifu.ledger.rules import Move
from yifu.patients.rules import Funding


class SettlementState(Choice):
    """No other transitions exist than those of `rules.TRANSITIONS`."""

    CLAIMED = "claimed", "已受理"
    INSURED = "insured", "医保已结"
    AWAITING_PAYMENT = "awaiting_payment", "待付款"
    COMPLETED = "completed", "已完成"
    UNKNOWN = "unknown", "未知"
    REVERSING = "reversing", "撤销中"
    REVERSED = "reversed", "已撤销"
    REJECTED = "rejected", "已拒绝"


class Method(Choice):
    """How the personal part is paid."""

    CREDIT = "credit", "信用付"
    BANK = "bank", "银行信用付"
    DEBIT = "debit", "代扣"
    WINDOW = "window", "窗口/自行付款"
    CASH = "cash", "现金"
    ONECODE = "onecode", "一码付"
    NONE = "none", "无需个人支付"


S = SettlementState

ENDED_STATES = (S.REVERSED, S.REJECTED)
"""A settlement in one of these holds no charges any more."""

TRANSITIONS: frozenset[tuple[SettlementState, SettlementState]] = frozenset(
    {
        (S.CLAIMED, S.INSURED),
        (S.CLAIMED, S.UNKNOWN),
        (S.CLAIMED, S.REJECTED),
        (S.UNKNOWN, S.INSURED),
        (S.UNKNOWN, S.REVERSING),
        (S.UNKNOWN, S.REJECTED),
        (S.INSURED, S.AWAITING_PAYMENT),
        (S.INSURED, S.COMPLETED),
        (S.AWAITING_PAYMENT, S.COMPLETED),
        (S.AWAITING_PAYMENT, S.REVERSING),
        (S.COMPLETED, S.REVERSING),
        (S.REVERSING, S.REVERSED),
        (S.REVERSING, S.COMPLETED),
        (S.REVERSING, S.AWAITING_PAYMENT),
    },
)
"""`domain.md`, and the way back when the insurer refuses a reversal (decision 0006)."""

INSURANCE_STOPPED = "insurance_stopped"
"""The reason of a settlement without the insurer, whose patient it has stopped (P4.4)."""

UNDER_WAY = (S.CLAIMED, S.UNKNOWN, S.INSURED)
"""What a settlement may be in while its answer is worked out."""


class Refusal(Choice):
    """Why a personal part does not go on credit although somebody has signed for it."""

    SUSPENDED = "suspended", "信用付已暂停"
    DEFAULTED = "defaulted", "信用状态失信"
    LINE = "limit_exceeded", "可用额度不足"
    DEPENDANT = "dependant_limit", "超过被代付人限额"
    VISIT = "visit_limit", "超过单次就诊限额"
    DAY = "day_limit", "超过日限额"
    HOLD = "no_hold", "未锁定额度"


EMERGENCY = "emergency"
"""The kind of a visit that may go over limits, as far as the scheme says (P2.3)."""


@dataclass(frozen=True, slots=True)
class Funded:
    """How the personal part is paid: on which account it is owed, and on which lines."""

    method: Method
    account: str
    principal_id: int
    lines: tuple[int, ...] = ()
    hold: str | None = None
    """The key of the hold that it captures."""
    refusal: Refusal | None = None
    """Why it is not on credit."""


@dataclass(frozen=True, slots=True)
class OnCredit:
    """What went on a payer's credit before: in this visit, and on this day by the whole family."""

    visit_fen: int
    day_fen: int


NOTHING_YET = OnCredit(visit_fen=0, day_fen=0)


def limits_anything(limits: Limits) -> bool:
    """Tell whether what went on credit before has to be known."""
    return limits.visit_fen is not None or limits.day_fen is not None


def over_limits(
    limits: Limits, *, personal_fen: int, before: OnCredit, kind: str
) -> tuple[Refusal | None, int]:
    """Tell which limit an amount is over, and by how much; emergencies may be so far over (P2.3).

    Gives no refusal and what is over a limit by policy, or the refusal.
    """
    spare_fen = limits.emergency_over_fen if kind == EMERGENCY else 0
    beyond_fen = 0
    for limit_fen, used_fen, refusal in (
        (limits.visit_fen, before.visit_fen, Refusal.VISIT),
        (limits.day_fen, before.day_fen, Refusal.DAY),
    ):
        over_fen = 0 if limit_fen is None else used_fen + personal_fen - limit_fen
        if over_fen > spare_fen:
            return refusal, over_fen
        beyond_fen = max(beyond_fen, over_fen)
    return None, min(beyond_fen, personal_fen)


CENTRE_ACCOUNT = "channel:insurer-centre"
"""Where money lies that the insurer's payment centre took from patients, until it is paid out."""


def choose(
    *,
    asked: str,
    personal_fen: int,
    payer: Payer | None,
    person_id: int,
    scheme: Scheme,
    kind: str,
) -> Funded:
    """Choose how the personal part is paid (P2.3 to P2.5, P3.1).

    A credit line only in good standing, within the scheme's limits and, where the scheme holds,
    for a visit that something was held for; a defaulted or unsigned person pays at the window, and
    whoever asks to pay in cash or by a channel does just that. With one code the personal part was
    taken together with the insured one, from the patient's own wallet: nobody owes anything.
    """
    if asked == Method.ONECODE:
        return Funded(Method.ONECODE, CENTRE_ACCOUNT, person_id)
    principal_id = payer.principal_id if payer else person_id
    own = Funded(Method.WINDOW, f"owed:{principal_id}", principal_id)
    if personal_fen == 0:
        return replace(own, method=Method.NONE)
    if asked != "auto":
        return replace(own, method=Method.CASH if asked == "cash" else Method.DEBIT)
    if payer is None:
        return own
    refusal = _refusal(payer, scheme, personal_fen=personal_fen, kind=kind)
    if refusal is not None:
        return on_own_account(own, refusal)
    return _as_signed(payer, own)


def _as_signed(payer: Payer, own: Funded) -> Funded:
    if payer.funding == Funding.DEBIT:
        return replace(own, method=Method.DEBIT)
    method = Method.BANK if payer.funding == Funding.BANK else Method.CREDIT
    captures = payer.hold.key if payer.hold and not payer.hold.captured else None
    return Funded(method, payer.account, payer.principal_id, payer.lines, captures)


def _refusal(payer: Payer, scheme: Scheme, *, personal_fen: int, kind: str) -> Refusal | None:
    """Tell why a payer's personal part cannot go on, as far as one settlement alone shows it."""
    if payer.standing != Standing.GOOD:
        return Refusal(payer.standing.value)
    if payer.funding == Funding.DEBIT:
        return None
    if scheme.spending.mode == "hold" and payer.hold is None:
        return Refusal.HOLD
    refusal, _ = over_limits(
        scheme.limits, personal_fen=personal_fen, before=NOTHING_YET, kind=kind
    )
    return refusal


def on_own_account(funded: Funded, refusal: Refusal) -> Funded:
    """What cannot go on credit comes to: the patient pays first, and is told why (P2.3)."""
    owed_on = f"owed:{funded.principal_id}"
    return Funded(Method.WINDOW, owed_on, funded.principal_id, refusal=refusal)


def moves(
    *,
    area: str,
    institution_code: str,
    fund_fen: int,
    account_fen: int,
    personal_fen: int,
    funded: Funded,
) -> list[Move]:
    """Write a settlement's posting: insurer and patient owe, the institution has earned.

    The personal account is paid by the insurer too, so both parts are one receivable.
    """
    revenue = f"revenue:{institution_code}"
    return [
        Move(f"insurer:{area}", revenue, fund_fen + account_fen),
        Move(funded.account, revenue, personal_fen, funded.lines),
    ]


def reversal(
    *,
    area: str,
    institution_code: str,
    insurer_fen: int,
    account: str,
    unpaid_fen: int,
    paid_fen: int,
    lines: tuple[int, ...],
) -> list[Move]:
    """Write what undoes a settlement: the unpaid leaves the line, the paid is owed back."""
    revenue = f"revenue:{institution_code}"
    return [
        Move(revenue, f"insurer:{area}", insurer_fen),
        Move(revenue, account, unpaid_fen, lines),
        Move(revenue, account, paid_fen),
    ]
