"""What the platform says to the insurer of a registered visit: diagnoses, and what settles it.

Messages are built here from our rows; `exchanges` sends and records them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from yifu import clock
from yifu.insurance import answers, exchanges, messages
from yifu.insurance.cases import Case, fee_line
from yifu.insurance.courses import course_of
from yifu.insurance.errors import NotConnected
from yifu.insurance.exchanges import CLOSED, Envelope, closing, exchange
from yifu.insurance.models import Connection, Encounter, ExchangeState, SignIn
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.visits.models import Charge, Visit

_sign_numbers: dict[tuple[int, date], str] = {}

# What an answer says of a visit is kept with the answer: one statement, one durable commit.
_DIAGNOSED = f"""
WITH {CLOSED} UPDATE insurance_encounter SET diagnoses_sent = true WHERE id = %(encounter)s
"""  # noqa: S608 - the same


def sign_number(institution_id: int, *, now: datetime) -> str:
    """Give the day's sign-in number, signing in (9001) when there is none yet."""
    day = clock.business_date(now)
    known = _sign_numbers.get((institution_id, day))
    if known is not None:
        return known
    connection_id = (
        Connection.objects.values_list("pk", flat=True).filter(institution=institution_id).first()
    )
    if connection_id is None:
        raise NotConnected
    row = SignIn.objects.filter(connection=connection_id, business_date=day).first()
    if row is None:
        input_ = messages.sign_in(opter_no="yifu", mac="00-00-00-00-00-00", ip="127.0.0.1")
        heard = exchange(institution_id, Envelope("9001", f"sign-in:{day}", input_), now=now)
        number = answers.read_sign_no(heard.output_or_raise())
        row, _ = SignIn.objects.get_or_create(
            connection_id=connection_id, business_date=day, defaults={"sign_no": number}
        )
    _sign_numbers[(institution_id, day)] = row.sign_no
    return row.sign_no


def diagnoses_of(rows: Iterable[Mapping[str, str]]) -> list[messages.Diagnosis]:
    """Give kept diagnoses as messages name them."""
    return [messages.Diagnosis(row["code"], row["name"]) for row in rows]


def run(sql: str, parameters: dict[str, Any]) -> None:
    """Run a statement that gives nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def send_diagnoses(visit: Visit, *, now: datetime, encounter: Encounter | None = None) -> bool:
    """Send a visit's diagnoses (2203) once; True when the insurer has them, or is not concerned.

    `encounter` is the visit's, where the caller has it; it is looked up otherwise.
    """
    if encounter is None:
        encounter = Encounter.objects.filter(visit=visit).first()
    if encounter is None or encounter.diagnoses_sent or not visit.diagnoses:
        return True
    pending = exchanges.open_exchange(
        visit.institution_id, _diagnoses(case_of(visit, encounter, now=now)), now=now
    )
    heard = exchanges.send(pending)
    if heard.state != ExchangeState.ANSWERED:
        exchanges.close_exchange(pending, heard, now=now)
        return False
    run(_DIAGNOSED, closing(pending, heard) | {"encounter": encounter.pk, "now": now})
    encounter.diagnoses_sent = True
    return True


def _diagnoses(case: Case) -> Envelope:
    visit, encounter = case.visit, case.encounter
    input_ = messages.encounter(
        psn_no=encounter.psn_no,
        mdtrt_id=encounter.mdtrt_id,
        med_type=case.med_type,
        began_at=visit.began_at,
        diagnoses=diagnoses_of(visit.diagnoses),
        disease=_disease(visit),
        department=case.department,
        doctor=case.doctor,
    )
    return case.envelope("2203", f"visit:{visit.pk}", input_)


def _disease(visit: Visit) -> messages.Diagnosis | None:
    if not visit.disease_code:
        return None
    return messages.Diagnosis(visit.disease_code, visit.disease_name)


def case_of(visit: Visit, encounter: Encounter, *, now: datetime) -> Case:
    """Gather what the messages of a registered visit repeat."""
    person: Person = visit.person
    patient = messages.Patient(
        psn_no=encounter.psn_no,
        name=person.name,
        certno=patients.certificate_no(person),
        insutype=encounter.insutype,
        psn_type=encounter.psn_type,
    )
    return Case(visit, encounter, patient, sign_number(visit.institution_id, now=now))


def upload_message(
    case: Case, *, batch_no: str, lines: Iterable[tuple[int, Charge]], subject: str
) -> Envelope:
    """Build 2204 for charges, each with the number it is known by there."""
    input_ = messages.fee_upload(
        psn_no=case.encounter.psn_no,
        mdtrt_id=case.encounter.mdtrt_id,
        batch_no=batch_no,
        lines=[fee_line(number, charge) for number, charge in lines],
        department=case.department,
        doctor=case.doctor,
        disease_code=case.visit.disease_code,
    )
    return case.envelope("2204", subject, input_)


def withdraw_message(case: Case, *, batch_no: str, subject: str) -> Envelope:
    """Build 2205: take an unsettled batch back."""
    input_ = messages.fee_withdraw(
        psn_no=case.encounter.psn_no, mdtrt_id=case.encounter.mdtrt_id, batch_no=batch_no
    )
    return case.envelope("2205", subject, input_)


def undo_message(case: Case, *, omsgid: str, subject: str) -> Envelope:
    """Build 2601: undo whatever a settling message of ours did, if anything."""
    oinfno = course_of(case.visit).settles
    input_ = messages.undo(psn_no=case.encounter.psn_no, omsgid=omsgid, oinfno=oinfno)
    return case.envelope("2601", subject, input_)


def query_message(case: Case, *, setl_id: str, subject: str, mdtrt_id: str = "") -> Envelope:
    """Build 5203; after a lost answer `setl_id` is not known and "0" asks by the visit.

    `mdtrt_id` is the visit's number where the encounter does not have it yet.
    """
    input_ = messages.query_settlement(
        psn_no=case.encounter.psn_no,
        mdtrt_id=mdtrt_id or case.encounter.mdtrt_id,
        setl_id=setl_id or "0",
    )
    return case.envelope("5203", subject, input_)
