"""Who pays what of a visit: the benefit rules, pure. Amounts are integer fen.

Two steps, as the interface has them: :func:`split_lines` when charges are uploaded (messages 2204,
2301) and :func:`settle` when they are settled (2207, 2304, 2102); :func:`refunded` splits what
takes a charge back. Results carry the interface's own field names, so that nobody has to translate
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from counterparts.insurer.amounts import half_up

if TYPE_CHECKING:
    from collections.abc import Sequence

CLASS_A, CLASS_B, CLASS_C = "01", "02", "03"
APPROVED, REJECTED = "1", "2"
_NOTHING = Decimal(0)
_ALL = Decimal(1)
_HUNDRED = Decimal(100)
EMPLOYEE_GROUPS = frozenset({"employee", "retired"})
OUTPATIENT, INPATIENT, CHRONIC = "outpatient", "inpatient", "chronic"
EMERGENCY, PHARMACY = "emergency", "pharmacy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What the insurer's catalogue says of one national code.

    ``chrgitm_lv`` is the class: 01 甲, 02 乙, 03 丙. ``selfpay_prop`` is what the patient bears
    first of a class B item (0 to 1). ``price_cap_fen`` limits the unit price; None is no limit.
    ``lmt_used_flag`` 1 restricts the item to patients whom the hospital approved.
    """

    chrgitm_lv: str
    selfpay_prop: Decimal = _NOTHING
    price_cap_fen: int | None = None
    chrgitm_type: str = "14"
    lmt_used_flag: str = "0"


UNKNOWN_ITEM = Item(chrgitm_lv=CLASS_C)
"""A code that the catalogue does not have: the patient bears all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One uploaded charge. ``pric`` is in yuan."""

    amount_fen: int
    cnt: Decimal
    pric: Decimal
    item: Item
    hosp_appr_flag: str = "0"


@dataclass(frozen=True, slots=True)
class LineSplit:
    """How far a charge lies within the scope of insurance, fen; the four parts are its amount."""

    fulamt_ownpay_amt: int
    overlmt_amt: int
    preselfpay_amt: int
    inscp_scp_amt: int


def split_lines(lines: Sequence[Line]) -> list[LineSplit]:
    """Split the charges of one batch by class, price cap and the share borne first.

    The share borne first is rounded half up on every line; what the rounded lines differ from the
    rounded sum goes to the last line that has such a share, and on to earlier ones if it does not
    fit there.
    """
    over = [0 if _is_own(line) else _over_cap(line) for line in lines]
    exact = [_borne_first(line, excess) for line, excess in zip(lines, over, strict=True)]
    borne = [half_up(share) for share in exact]
    residue = half_up(sum(exact, _NOTHING)) - sum(borne)
    for at in reversed(range(len(lines))):
        if not residue:
            break
        if exact[at]:
            room = lines[at].amount_fen - over[at]
            fitting = min(max(borne[at] + residue, 0), room)
            residue -= fitting - borne[at]
            borne[at] = fitting
    return [
        LineSplit(line.amount_fen, 0, 0, 0)
        if _is_own(line)
        else LineSplit(0, excess, share, line.amount_fen - excess - share)
        for line, excess, share in zip(lines, over, borne, strict=True)
    ]


def _is_own(line: Line) -> bool:
    """Say whether the patient bears the whole line: class C, or the hospital's approval decides."""
    if line.item.chrgitm_lv == CLASS_C:
        return True
    if line.item.lmt_used_flag == "1":
        return line.hosp_appr_flag != APPROVED
    return line.hosp_appr_flag == REJECTED


def _over_cap(line: Line) -> int:
    cap_fen = line.item.price_cap_fen
    if cap_fen is None:
        return 0
    excess = line.pric * _HUNDRED - cap_fen
    return min(line.amount_fen, half_up(excess * line.cnt)) if excess > 0 else 0


def _borne_first(line: Line, over_fen: int) -> Decimal:
    if line.item.chrgitm_lv != CLASS_B or _is_own(line):
        return _NOTHING
    return (line.amount_fen - over_fen) * line.item.selfpay_prop


def refunded(*, charged: LineSplit, before: LineSplit, amount_fen: int) -> LineSplit:
    """Return the split of a line that takes ``amount_fen`` of a charge back; all of it negative.

    ``before`` is what earlier refunds of that charge took of each part (positive). Each part goes
    back in its share of the whole: no part ever more than was charged, and refunds that add up to
    the charge leave nothing of any.
    """
    so_far = sum(_parts(before)) + amount_fen
    whole = sum(_parts(charged))
    # Rounding where the parts end, not the parts themselves, keeps each within what was charged.
    ends = [half_up(Decimal(end) * so_far / whole) for end in accumulate(_parts(charged))]
    parts = [end - begin for begin, end in pairwise([0, *ends])]
    return LineSplit(*(gone - part for gone, part in zip(_parts(before), parts, strict=True)))


def _parts(split: LineSplit) -> tuple[int, int, int, int]:
    return (
        split.fulamt_ownpay_amt,
        split.overlmt_amt,
        split.preselfpay_amt,
        split.inscp_scp_amt,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Shares that rise with an amount: ``steps`` of (from fen, share), and a yearly cap."""

    steps: tuple[tuple[int, Decimal], ...]
    cap_fen: int | None = None

    def paid_on(self, fen: int) -> Decimal:
        """Return what is paid on a yearly amount, before the cap."""
        edges = [*self.steps, (max(fen, self.steps[-1][0]), _NOTHING)]
        return sum(
            (
                (min(fen, above[0]) - begin) * share
                for (begin, share), above in pairwise(edges)
                if fen > begin
            ),
            _NOTHING,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What the policy grants one person for one kind of care at one level of hospital.

    ``cap_fen`` limits what the pooled fund pays in a year (None: no limit), for inpatient care
    alone if ``cap_is_inpatient``; of the base that the cap leaves unpaid the supplementary fund
    pays ``excess_rate``. ``catastrophic`` is the serious-illness insurance on the year's eligible
    amounts borne by the person; employees get it from the supplementary fund.
    ``civil_servant_rate`` and ``aid_rate`` apply in turn to what then is left of the scope.
    ``is_per_stay`` counts the deductible anew for every stay; from the year's second stay on it is
    ``later_stay_share`` of the first.
    """

    group: str
    deductible_fen: int
    rate: Decimal
    care: str = OUTPATIENT
    cap_fen: int | None = None
    cap_is_inpatient: bool = False
    excess_rate: Decimal = _NOTHING
    catastrophic: Bands | None = None
    civil_servant_rate: Decimal = _NOTHING
    aid_rate: Decimal = _NOTHING
    is_per_stay: bool = False
    later_stay_share: Decimal = _ALL

    def deductible_left(self, year: Year) -> int:
        """Return how much of the deductible is still to be borne, fen."""
        whole = self.deductible_fen
        if year.other_stays and self.care == INPATIENT:
            whole = half_up(whole * self.later_stay_share)
        used = year.this_stay_fen if self.is_per_stay else year.deductible_of(self.care)
        return max(0, whole - used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What a person's settlements of one year have used up so far, fen.

    Deductibles are counted for outpatient (with emergency and pharmacy), inpatient and chronic
    care; ``pool_fen`` is what the pooled fund paid for all of it, ``inpatient_pool_fen`` for stays
    alone. ``this_stay_fen`` is the deductible that earlier settlements of the same stay took, and
    ``other_stays`` how many other stays of the year were settled.
    """

    deductible_fen: int = 0
    pool_fen: int = 0
    own_in_scope_fen: int = 0
    catastrophic_fen: int = 0
    inpatient_deductible_fen: int = 0
    chronic_deductible_fen: int = 0
    inpatient_pool_fen: int = 0
    this_stay_fen: int = 0
    other_stays: int = 0

    def deductible_of(self, care: str) -> int:
        """Return the deductible that a kind of care has used up."""
        if care == INPATIENT:
            return self.inpatient_deductible_fen
        return self.chronic_deductible_fen if care == CHRONIC else self.deductible_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The sums of the lines to be settled, fen."""

    medfee_sumamt: int
    fulamt_ownpay_amt: int
    overlmt_selfpay: int
    preselfpay_amt: int
    inscp_scp_amt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Who pays a settlement, fen, by the interface's field names (2207 ``setlinfo``).

    ``medfee_sumamt = fund_pay_sumamt + psn_part_amt + hosp_part_amt`` and
    ``psn_part_amt = acct_pay + psn_cash_pay``; ``fund_pay_sumamt`` is the sum of the funds.
    ``pool_limit`` is the most that the pooled fund could have paid this time, ``own_in_scope``
    what the year's serious-illness count grows by and ``serious`` what that insurance pays (within
    ``hifob_pay`` or ``hifmi_pay``); ``first_acct_pay`` is the part of ``acct_pay`` that came before
    the deductible.
    """

    act_pay_dedc: int
    hifp_pay: int
    pool_prop_selfpay: Decimal
    pool_limit: int
    cvlserv_pay: int
    hifmi_pay: int
    hifob_pay: int
    maf_pay: int
    fund_pay_sumamt: int
    psn_part_amt: int
    acct_pay: int
    psn_cash_pay: int
    own_in_scope: int
    serious: int
    first_acct_pay: int = 0
    hosp_part_amt: int = 0


def settle(
    *, claim: Claim, rule: Rule, year: Year, account_fen: int, first_account_fen: int = 0
) -> Split:
    """Return who pays ``claim``.

    ``account_fen`` is what the personal account may be charged with: its balance, or 0 if it is
    not to be used. ``first_account_fen`` is the same of an account that pays for what is in scope
    before anything else (Shanghai's account of the current year): what it pays counts neither for
    the deductible nor for a fund.
    """
    first = min(first_account_fen, claim.inscp_scp_amt)
    in_scope = claim.inscp_scp_amt - first
    deductible = min(in_scope, rule.deductible_left(year))
    base = in_scope - deductible
    pool_limit = _pool_limit(in_scope, rule, year)
    pooled = min(half_up(base * rule.rate), pool_limit)
    supplement = half_up(_unpaid_base(base, pooled, rule) * rule.excess_rate)
    left = in_scope - pooled - supplement
    serious = _serious_illness(left, rule, year)
    civil = half_up((left - serious) * rule.civil_servant_rate)
    aid = half_up((left - serious - civil) * rule.aid_rate)
    fund = pooled + supplement + serious + civil + aid
    person = claim.medfee_sumamt - fund
    account = first + min(account_fen, person - first)
    is_employee = rule.group in EMPLOYEE_GROUPS
    return Split(
        act_pay_dedc=deductible,
        hifp_pay=pooled,
        pool_prop_selfpay=rule.rate,
        pool_limit=pool_limit,
        cvlserv_pay=civil,
        hifmi_pay=0 if is_employee else serious,
        hifob_pay=supplement + (serious if is_employee else 0),
        maf_pay=aid,
        fund_pay_sumamt=fund,
        psn_part_amt=person,
        acct_pay=account,
        first_acct_pay=first,
        psn_cash_pay=person - account,
        own_in_scope=left if rule.catastrophic else 0,
        serious=serious,
    )


def _pool_limit(in_scope: int, rule: Rule, year: Year) -> int:
    if rule.cap_fen is None:
        return in_scope
    used = year.inpatient_pool_fen if rule.cap_is_inpatient else year.pool_fen
    return min(in_scope, max(0, rule.cap_fen - used))


def _unpaid_base(base: int, pooled: int, rule: Rule) -> int:
    """Return the part of the base that the pooled fund's cap left without any pooled share."""
    if not rule.rate or pooled == half_up(base * rule.rate):
        return 0
    return max(0, base - half_up(pooled / rule.rate))


def _serious_illness(left: int, rule: Rule, year: Year) -> int:
    if rule.catastrophic is None:
        return 0
    bands = rule.catastrophic
    before = half_up(bands.paid_on(year.own_in_scope_fen))
    paid = min(left, half_up(bands.paid_on(year.own_in_scope_fen + left)) - before)
    if bands.cap_fen is None:
        return paid
    return min(paid, max(0, bands.cap_fen - year.catastrophic_fen))
