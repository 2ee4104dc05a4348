"""How each kind of visit is settled with the insurer: which messages, and what they are built of.

Outpatient and emergency visits upload a batch of charges (2204) and settle it (2207). A stay's
charges are uploaded as they come (2301, see `stays`), its settlement (2304) takes all of them. A
pharmacy's purchase is one message (2102) that has everything. `course_of` chooses; the settlement
asks the course and does not know the numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from yifu.insurance import messages, pharmacy_messages, stay_messages
from yifu.insurance.cases import Case, fee_line
from yifu.insurance.exchanges import Envelope
from yifu.insurance.rules import Scope
from yifu.visits.models import Charge, Visit, VisitKind


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be settled: a batch of numbered charges, at a stay's end or before (`interim`)."""

    batch_no: str
    total_fen: int
    lines: tuple[tuple[int, Charge], ...]
    subject: str
    interim: bool = False
    credential: messages.Credential | None = None


class Course(Protocol):
    """The messages of one kind of visit."""

    settles: str
    """The transaction that settles; 2601 can undo it."""
    line_node: str
    """Where the settling answer has the split of each line; "" if an upload told it."""

    def settle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build the message that settles; `scope` is the sum of what the upload answered."""

    def presettle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build the message that asks how it would be settled."""

    def reverse(self, case: Case, *, setl_id: str, subject: str) -> Envelope:
        """Build the message that undoes a settlement in whole."""


class Outpatient:
    """2204, 2206, 2207, 2208."""

    settles = "2207"
    line_node = ""

    def settle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build 2207 for an uploaded batch."""
        input_ = messages.settle(
            patient=case.patient,
            credential=asked.credential or case.identity,
            claim=_claim(case, asked),
            scope=scope,
        )
        return case.envelope("2207", asked.subject, input_)

    def presettle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build 2206 for an uploaded batch."""
        del scope
        input_ = messages.presettle(
            patient=case.patient, credential=case.identity, claim=_claim(case, asked)
        )
        return case.envelope("2206", asked.subject, input_)

    def reverse(self, case: Case, *, setl_id: str, subject: str) -> Envelope:
        """Build 2208."""
        return case.envelope("2208", subject, messages.reverse(**_settled(case, setl_id)))


class Stay:
    """2303, 2304, 2305; the charges are there already."""

    settles = "2304"
    line_node = ""

    def settle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build 2304 for all that is uploaded."""
        input_ = stay_messages.settle(
            patient=case.patient,
            credential=asked.credential or case.identity,
            asked=self._claim(case, asked),
            scope=scope,
        )
        return case.envelope("2304", asked.subject, input_)

    def presettle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build 2303."""
        input_ = stay_messages.presettle(
            patient=case.patient,
            credential=case.identity,
            asked=self._claim(case, asked),
            scope=scope,
        )
        return case.envelope("2303", asked.subject, input_)

    def reverse(self, case: Case, *, setl_id: str, subject: str) -> Envelope:
        """Build 2305."""
        return case.envelope("2305", subject, stay_messages.reverse(**_settled(case, setl_id)))

    def _claim(self, case: Case, asked: Asked) -> stay_messages.StayClaim:
        ended_at = None if asked.interim else case.visit.ended_at
        return stay_messages.StayClaim(
            claim=_claim(case, asked),
            areas=case.areas,
            interim=asked.interim,
            discharged_on=stay_messages.day_of(ended_at) if ended_at else None,
        )


class Pharmacy:
    """2101, 2102, 2103: the lines go with the settlement, whose answer numbers the visit."""

    settles = "2102"
    line_node = "detlcutinfo"

    def settle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build 2102."""
        del scope
        input_ = pharmacy_messages.settle(
            patient=case.patient,
            credential=asked.credential or case.identity,
            purchase=self._purchase(case, asked),
        )
        return case.envelope("2102", asked.subject, input_)

    def presettle(self, case: Case, asked: Asked, scope: Scope) -> Envelope:
        """Build 2101."""
        del scope
        input_ = pharmacy_messages.presettle(
            patient=case.patient,
            credential=case.identity,
            purchase=self._purchase(case, asked),
        )
        return case.envelope("2101", asked.subject, input_)

    def reverse(self, case: Case, *, setl_id: str, subject: str) -> Envelope:
        """Build 2103."""
        return case.envelope("2103", subject, pharmacy_messages.reverse(**_settled(case, setl_id)))

    def _purchase(self, case: Case, asked: Asked) -> pharmacy_messages.Purchase:
        visit = case.visit
        return pharmacy_messages.Purchase(
            claim=_claim(case, asked),
            began_at=visit.began_at,
            lines=tuple(fee_line(number, charge) for number, charge in asked.lines),
            disease=(visit.disease_code, visit.disease_name),
        )


def _claim(case: Case, asked: Asked) -> messages.Claim:
    return messages.Claim(
        mdtrt_id=case.encounter.mdtrt_id,
        batch_no=asked.batch_no,
        med_type=case.med_type,
        total_fen=asked.total_fen,
    )


def _settled(case: Case, setl_id: str) -> dict[str, str]:
    encounter = case.encounter
    return {"psn_no": encounter.psn_no, "mdtrt_id": encounter.mdtrt_id, "setl_id": setl_id}


_OUTPATIENT = Outpatient()
_COURSES: Mapping[str, Course] = {
    VisitKind.OUTPATIENT: _OUTPATIENT,
    VisitKind.EMERGENCY: _OUTPATIENT,
    VisitKind.INPATIENT: Stay(),
    VisitKind.PHARMACY: Pharmacy(),
}


def course_of(visit: Visit) -> Course:
    """Choose the course of a visit by its kind."""
    return _COURSES[visit.kind]
