"""What is filed with the insurer, as plain values, and the messages that say so (NHSA 2501–2507).

A form is kept with its filing as JSON, so that the same message can be made again: the insurer
recognises a resend by its number and its content. Telephone and address are optional there and are
left out: the insurer has its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar, Final

from yifu.insurance.filing_models import FilingKind
from yifu.insurance.messages import RESIDENT_IDENTITY, Input

REGULAR_PLACE, FAMILY_DOCTOR, EMERGENCY_AWAY, RELOCATED = "03", "05", "07", "08"
"""`biz_appy_type` of 2505: where somebody is treated (就医定点), a general practitioner (家庭医生),
an emergency stay away from home (异地急诊住院), having moved away (异地安置)."""

PURPOSES: Final = (REGULAR_PLACE, FAMILY_DOCTOR, EMERGENCY_AWAY, RELOCATED)

_BY_INSTITUTION = "01"
_YES, _NO = "1", "0"


@dataclass(frozen=True, slots=True)
class Filer:
    """The institution that files."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The person a filing is about, as the insurer knows them."""

    psn_no: str
    insutype: str
    insuplc_admdvs: str
    certno: str
    name: str


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; None: without an end."""

    begins_on: date
    ends_on: date | None

    @property
    def wire(self) -> dict[str, str]:
        """Both days as messages write them; an open end is left out."""
        begins = {"begndate": self.begins_on.isoformat()}
        return begins | ({"enddate": self.ends_on.isoformat()} if self.ends_on else {})


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer to another hospital (转院, NHSA 2501). `refl_type`: 1 in the city, 2, 3 beyond."""

    kind: ClassVar[FilingKind] = FilingKind.TRANSFER

    diagnosis_code: str
    diagnosis_name: str
    to_code: str
    to_name: str
    to_area: str
    refl_type: str
    on: date
    reason: str
    opinion: str

    @property
    def matter(self) -> str:
        """The hospital it leads to."""
        return self.to_code

    def input_(self, subject: Subject, filer: Filer, period: Period) -> Input:
        """Build 2501."""
        del filer
        return {
            "refmedin": {
                "psn_no": subject.psn_no,
                "insutype": subject.insutype,
                "insu_optins": subject.insuplc_admdvs,
                "diag_code": self.diagnosis_code,
                "diag_name": self.diagnosis_name,
                "reflin_medins_no": self.to_code,
                "reflin_medins_name": self.to_name,
                "mdtrtarea_admdvs": self.to_area,
                "hosp_agre_refl_flag": _YES,
                "refl_type": self.refl_type,
                "refl_date": self.on.isoformat(),
                "refl_rea": self.reason,
                "refl_opnn": self.opinion,
                **period.wire,
            }
        }


@dataclass(frozen=True, slots=True)
class Chronic:
    """A chronic or special disease (慢特病, NHSA 2503), found by a doctor of the institution."""

    kind: ClassVar[FilingKind] = FilingKind.CHRONIC

    disease_code: str
    disease_name: str
    found_on: date
    doctor_code: str
    doctor_name: str

    @property
    def matter(self) -> str:
        """The disease, by its code in the catalogue of chronic diseases."""
        return self.disease_code

    def input_(self, subject: Subject, filer: Filer, period: Period) -> Input:
        """Build 2503."""
        return {
            "data": {
                "psn_no": subject.psn_no,
                "insutype": subject.insutype,
                "opsp_dise_code": self.disease_code,
                "opsp_dise_name": self.disease_name,
                "insu_optins": subject.insuplc_admdvs,
                "ide_fixmedins_no": filer.code,
                "ide_fixmedins_name": filer.name,
                "hosp_ide_date": self.found_on.isoformat(),
                "diag_dr_codg": self.doctor_code,
                "diag_dr_name": self.doctor_name,
                **period.wire,
            }
        }


@dataclass(frozen=True, slots=True)
class FixedPlace:
    """A place of treatment, or a contract with a general practitioner there (定点, NHSA 2505).

    `purpose` is one of `PURPOSES`; `rank` the place's order among several; `note` names the
    practitioner, for whom the interface has no field.
    """

    kind: ClassVar[FilingKind] = FilingKind.FIXED_PLACE

    purpose: str
    rank: int
    place_code: str
    place_name: str
    note: str

    @property
    def matter(self) -> str:
        """The purpose and the rank: of each there is one place at a time."""
        return f"{self.purpose}:{self.rank}"

    def input_(self, subject: Subject, filer: Filer, period: Period) -> Input:
        """Build 2505."""
        del filer
        return {
            "data": {
                "psn_no": subject.psn_no,
                "biz_appy_type": self.purpose,
                "fix_srt_no": str(self.rank),
                "fixmedins_code": self.place_code,
                "fixmedins_name": self.place_name,
                "memo": self.note,
                **period.wire,
            }
        }


@dataclass(frozen=True, slots=True)
class Injury:
    """An accident (意外伤害, NHSA 2507). `payable`: the institution found nobody else liable."""

    kind: ClassVar[FilingKind] = FilingKind.INJURY

    injured_on: date
    site: str
    cause: str
    payable: bool

    @property
    def matter(self) -> str:
        """The day of the accident."""
        return self.injured_on.isoformat()

    def input_(self, subject: Subject, filer: Filer, period: Period) -> Input:
        """Build 2507."""
        return {
            "data": {
                "dcla_souc": _BY_INSTITUTION,
                "insutype": subject.insutype,
                "psn_no": subject.psn_no,
                "psn_cert_type": RESIDENT_IDENTITY,
                "certno": subject.certno,
                "psn_name": subject.name,
                "insu_admdvs": subject.insuplc_admdvs,
                "fixmedins_code": filer.code,
                "fixmedins_name": filer.name,
                "trum_time": self.injured_on.isoformat(),
                "trum_site": self.site,
                "trum_rea": self.cause,
                "chk_pay_flag": _YES if self.payable else _NO,
                **period.wire,
            }
        }


Form = Transfer | Chronic | FixedPlace | Injury

FORMS: Final[Mapping[FilingKind, type[Form]]] = {
    form.kind: form for form in (Transfer, Chronic, FixedPlace, Injury)
}
FILING: Final[Mapping[FilingKind, str]] = {
    FilingKind.TRANSFER: "2501",
    FilingKind.CHRONIC: "2503",
    FilingKind.FIXED_PLACE: "2505",
    FilingKind.INJURY: "2507",
}
"""The transaction that files."""
WITHDRAWAL: Final[Mapping[FilingKind, str]] = {
    FilingKind.TRANSFER: "2502",
    FilingKind.CHRONIC: "2504",
    FilingKind.FIXED_PLACE: "2506",
}
"""The transaction that withdraws; the interface has none for an injury."""


def write_form(form: Form) -> dict[str, Any]:
    """Give a form as JSON keeps it."""
    written = {field.name: getattr(form, field.name) for field in fields(form)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in written.items()
    }


def read_form(kind: FilingKind, written: Mapping[str, Any]) -> Form:
    """Read a form that `write_form` wrote."""
    form = FORMS[kind]
    values: dict[str, Any] = {
        field.name: date.fromisoformat(written[field.name])
        if field.type is date
        else written[field.name]
        for field in fields(form)
    }
    return form(**values)


def withdrawal(*, psn_no: str, trt_dcla_detl_sn: str, reason: str) -> Input:
    """Build 2502, 2504 or 2506: take a filing back, and say why."""
    return {"data": {"trt_dcla_detl_sn": trt_dcla_detl_sn, "psn_no": psn_no, "memo": reason}}
