"""What the platform asks of the insurer: register a visit, and the messages a settlement needs.

Messages are built here from our rows; `exchanges` sends and records them.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection

from yifu import clock, rows
from yifu.insurance import answers, exchanges, messages, stay_messages
from yifu.insurance.cases import Case, fee_line
from yifu.insurance.courses import course_of
from yifu.insurance.errors import IdentityMismatch, NotConnected
from yifu.insurance.exchanges import CLOSED, Envelope, Heard, Pending, closing, exchange
from yifu.insurance.models import Connection, Encounter, ExchangeState, SignIn
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.visits.models import Charge, Visit, VisitKind

_DIAGNOSED_AT_ONCE = (VisitKind.INPATIENT, VisitKind.PHARMACY)
"""Visits without a 2203: an admission has its diagnoses, a purchase needs none."""

_sign_numbers: dict[tuple[int, date], str] = {}

# What an answer says of a visit is kept with the answer: one statement, one durable commit.
_UNINSURED = f"WITH {CLOSED} UPDATE visits_visit SET uninsured = true WHERE id = %(visit)s"  # noqa: S608 - our own text
_DIAGNOSED = f"""
WITH {CLOSED} UPDATE insurance_encounter SET diagnoses_sent = true WHERE id = %(encounter)s
"""  # noqa: S608 - the same
# The same report twice at the same instant: the first one counts. The message is closed anyway.
_ENCOUNTER = f"""
WITH {CLOSED}
INSERT INTO insurance_encounter AS encounter (visit_id, mdtrt_id, psn_no, insutype, psn_type,
                                              insuplc_admdvs, diagnoses_sent)
VALUES (%(visit)s, %(mdtrt_id)s, %(psn_no)s, %(insutype)s, %(psn_type)s, %(insuplc_admdvs)s,
        %(diagnosed)s)
ON CONFLICT (visit_id) DO NOTHING
RETURNING {rows.columns(Encounter, "encounter")}
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


def register_visit(
    visit: Visit, *, credential: messages.Credential | None, now: datetime
) -> Encounter | None:
    """Make a visit known to the insurer: who is it (1101), and a number for the visit (2201).

    None when the insurer does not know the person or grants no benefits: the visit is then
    self-paid and says so. A credential is used and dropped (P1.7). Calling again changes nothing.
    Raises `IdentityMismatch` (P1.8), `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`.
    """
    known = Encounter.objects.filter(visit=visit).first()
    if known is not None or visit.uninsured:
        return known
    return register_new_visit(visit, credential=credential, now=now)


def register_new_visit(
    visit: Visit, *, credential: messages.Credential | None, now: datetime
) -> Encounter | None:
    """Do what `register_visit` does for a visit that has no encounter yet; raises the same."""
    sign_no = sign_number(visit.institution_id, now=now)
    certno = patients.certificate_no(visit.person)
    shown = credential or messages.Credential(messages.IDENTITY_CARD, certno)
    asked = exchanges.open_exchange(
        visit.institution_id, _who_is_it(visit, shown, certno, sign_no), now=now
    )
    heard = exchanges.send(asked)
    with _written_down(asked, heard, now=now):
        insured = _recognise(visit, heard, certno)
        if insured is None:
            _run(_UNINSURED, closing(asked, heard) | {"visit": visit.pk, "now": now})
            visit.uninsured = True
            return None
        if visit.kind == VisitKind.PHARMACY:  # its settlement registers the visit
            return _keep(visit, insured, "", closing(asked, heard) | {"now": now})
        registration = _registration(visit, insured, shown, sign_no)
        asked_number = exchanges.follow(asked, heard, registration, now=now)
    heard = exchanges.send(asked_number)
    with _written_down(asked_number, heard, now=now):
        mdtrt_id = answers.read_mdtrt_id(heard.output_or_raise())
        return _keep(visit, insured, mdtrt_id, closing(asked_number, heard) | {"now": now})


def _who_is_it(visit: Visit, shown: messages.Credential, certno: str, sign_no: str) -> Envelope:
    input_ = messages.person_query(
        cert_type=shown.cert_type,
        cert_no=shown.cert_no,
        certno=certno,
        name=visit.person.name,
        card_sn=shown.card_sn,
    )
    area = visit.insured_area or visit.person.area_id
    return Envelope("1101", f"visit:{visit.pk}", input_, area, sign_no)


def _recognise(visit: Visit, heard: Heard, certno: str) -> answers.Insured | None:
    """Choose the insurance that 1101 names; None: not known there, or without benefits."""
    if heard.state == ExchangeState.REFUSED:
        return None
    insured = answers.choose_insurance(answers.read_insured(heard.output_or_raise()))
    if insured is not None and (insured.certno, insured.name) != (certno, visit.person.name):
        raise IdentityMismatch
    return insured


def _registration(
    visit: Visit, insured: answers.Insured, shown: messages.Credential, sign_no: str
) -> Envelope:
    case = Case(visit, Encounter(insuplc_admdvs=insured.insuplc_admdvs), insured.patient, sign_no)
    if visit.kind == VisitKind.INPATIENT:
        return case.envelope("2401", f"visit:{visit.pk}", _admission(case, shown))
    input_ = messages.registration(
        patient=insured.patient,
        credential=shown,
        began_at=visit.began_at,
        visit_no=visit.visit_no,
        department=case.department,
        doctor=case.doctor,
    )
    return case.envelope("2201", f"visit:{visit.pk}", input_)


def _admission(case: Case, shown: messages.Credential) -> messages.Input:
    visit, stay = case.visit, case.visit.stay
    return stay_messages.admission(
        patient=case.patient,
        credential=shown,
        areas=case.areas,
        admitted=stay_messages.Admitted(
            visit.began_at, visit.visit_no, stay.bed, stay.admission_note, case.med_type
        ),
        diagnoses=diagnoses_of(visit.diagnoses),
        department=case.department,
        doctor=case.doctor,
    )


def diagnoses_of(rows: Iterable[Mapping[str, str]]) -> list[messages.Diagnosis]:
    """Give kept diagnoses as messages name them."""
    return [messages.Diagnosis(row["code"], row["name"]) for row in rows]


def _keep(
    visit: Visit, insured: answers.Insured, mdtrt_id: str, close: dict[str, Any]
) -> Encounter:
    parameters = close | {
        "visit": visit.pk,
        "mdtrt_id": mdtrt_id,
        "psn_no": insured.psn_no,
        "insutype": insured.insutype,
        "psn_type": insured.psn_type,
        "insuplc_admdvs": insured.insuplc_admdvs,
        "diagnosed": visit.kind in _DIAGNOSED_AT_ONCE,
    }
    row = rows.one(_ENCOUNTER, parameters)
    kept = None if row is None else rows.take(Encounter, row)[0]
    return kept or Encounter.objects.get(visit=visit)


@contextmanager
def _written_down(pending: Pending, heard: Heard, *, now: datetime) -> Iterator[None]:
    """Write down what was heard by itself when what should have written it down fails."""
    try:
        yield
    except BaseException:
        exchanges.close_exchange(pending, heard, now=now)
        raise


def _run(sql: str, parameters: dict[str, Any]) -> None:
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
    _run(_DIAGNOSED, closing(pending, heard) | {"encounter": encounter.pk, "now": now})
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
