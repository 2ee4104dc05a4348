"""What a person is entitled to on an occasion: the kind of care, filings, and the rule (2001)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from counterparts.insurer import filing_book
from counterparts.insurer.benefits import (
    CHRONIC,
    EMERGENCY,
    EMPLOYEE_GROUPS,
    INPATIENT,
    OUTPATIENT,
    PHARMACY,
    Rule,
)
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import NORMALLY_INSURED, Handler, Message, Office, insured_person
from counterparts.insurer.policies import NoPolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.insurer.filing_book import Filing
    from counterparts.insurer.records import Institution, Person

OUTPATIENT_TYPES: Mapping[str, tuple[str, str]] = {
    "11": ("11", OUTPATIENT),
    "12": ("12", OUTPATIENT),
    "13": ("13", EMERGENCY),
    "1301": ("13", EMERGENCY),
    "14": ("14", CHRONIC),
    "18": ("18", OUTPATIENT),
    "51": ("53", OUTPATIENT),
    "9901": ("15", OUTPATIENT),
    "9903": ("1103", OUTPATIENT),
}
"""Kinds of outpatient care (med_type): how each is cleared (clr_type) and the care it counts as."""
INPATIENT_TYPES: Mapping[str, tuple[str, str]] = {
    "2101": ("21", INPATIENT),
    "2102": ("27", INPATIENT),
    "2105": ("21", INPATIENT),
    "2106": ("9978", INPATIENT),
    "2107": ("9978", INPATIENT),
    "2109": ("21", INPATIENT),
    "21303": ("99928", INPATIENT),
    "22": ("22", INPATIENT),
    "28": ("28", INPATIENT),
    "52": ("9978", INPATIENT),
    "71": ("21", INPATIENT),
}
"""The same for stays."""
PHARMACY_TYPES: Mapping[str, tuple[str, str]] = {
    "41": ("41", PHARMACY),
    "14": ("14", CHRONIC),
    "18": ("18", PHARMACY),
}
"""The same for what is bought at a pharmacy."""
KINDS = {"outpatient": OUTPATIENT_TYPES, "inpatient": INPATIENT_TYPES, "pharmacy": PHARMACY_TYPES}
INJURIES = {"22", "9903"}
_CONTRACT, _AWAY, _EMERGENCY_AWAY = "05", "08", "07"
"""biz_appy_type of 2505: 家庭医生签约, 异地安置, 异地急诊住院."""
_PAY_HERE = "2"
_NOTHING = Decimal(0)
_FUNDS = {
    (True, OUTPATIENT): "310102",
    (True, EMERGENCY): "310102",
    (True, PHARMACY): "310102",
    (True, CHRONIC): "310100",
    (True, INPATIENT): "310100",
    (False, OUTPATIENT): "390102",
    (False, EMERGENCY): "390102",
    (False, PHARMACY): "390102",
    (False, CHRONIC): "390100",
    (False, INPATIENT): "390100",
}
FUND_NAMES: Mapping[str, str] = {
    "310100": "城镇职工基本医疗保险统筹基金",
    "310102": "职工门诊统筹基金",
    "310200": "城镇职工基本医疗保险个人账户基金",
    "320100": "公务员医疗补助基金",
    "330100": "大额医疗费用补助基金",
    "390100": "城乡居民基本医疗保险基金",
    "390102": "居民门诊统筹基金",
    "390200": "城乡居民大病医疗保险基金",
    "390500": "居民家庭账户金",
    "610100": "医疗救助基金",
}


def pooled_fund(group: str, care: str) -> str:
    """Return the pooled fund (fund_pay_type) of a group for a kind of care."""
    return _FUNDS[group in EMPLOYEE_GROUPS, care]


def excess_fund(group: str) -> str:
    """Return the fund that pays above the pooled one: 大额 of employees, 大病 of residents."""
    return "330100" if group in EMPLOYEE_GROUPS else "390200"


def rule_for(  # what decides is named, so that no two of them change places
    office: Office,
    institution: Institution,
    person: Person,
    *,
    med_type: str,
    kind: str,
    disease: str,
    day: date,
) -> Rule:
    """Return the benefit rule of a visit.

    Raises RefusedError if no table grants anything, or a filing that the kind of care needs is not
    in force.
    """
    care = KINDS[kind][med_type][1]
    filings = filing_book.in_force(office.books, person.psn_no, day)
    check_filings(filings, med_type=med_type, disease=disease)
    is_away = person.insuplc_admdvs != office.admdvs
    try:
        rule = office.policy.rule_for(
            person.traits,
            day=day,
            hospital_level=institution.level,
            care=care,
            disease=disease,
            has_contract=any(is_contract(filing) for filing in filings),
            elsewhere=_filed(filings, institution) if is_away else "",
        )
    except NoPolicyError as error:
        if care != PHARMACY:
            raise RefusedError(str(error)) from error
        # Without a table of its own a pharmacy is paid from the account alone.
        return Rule(group=person.traits.group, deductible_fen=0, rate=_NOTHING, care=care)
    return rule


def check_filings(filings: list[Filing], *, med_type: str, disease: str) -> None:
    """Check that chronic diseases and injuries are filed.

    Raises RefusedError naming the filing that is missing.
    """
    if med_type == "14" and not any(f.kind == "2503" and f.code == disease for f in filings):
        raise RefusedError(f"dise_codg {disease}无有效的慢特病备案(2503)")
    if med_type in INJURIES and not any(f.kind == "2507" for f in filings):
        raise RefusedError(f"med_type {med_type}无有效的意外伤害备案(2507)")


def is_contract(filing: Filing) -> bool:
    """Say whether a filing is a contract with a general practitioner (家庭医生签约)."""
    return filing.kind == "2505" and filing.code == _CONTRACT


def _filed(filings: list[Filing], institution: Institution) -> str:
    """Return how a person insured elsewhere comes to ``institution``."""
    if any(f.kind == "2505" and f.code in {_AWAY, _EMERGENCY_AWAY} for f in filings):
        return "filed"
    to_here = (f.kind == "2501" and f.code == institution.fixmedins_code for f in filings)
    return "transfer" if any(to_here) else "unfiled"


def pay_loc(office: Office, person: Person) -> str:
    """Return where a visit is paid: 2 the institution, 6 another area of the city, 3, 4."""
    here, there = office.admdvs, person.insuplc_admdvs
    if here == there:
        return _PAY_HERE
    if here[:2] != there[:2]:
        return "4"
    return "6" if here[:4] == there[:4] else "3"


def out_type(office: Office, person: Person) -> str:
    """Return 异地标志: 0 insured here, 1 elsewhere in the province, 2 in another province."""
    return {"2": "0", "6": "1", "3": "1", "4": "2"}[pay_loc(office, person)]


def check_benefits(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2001 人员待遇享受检查: for every fund that could pay, whether it would and why not.

    Raises RefusedError if the person is unknown, ``insutype`` is not theirs or ``fixmedins_code``
    another's.
    """
    data = message.input["data"]
    person = insured_person(office, message, data["psn_no"])
    if data["insutype"] != person.insutype:
        raise RefusedError("insutype 与参保信息不符")
    if data["fixmedins_code"] != message.institution.fixmedins_code:
        raise RefusedError("fixmedins_code 与访问密钥不符")
    kind = next((k for k, types in KINDS.items() if data["med_type"] in types), None)
    if kind is None:
        raise RefusedError(f"med_type {data['med_type']}无待遇")
    reason = _why_not(office, message, person, kind)
    group, care = person.traits.group, KINDS[kind][data["med_type"]][1]
    funds = [pooled_fund(group, care), excess_fund(group)]
    if group in EMPLOYEE_GROUPS:
        funds.append("310200")
    return {"trtinfo": [_entitlement(data, fund, reason) for fund in funds]}


def _why_not(office: Office, message: Message, person: Person, kind: str) -> str:
    data = message.input["data"]
    if person.psn_insu_stas != NORMALLY_INSURED:
        return "参保状态不正常，不能享受医保待遇"
    try:
        rule_for(
            office,
            message.institution,
            person,
            med_type=data["med_type"],
            kind=kind,
            disease=data.get("dise_codg") or "",
            day=date.fromisoformat(data["begntime"][:10]),
        )
    except RefusedError as refusal:
        return str(refusal)
    return ""


def _entitlement(data: dict[str, Any], fund: str, reason: str) -> dict[str, Any]:
    # An account is the person's own: only the funds depend on filings and tables.
    enjoys = not reason or (fund == "310200" and "参保状态" not in reason)
    return {
        "psn_no": data["psn_no"],
        "trt_chk_type": "01",
        "fund_pay_type": fund,
        "trt_enjymnt_flag": "1" if enjoys else "0",
        "begndate": data["begntime"][:10],
        "enddate": "",
        "trt_chk_rslt": "" if enjoys else reason,
        "exp_content": "",
    }


CHANGING: dict[str, Handler] = {}
ASKING: dict[str, Handler] = {"2001": check_benefits}
