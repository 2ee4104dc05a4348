"""The code tables of the national interface, and those of its codes that the program decides by.

`codes.csv` (made by `tools/make_fields.py`) holds every code with its Chinese label, and an English
one where people see it. The enums are the codes with a meaning here; provinces add codes of their
own to most tables, so a code that is in no enum is nothing wrong.
"""

import csv
import io
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class MdtrtCertType(StrEnum):
    """What a patient shows (就诊凭证类型)."""

    E_CREDENTIAL = "01"
    IDENTITY_CARD = "02"
    INSURANCE_CARD = "03"


class PsnCertType(StrEnum):
    """What kind of document a person's number is of (人员证件类型); there are more."""

    RESIDENT_IDENTITY = "01"


class MedType(StrEnum):
    """What kind of care a visit is (医疗类别); provinces have more."""

    OUTPATIENT = "11"
    REGISTRATION = "12"
    EMERGENCY = "13"
    CHRONIC = "14"
    SPECIAL_DRUGS = "18"
    INJURY = "22"
    DAY_SURGERY = "28"
    PHARMACY = "41"
    MATERNITY_OUTPATIENT = "51"
    MATERNITY_INPATIENT = "52"
    INPATIENT = "2101"


class Insutype(StrEnum):
    """The kind of insurance (险种类型); there are more."""

    EMPLOYEES = "310"
    CIVIL_SERVANTS = "320"
    LARGE_AMOUNTS = "330"
    VETERAN_CADRES = "340"
    RESIDENTS = "390"
    RESIDENTS_SERIOUS_ILLNESS = "392"
    LONG_TERM_CARE = "410"
    MATERNITY = "510"


class PsnInsuStas(StrEnum):
    """Whether somebody is insured now (人员参保状态)."""

    NOT_INSURED = "0"
    INSURED = "1"
    SUSPENDED = "2"
    INVALID = "3"
    ENDED = "4"


class AcctUsedFlag(StrEnum):
    """Whose personal account the insurer may use (个人账户使用标志)."""

    NONE = "0"
    OWN = "1"
    FAMILY = "2"


class PsnSetlway(StrEnum):
    """How a visit is settled (个人结算方式)."""

    BY_ITEM = "01"
    FIXED_AMOUNT = "02"


class HospApprFlag(StrEnum):
    """Whether the hospital approved an item of limited use (医院审批标志)."""

    NOT_NEEDED = "0"
    APPROVED = "1"
    REFUSED = "2"


class ChrgitmLv(StrEnum):
    """The class of an item in the insurer's catalogue (收费项目等级)."""

    A = "01"
    B = "02"
    C = "03"


class FundPayType(StrEnum):
    """Rows of `setldetail` that are no fund: accounts, the hospital's part (基金支付类型)."""

    PERSONAL_ACCOUNT = "310200"
    FAMILY_ACCOUNT = "390500"
    WAIVED = "630100"
    WAIVED_TOO = "640100"


class StmtRslt(StrEnum):
    """What a comparison found (对账结果); provinces tell more than agreement."""

    AGREES = "0"
    DIFFERS = "1"


class DspoWay(StrEnum):
    """What the doctor did about a warning (处理方式)."""

    CONTINUE = "1"
    CHANGE = "2"


class OrdStas(StrEnum):
    """How far an order of the payment centre is (订单状态)."""

    SAVED = "0"
    ON_TRIAL = "1"
    SETTLING = "2"
    OWN_PART_PAID = "3"
    INSURANCE_PAID = "4"
    SETTLED_AT_HOSPITAL = "5"
    SETTLED = "6"
    REFUNDED = "7"
    INSURANCE_REFUNDED = "8"
    OWN_PART_REFUNDED = "9"
    OWN_PART_PARTLY_REFUNDED = "10"
    INSURANCE_AND_SOME_REFUNDED = "11"
    REVOKED = "12"
    REVOKED_AT_INSURER = "13"
    ABNORMAL = "14"
    FAILED = "15"
    FAILED_NOT_REVERSED = "16"


class RefdType(StrEnum):
    """Which part of an order goes back (退费类型)."""

    ALL = "ALL"
    CASH = "CASH"
    INSURANCE = "HI"


class ElecSetlCertType(StrEnum):
    """The kind of a receipt (电子结算凭证类型)."""

    FISCAL_RECEIPT = "1"
    TAX_INVOICE = "2"
    DIGITAL_INVOICE = "3"


class CertSetlType(StrEnum):
    """Whether what a receipt is for was settled with the insurer (凭证结算类型)."""

    REAL_TIME = "1"
    SELF_PAID = "2"


class DscgWay(StrEnum):
    """How a stay ended (离院方式)."""

    ON_ADVICE = "1"
    TRANSFERRED = "2"
    TO_COMMUNITY = "3"
    AGAINST_ADVICE = "4"
    DIED = "5"
    OTHER = "9"


ENUMS: Mapping[str, type[StrEnum]] = {
    "mdtrt_cert_type": MdtrtCertType,
    "psn_cert_type": PsnCertType,
    "med_type": MedType,
    "insutype": Insutype,
    "psn_insu_stas": PsnInsuStas,
    "acct_used_flag": AcctUsedFlag,
    "psn_setlway": PsnSetlway,
    "hosp_appr_flag": HospApprFlag,
    "chrgitm_lv": ChrgitmLv,
    "fund_pay_type": FundPayType,
    "stmt_rslt": StmtRslt,
    "dspo_way": DspoWay,
    "ordStas": OrdStas,
    "refdType": RefdType,
    "elecSetlCertType": ElecSetlCertType,
    "certSetlType": CertSetlType,
    "dscg_way": DscgWay,
}
"""The enums by the name of their table."""


def read_table(name: str) -> list[dict[str, str]]:
    """Read one of the shipped tables."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """Give the code tables in use: table, code, Chinese label."""
    return _labels("label")


@cache
def _labels(column: str) -> Mapping[str, Mapping[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for row in read_table("codes.csv"):
        tables.setdefault(row["table"], {})[row["code"]] = row[column]
    return tables


def label(table: str, code: object, language: str) -> str:
    """Give the label of a code in Chinese, or in English for any other language.

    A code without an English label has its Chinese one; a code of no shipped table is its own
    label, and no code is none.
    """
    text = "" if code is None else str(code).strip()
    chinese = codes().get(table, {}).get(text, text)
    if language.startswith("zh"):
        return chinese
    return _labels("label_en").get(table, {}).get(text) or chinese
