"""Shanghai's segments: who pays what of a visit, pure. Amounts are integer fen.

This year's account pays first, before the deductible. What it leaves goes through three segments:
自负段, the deductible; 统筹段, shared with the pooled fund; 附加段, above the pooled fund's yearly
cap, shared with the additional fund. In each, the person's share is paid by the accounts of past
years as far as they reach, then in cash. 分类自负 (borne first of class B) and what lies outside
the scope are the person's besides; from ``BESIDES_FROM`` the accounts of past years pay the former.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from counterparts.insurer.amounts import half_up
from counterparts.insurer.benefits import Claim, Rule, Split, Year, settle

if TYPE_CHECKING:
    from decimal import Decimal

BESIDES_FROM = date(2026, 7, 1)
"""When past years' accounts began to pay 分类自负, as the supplement V1.0.6 says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What a person's two accounts hold: of this year, and of the years before."""

    cur_fen: int
    his_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """The amounts of SI11 and SI12 by their own names, fen."""

    totalexpense: int
    curaccountpay: int
    zfdxjzfs: int
    zfdlnzhzfs: int
    tcdzhzfs: int
    tcdxjzfs: int
    tczfs: int
    fjdzhzfs: int
    fjdxjzfs: int
    fjzfs: int
    ybjsfwfyze: int
    fybjsfwfyze: int
    flzflnzhzfs: int
    hisaccountpay: int = 0
    gjzhzfs: int = 0
    zfdgjzhzfs: int = 0
    tcdgjzhzfs: int = 0
    fjdgjzhzfs: int = 0
    flzfgjzhzfs: int = 0
    zflnzhzfs: int = 0
    zfgjzhzfs: int = 0
    jfje: int = 0

    @property
    def his_fen(self) -> int:
        """Return what the accounts of past years pay."""
        return self.zfdlnzhzfs + self.tcdzhzfs + self.fjdzhzfs + self.flzflnzhzfs

    @property
    def cash_fen(self) -> int:
        """Return what the person pays in cash."""
        besides = self.ybjsfwfyze - self.totalexpense - self.flzflnzhzfs + self.fybjsfwfyze
        return besides + self.zfdxjzfs + self.tcdxjzfs + self.fjdxjzfs

    def named(self) -> dict[str, int]:
        """Return the amounts by name."""
        return asdict(self)


def segments(
    *, claim: Claim, rule: Rule, year: Year, accounts: Accounts, day: date
) -> tuple[Segments, Split]:
    """Return the segments of a claim, and the same as the books keep it."""
    scope = claim.inscp_scp_amt
    split = settle(
        claim=claim, rule=rule, year=year, account_fen=0, first_account_fen=accounts.cur_fen
    )
    current = split.first_acct_pay
    shares = _shares(scope - current, split, rule.rate)
    presel = claim.preselfpay_amt
    wanted = (*shares, presel if day >= BESIDES_FROM else 0)
    zfd, tcd, fjd, flzf = _from_past_years(wanted, accounts.his_fen)
    found = Segments(
        totalexpense=scope,
        curaccountpay=current,
        zfdxjzfs=shares[0] - zfd,
        zfdlnzhzfs=zfd,
        tcdzhzfs=tcd,
        tcdxjzfs=shares[1] - tcd,
        tczfs=split.hifp_pay,
        fjdzhzfs=fjd,
        fjdxjzfs=shares[2] - fjd,
        fjzfs=split.fund_pay_sumamt - split.hifp_pay,
        ybjsfwfyze=scope + presel,
        fybjsfwfyze=claim.fulamt_ownpay_amt + claim.overlmt_selfpay,
        flzflnzhzfs=flzf,
    )
    account = current + found.his_fen
    person = claim.medfee_sumamt - split.fund_pay_sumamt
    return found, replace(
        split, psn_part_amt=person, acct_pay=account, psn_cash_pay=person - account
    )


def _shares(scope: int, split: Split, rate: Decimal) -> tuple[int, int, int]:
    """Return the person's share of each segment.

    What other funds pay of it (aid, civil servants) is taken off from the last segment on.
    """
    base = scope - split.act_pay_dedc
    capped = split.hifp_pay != half_up(base * rate)
    pooled_base = min(base, half_up(split.hifp_pay / rate)) if capped else base
    shares = [split.act_pay_dedc, pooled_base - split.hifp_pay, base - pooled_base]
    others = split.fund_pay_sumamt - split.hifp_pay
    for at in (2, 1, 0):
        taken = min(shares[at], others)
        shares[at] -= taken
        others -= taken
    return shares[0], shares[1], shares[2]


def _from_past_years(wanted: tuple[int, ...], his_fen: int) -> list[int]:
    """Return what past years' accounts pay of each share, in order, as far as they reach."""
    paid = []
    for share in wanted:
        part = min(share, his_fen)
        his_fen -= part
        paid.append(part)
    return paid
