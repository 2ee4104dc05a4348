"""A visit known to the insurer, with all that its messages repeat."""

from collections.abc import Mapping
from dataclasses import dataclass

from yifu.insurance import messages, stay_messages
from yifu.insurance.codes import codes
from yifu.insurance.exchanges import Envelope
from yifu.insurance.models import Encounter
from yifu.visits.models import Charge, Visit, VisitKind

MED_TYPES: Mapping[str, str] = {
    VisitKind.OUTPATIENT: messages.OUTPATIENT,
    VisitKind.EMERGENCY: messages.EMERGENCY,
    VisitKind.INPATIENT: messages.INPATIENT,
    VisitKind.PHARMACY: messages.PHARMACY,
}
"""`med_type` of a visit that names none itself."""

_OUTSIDE, _NOT_OUTSIDE = "1", "0"
"""`rx_circ_flag`: whether somebody else's prescription is filled (外购处方)."""

_OTHER_DEPARTMENT = "A69"
"""其他业务科室: the national discipline of a department whose code is the hospital's own."""


@dataclass(frozen=True, slots=True)
class Case:
    """A visit, what the insurer calls it, and the patient as the insurer knows them."""

    visit: Visit
    encounter: Encounter
    patient: messages.Patient
    sign_no: str

    @property
    def department(self) -> messages.Department:
        """The department; many hospitals use the national discipline code as their own."""
        code, name = self.visit.department_code, self.visit.department_name
        return messages.Department(code, name, discipline(code))

    @property
    def doctor(self) -> messages.Doctor:
        """The physician."""
        return messages.Doctor(self.visit.doctor_code, self.visit.doctor_name)

    @property
    def med_type(self) -> str:
        """What kind of care it is to the insurer (医疗类别)."""
        return self.visit.med_type or MED_TYPES[self.visit.kind]

    @property
    def areas(self) -> stay_messages.Areas:
        """Where the patient is insured, and where they are treated."""
        treated = self.visit.institution.area_id
        return stay_messages.Areas(self.encounter.insuplc_admdvs, treated)

    @property
    def identity(self) -> messages.Credential:
        """The identity number, which needs no token and is not secret to the insurer."""
        return messages.Credential(messages.IDENTITY_CARD, self.patient.certno)

    def envelope(self, infno: str, subject: str, input_: messages.Input) -> Envelope:
        """Wrap a message of this case."""
        return Envelope(infno, subject, input_, self.encounter.insuplc_admdvs, self.sign_no)


def discipline(department_code: str) -> str:
    """Give the national discipline (`caty`) of a department: its code, or what that is a part of.

    A code of the hospital's own counts as another department.
    """
    known = codes()["dept"]
    major = department_code.partition(".")[0]
    return next((one for one in (department_code, major) if one in known), _OTHER_DEPARTMENT)


def fee_line(number: int, charge: Charge) -> messages.FeeLine:
    """Give a charge as a message has it, under the number the insurer knows it by."""
    return messages.FeeLine(
        feedetl_sn=str(number),
        occurred_at=charge.occurred_at,
        national_code=charge.national_code,
        local_code=charge.local_code,
        amount_fen=charge.amount_fen,
        quantity=charge.quantity,
        unit_price_fen=charge.unit_price_fen,
        corrects_sn=str(charge.corrects_id) if charge.corrects_id else "",
        trace_code=charge.trace_code,
        outside_rx=_OUTSIDE if charge.outside_rx_no else _NOT_OUTSIDE,
        rxno=charge.outside_rx_no,
    )
