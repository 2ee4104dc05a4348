"""Decisions of a settlement: which transitions exist, who pays how, what is posted."""

from dataclasses import dataclass

from yifu.choices import Choice
from yifu.credit.rules import Payer, Standing
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


@dataclass(frozen=True, slots=True)
class Funded:
    """How the personal part is paid: on which account it is owed, and on which lines."""

    method: Method
    account: str
    principal_id: int
    lines: tuple[int, ...] = ()


CENTRE_ACCOUNT = "channel:insurer-centre"
"""Where money lies that the insurer's payment centre took from patients, until it is paid out."""


def choose(*, asked: str, personal_fen: int, payer: Payer | None, person_id: int) -> Funded:
    """Choose how the personal part is paid (P2.3, P2.5, P3.1).

    A credit line only in good standing; a defaulted or unsigned person pays at the window, and
    whoever asks to pay in cash or by a channel does just that. With one code the personal part was
    taken together with the insured one, from the patient's own wallet: nobody owes anything.
    """
    if asked == Method.ONECODE:
        return Funded(Method.ONECODE, CENTRE_ACCOUNT, person_id)
    principal_id = payer.principal_id if payer else person_id
    own = Funded(Method.WINDOW, f"owed:{principal_id}", principal_id)
    if personal_fen == 0:
        return Funded(Method.NONE, own.account, principal_id)
    if asked != "auto":
        method = Method.CASH if asked == "cash" else Method.DEBIT
        return Funded(method, own.account, principal_id)
    if payer is None or payer.standing != Standing.GOOD:
        return own
    if payer.funding == Funding.DEBIT:
        return Funded(Method.DEBIT, own.account, principal_id)
    method = Method.BANK if payer.funding == Funding.BANK else Method.CREDIT
    return Funded(method, payer.account, principal_id, payer.lines)


def on_own_account(funded: Funded) -> Funded:
    """What a line that has too little left comes to: the patient pays first (P2.3)."""
    return Funded(Method.WINDOW, f"owed:{funded.principal_id}", funded.principal_id)


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
