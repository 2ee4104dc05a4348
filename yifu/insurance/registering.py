"""Make visits known to the insurer: who is it (1101), and a number for the visit (2201, 2401)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from yifu import rows
from yifu.insurance import answers, exchanges, finding, messages, persons, stay_messages
from yifu.insurance.cases import MED_TYPES, Case
from yifu.insurance.errors import IdentityMismatch
from yifu.insurance.exchanges import CLOSED, Envelope, Heard, Pending, closing
from yifu.insurance.models import Encounter, ExchangeState
from yifu.insurance.services import diagnoses_of, run, sign_number
from yifu.patients import services as patients
from yifu.visits.models import Visit, VisitKind

_DIAGNOSED_AT_ONCE = (VisitKind.INPATIENT, VisitKind.PHARMACY)
"""Visits without a 2203: an admission has its diagnoses, a purchase needs none."""


# What an answer says of a visit is kept with the answer: one statement, one durable commit.
_UNINSURED = f"WITH {CLOSED} UPDATE visits_visit SET uninsured = true WHERE id = %(visit)s"  # noqa: S608 - our own text
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
            run(_UNINSURED, closing(asked, heard) | {"visit": visit.pk, "now": now})
            visit.uninsured = True
            return None
        if visit.kind == VisitKind.PHARMACY:  # its settlement registers the visit
            return _keep(visit, insured, "", closing(asked, heard) | {"now": now})
        registration = _registration(visit, insured, shown, sign_no)
        asked_number = exchanges.follow(asked, heard, registration, now=now)
    heard = exchanges.send(asked_number)
    with _written_down(asked_number, heard, now=now):
        if heard.state != ExchangeState.REFUSED:
            mdtrt_id = answers.read_mdtrt_id(heard.output_or_raise())
            return _keep(visit, insured, mdtrt_id, closing(asked_number, heard) | {"now": now})
    exchanges.close_exchange(asked_number, heard, now=now)
    return _keep_found(visit, insured, heard, now=now)


def _keep_found(
    visit: Visit, insured: answers.Insured, refused: Heard, *, now: datetime
) -> Encounter:
    """Take up the number of a visit that is registered there already: its answer was lost before.

    Raises `InsurerRefused` with what the insurer said if it has no such visit.
    """
    who = persons.known(visit.person, insured, institution_id=visit.institution_id, now=now)
    if visit.kind == VisitKind.INPATIENT:
        mdtrt_id = finding.find_stay(visit, who, now=now)
    else:
        med_type = visit.med_type or MED_TYPES[visit.kind]
        mdtrt_id = finding.find_visit(visit, who, med_type=med_type, now=now)
    if mdtrt_id is None:
        refused.output_or_raise()
    return _keep(visit, insured, mdtrt_id or "", closing(None, None) | {"now": now})


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
