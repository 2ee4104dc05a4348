"""What the books hold, as plain values. Field order is column order of ``schema/books.sql``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from counterparts.insurer.benefits import OUTPATIENT
from counterparts.insurer.policies import Traits

LEVELS = {
    **dict.fromkeys(("1", "2", "3", "4", "12"), 3),
    **dict.fromkeys(("5", "6", "7", "13"), 2),
    **dict.fromkeys(("8", "9", "10", "11", "14"), 1),
}
"""hosp_lv (医院等级) to the level that benefits go by (dedc_hosp_lv)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """A designated institution (定点医药机构) and its keys for the gateway."""

    fixmedins_code: str
    fixmedins_name: str
    access_key: str
    secret_key: str
    hosp_lv: str

    @property
    def level(self) -> int:
        """Return 1, 2 or 3."""
        return LEVELS[self.hosp_lv]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An insured person (参保人) with one insurance.

    ``balc_fen`` is the personal account; where a city keeps two (历年, 当年), ``current_fen`` is
    the one of this year.
    """

    psn_no: str
    psn_cert_type: str
    certno: str
    psn_name: str
    gend: str
    naty: str
    brdy: str
    psn_type: str
    insutype: str
    psn_insu_stas: str
    cvlserv_flag: str
    insuplc_admdvs: str
    emp_name: str
    psn_idet_types: str
    balc_fen: int
    current_fen: int = 0

    @property
    def account_fen(self) -> int:
        """Return what both accounts hold."""
        return self.balc_fen + self.current_fen

    @property
    def traits(self) -> Traits:
        """Return what decides the benefit rule."""
        identities = self.psn_idet_types.split(",") if self.psn_idet_types else ()
        return Traits(
            insutype=self.insutype,
            psn_type=self.psn_type,
            brdy=date.fromisoformat(self.brdy),
            is_civil_servant=self.cvlserv_flag == "1",
            psn_idet_types=tuple(identities),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A registered visit (就诊). ``med_type`` is empty until message 2203.

    ``kind`` is outpatient, inpatient or pharmacy; ``ipt_otp_no`` is the institution's own number
    (``ipt_no`` of a stay, the ``mdtrt_id`` where it gave none); ``msgid`` registered it.
    """

    mdtrt_id: str
    fixmedins_code: str
    psn_no: str
    ipt_otp_no: str
    insutype: str
    begntime: str
    dept_name: str
    med_type: str = ""
    dise_codg: str = ""
    dise_name: str = ""
    cancelled: int = 0
    kind: str = "outpatient"
    msgid: str = ""
    opter: str = ""
    opter_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """An uploaded charge with its split, fen. ``setl_id`` is empty while it is unsettled.

    A line that takes a charge back is negative and names it by ``init_feedetl_sn`` (0: none).
    ``sent`` is JSON of what else came with the charge.
    """

    mdtrt_id: str
    feedetl_sn: int
    chrg_bchno: str
    med_list_codg: str
    medins_list_codg: str
    cnt: str
    pric: str
    amount_fen: int
    fulamt_ownpay_fen: int
    overlmt_fen: int
    preselfpay_fen: int
    inscp_scp_fen: int
    setl_id: str = ""
    init_feedetl_sn: int = 0
    fee_ocur_time: str = ""
    sent: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One row of the settlements: a settlement, or its negative when it was undone; fen.

    ``infno`` is the transaction that settled (2207, 2304, 2102), ``medins_setl_id`` its message.
    """

    setl_id: str
    refd_setl_flag: str
    msgid: str
    medins_setl_id: str
    fixmedins_code: str
    mdtrt_id: str
    psn_no: str
    insutype: str
    setl_time: str
    med_type: str
    clr_type: str
    mdtrt_cert_type: str
    chrg_bchno: str
    invono: str
    opter: str
    opter_name: str
    benefit_group: str
    year: int
    medfee_sumamt: int
    fulamt_ownpay_amt: int
    overlmt_selfpay: int
    preselfpay_amt: int
    inscp_scp_amt: int
    act_pay_dedc: int
    hifp_pay: int
    pool_prop_selfpay: str
    pool_limit: int
    cvlserv_pay: int
    hifmi_pay: int
    hifob_pay: int
    maf_pay: int
    fund_pay_sumamt: int
    psn_part_amt: int
    acct_pay: int
    psn_cash_pay: int
    hosp_part_amt: int
    own_in_scope: int
    balc: int
    infno: str = "2207"
    care: str = OUTPATIENT
    mid_setl_flag: str = "0"
    first_acct_pay: int = 0
    acct_mulaid_pay: int = 0
    serious: int = 0
    clr_month: str = ""
    pay_loc: str = "2"

    def undone(self, *, msgid: str, setl_time: str, clr_month: str, balc: int) -> Settlement:
        """Return the negative row (负结算) that ``msgid`` sets against this one."""
        negative = {name: -getattr(self, name) for name in AMOUNTS}
        return replace(
            self,
            refd_setl_flag="1",
            msgid=msgid,
            setl_time=setl_time,
            clr_month=clr_month,
            balc=balc,
            **negative,
        )


AMOUNTS = (
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "pool_limit",
    "cvlserv_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "psn_cash_pay",
    "hosp_part_amt",
    "own_in_scope",
    "first_acct_pay",
    "acct_mulaid_pay",
    "serious",
)
"""The amounts of a settlement that its undoing negates."""
