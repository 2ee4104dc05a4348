"""Shanghai's segment amounts (自负段, 统筹段, 附加段) as the national split has them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from yifu.insurance.gateway import Nonsense
from yifu.insurance.regions.dialect import Content
from yifu.insurance.rules import fen, fen_or_zero, yuan

_EMPLOYEES: Final = "310"
OWN_ACCOUNTS: Final = (
    *("curaccountpay", "hisaccountpay", "zfdlnzhzfs", "tcdzhzfs", "fjdzhzfs", "qfdzhzfs"),
)
SHARED_ACCOUNTS: Final = ("gjzhzfs", "zfdgjzhzfs", "tcdgjzhzfs", "fjdgjzhzfs", "qfdgjzhzfs")
CASH: Final = ("zfdxjzfs", "tcdxjzfs", "fjdxjzfs", "qfdxjzfs")
FUNDS: Final = ("tczfs", "fjzfs")
OWN_BESIDES: Final = ("flzflnzhzfs", "zflnzhzfs")
SHARED_BESIDES: Final = ("flzfgjzhzfs", "zfgjzhzfs")
DEDUCTIBLE: Final = (
    *("zfdxjzfs", "zfdlnzhzfs", "zfdgjzhzfs", "qfdxjzfs", "qfdzhzfs", "qfdgjzhzfs"),
)
"""自负段 of outpatients, 起付段 of inpatients: what is paid before the pooled fund pays."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The amounts of one transaction (SI11, SI12, SI91) as the national split has them; fen.

    The insurer's identity is that `totalexpense` is the sum of all accounts, cash and funds within
    it; if it is broken, `total_fen` is not what the parts are, and `rules.check_split` says so.
    """

    total_fen: int
    own_fen: int
    presel_fen: int
    inscp_fen: int
    fund_fen: int
    excess_fen: int
    account_fen: int
    shared_fen: int
    cash_fen: int
    deductible_fen: int
    balance_fen: int

    @property
    def adds_up(self) -> bool:
        """Say whether the parts are the whole."""
        return self.total_fen == self.fund_fen + self.account_fen + self.cash_fen

    def negated(self) -> "Segments":
        """Give what undoes it; the balance is what it is."""
        amounts = {name: -getattr(self, name) for name in self.__slots__}
        return Segments(**{**amounts, "balance_fen": self.balance_fen})


def segments(content: Content) -> Segments:
    """Read the segment amounts. Raises `SplitError("amount")` for what is not money.

    Fee = `ybjsfwfyze` (within the scope of settlement) + `fybjsfwfyze` (outside it). Of the first,
    what `totalexpense` leaves out is 分类自负, the patient's share before anything is asked.
    """

    def total(*names: str) -> int:
        return sum(fen_or_zero(content.get(name), field=name) for name in names)

    scope = fen(content.get("ybjsfwfyze"), field="ybjsfwfyze")
    outside = fen(content.get("fybjsfwfyze"), field="fybjsfwfyze")
    expense = fen(content.get("totalexpense"), field="totalexpense")
    besides = total(*OWN_BESIDES, *SHARED_BESIDES)
    shared = total(*SHARED_ACCOUNTS, *SHARED_BESIDES)
    return Segments(
        total_fen=scope + outside,
        own_fen=outside,
        presel_fen=scope - expense,
        inscp_fen=expense,
        fund_fen=total(*FUNDS),
        excess_fen=total("fjzfs"),
        account_fen=total(*OWN_ACCOUNTS, *OWN_BESIDES) + shared,
        shared_fen=shared,
        cash_fen=scope - expense + outside - besides + total(*CASH),
        deductible_fen=total(*DEDUCTIBLE),
        balance_fen=total("curaccountamt", "hisaccountamt"),
    )


def setlinfo(amounts: Segments, *, insutype: str) -> dict[str, Any]:
    """Write the amounts as `setlinfo` has them (NHSA 2207); funds that Shanghai lacks are 0."""
    employee = insutype == _EMPLOYEES
    pooled, excess = yuan(amounts.fund_fen - amounts.excess_fen), yuan(amounts.excess_fen)
    nothing = yuan(0)
    return {
        "medfee_sumamt": yuan(amounts.total_fen),
        "fulamt_ownpay_amt": yuan(amounts.own_fen),
        "overlmt_selfpay": nothing,
        "preselfpay_amt": yuan(amounts.presel_fen),
        "inscp_scp_amt": yuan(amounts.inscp_fen),
        "act_pay_dedc": yuan(amounts.deductible_fen),
        "hifp_pay": pooled,
        "cvlserv_pay": nothing,
        "hifes_pay": nothing,
        "hifmi_pay": nothing if employee else excess,
        "hifob_pay": excess if employee else nothing,
        "maf_pay": nothing,
        "oth_pay": nothing,
        "hifdm_pay": nothing,
        "fund_pay_sumamt": yuan(amounts.fund_fen),
        "psn_part_amt": yuan(amounts.account_fen + amounts.cash_fen),
        "acct_pay": yuan(amounts.account_fen),
        "acct_mulaid_pay": yuan(amounts.shared_fen),
        "psn_cash_pay": yuan(amounts.cash_fen),
        "hosp_part_amt": nothing,
        "balc": yuan(amounts.balance_fen),
    }


def setldetail(amounts: Segments, *, insutype: str) -> list[dict[str, Any]]:
    """Write who paid: the pooled fund, the additional fund (附加), the accounts."""
    employee = insutype == _EMPLOYEES
    pooled, excess = ("310102", "330100") if employee else ("390102", "390200")
    paid = (
        (pooled, amounts.fund_fen - amounts.excess_fen),
        (excess, amounts.excess_fen),
        ("310200", amounts.account_fen),
    )
    scope = yuan(amounts.inscp_fen)
    return [
        {"fund_pay_type": kind, "inscp_scp_amt": scope, "fund_payamt": yuan(fen_)}
        for kind, fen_ in paid
        if fen_
    ]


_BACK: Final = {
    "curaccount": ("curaccountpay",),
    "hisaccount": ("hisaccountpay", "zfdlnzhzfs"),
    "zfcash": ("zfdxjzfs",),
    "tchisaccount": ("tcdzhzfs",),
    "tccash": ("tcdxjzfs",),
    "tc": ("tczfs",),
    "dffjhisaccount": ("fjdzhzfs",),
    "dffjcash": ("fjdxjzfs",),
    "dffj": ("fjzfs",),
    "gjaccount": ("gjzhzfs", "zfdgjzhzfs", "tcdgjzhzfs", "fjdgjzhzfs"),
}


def check_refund(back: Content, told: Content) -> None:
    """Check that everything was given back that had been taken; raises `Nonsense`.

    Amounts that were wrong when we were told of them are no measure: then nothing is checked.
    """
    if not segments(told).adds_up:
        return
    for name, taken in _BACK.items():
        wanted = sum(fen_or_zero(told.get(one), field=one) for one in taken)
        if abs(fen(back.get(name), field=name)) != wanted:
            raise Nonsense(f"SK01: {name} is not what was taken")


_SUMMED: Final[Mapping[str, tuple[str, ...]]] = {
    "totalcuraccpay": ("curaccountpay",),
    "totalhisaccpay": (
        *("hisaccountpay", "zfdlnzhzfs", "tcdzhzfs", "fjdzhzfs", "flzflnzhzfs", "flzfgjzhzfs"),
        *("gjzhzfs", "zfdgjzhzfs", "tcdgjzhzfs", "fjdgjzhzfs"),
    ),
    "totalcashpay": ("zfdxjzfs", "tcdxjzfs", "fjdxjzfs"),
    "totaltcpay": ("tczfs",),
    "totaldffjpay": ("fjzfs",),
    "totalzfaccpay": ("zflnzhzfs", "zfgjzhzfs"),
    "totalfybjsfw": ("fybjsfwfyze",),
}


def sums(booked: Iterable[tuple[int, Content]]) -> dict[str, Any]:
    """Add a day's transactions up as SL01 states them; a refund comes with the sign -1."""
    rows = list(booked)

    def total(*names: str) -> int:
        return sum(
            sign * sum(fen_or_zero(told.get(name), field=name) for name in names)
            for sign, told in rows
        )

    found = {name: total(*parts) for name, parts in _SUMMED.items()}
    found["totalflzf"] = total("ybjsfwfyze") - total("totalexpense", "flzflnzhzfs", "flzfgjzhzfs")
    return {name: yuan(fen_) for name, fen_ in found.items()} | {"daycount": len(rows)}
