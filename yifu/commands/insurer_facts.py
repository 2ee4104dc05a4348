"""Whom and what a message from the console is about: institution, person, visit, looked up."""

from dataclasses import dataclass
from datetime import datetime

import click
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.insurance import answers, messages
from yifu.insurance.cases import MED_TYPES
from yifu.insurance.exchanges import OPERATOR, OPERATOR_NAME, Envelope, exchange
from yifu.insurance.fields import write_time
from yifu.insurance.models import Connection, Encounter
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.secrets import fingerprint
from yifu.settlement.models import ENDED_STATES, Settlement
from yifu.visits.models import Visit

_IDENTITY_CHARACTERS = 18


@dataclass(slots=True)
class Subject:
    """A person, and the visit that is spoken about, if there is one."""

    person: Person
    visit: Visit | None
    encounter: Encounter | None

    @property
    def number(self) -> str:
        """The subject that the exchange is kept under."""
        return f"visit:{self.visit.pk}" if self.visit else f"person:{self.person.pk}"


def find_institution(code: str | None) -> Institution:
    """Find an institution by code, or the only one that is connected."""
    connected = Institution.objects.filter(insurer__isnull=False).order_by("code")
    if code is not None:
        found = connected.filter(code=code).first()
        if found is None:
            raise click.ClickException(
                f"{code} is not connected to an insurer: see `yifu insurer connect --help`"
            )
        return found
    rows = list(connected[:2])
    if not rows:
        raise click.ClickException(
            "no institution is connected to an insurer: see `yifu insurer connect --help`"
        )
    if len(rows) > 1:
        raise click.ClickException("several institutions are connected: say --institution CODE")
    return rows[0]


def find_subject(text: str, institution: Institution) -> Subject:
    """Find a person by identity number, visit number, name or sign-in name."""
    visit = (
        Visit.objects.select_related("person", "institution")
        .filter(institution=institution, visit_no=text)
        .first()
    )
    if visit is not None:
        return Subject(visit.person, visit, Encounter.objects.filter(visit=visit).first())
    person = _person(text, institution)
    encounters = Encounter.objects.select_related("visit__person", "visit__institution")
    latest = encounters.filter(visit__person=person, visit__institution=institution).last()
    return Subject(person, latest.visit if latest else None, latest)


def _person(text: str, institution: Institution) -> Person:
    known = Person.objects.filter(registrations__institution=institution)
    if len(text) == _IDENTITY_CHARACTERS and text[:-1].isdigit():
        index = fingerprint(text.upper(), kind="certificate")
        rows = list(known.filter(certificate_index=index)[:2])
    else:
        rows = list(known.filter(Q(name=text) | Q(user__username=text))[:2])
    if not rows:
        raise click.ClickException(
            f"nobody registered at {institution.name} is known by what --person says: "
            "give an identity number, a visit number, or a full name"
        )
    if len(rows) > 1:
        raise click.ClickException("several persons have that name: give the identity number")
    return rows[0]


def facts_of(institution: Institution, subject: Subject | None) -> dict[str, str]:
    """Give what is known, by field name: what a message may carry without being told."""
    facts = {
        "fixmedins_code": institution.code,
        "fixmedins_name": institution.name,
        "mdtrtarea_admvs": institution.area_id,
        "poolarea_no": institution.area_id,
        "admdvs": institution.area_id,
        "setl_optins": institution.area_id,
        "opter": OPERATOR,
        "opter_no": OPERATOR,
        "opter_name": OPERATOR_NAME,
        "mac": "00-00-00-00-00-00",
        "ip": "127.0.0.1",
        "page_num": "1",
        "page_size": "20",
        "psn_setlway": messages.BY_ITEM,
    }
    if subject is None:
        return facts
    facts |= _of_person(subject.person)
    if subject.encounter is not None:
        facts |= _of_encounter(subject.encounter)
    if subject.visit is not None:
        facts |= _of_visit(subject.visit)
    return facts


def _of_person(person: Person) -> dict[str, str]:
    certno = patients.certificate_no(person)
    return {
        "psn_name": person.name,
        "patn_name": person.name,
        "name": person.name,
        "psn_cert_type": person.certificate_type,
        "cert_type": person.certificate_type,
        "certno": certno,
        "mdtrt_cert_type": messages.IDENTITY_CARD,
        "mdtrt_cert_no": certno,
        "gend": person.sex,
        "brdy": person.birth_date.isoformat(),
        "insuplc_admdvs": person.area_id,
    }


def _of_encounter(encounter: Encounter) -> dict[str, str]:
    names = ("psn_no", "mdtrt_id", "insutype", "psn_type", "insuplc_admdvs")
    return {name: getattr(encounter, name) for name in names}


def _of_visit(visit: Visit) -> dict[str, str]:
    doctor, department = visit.doctor_code, visit.department_code
    facts = {
        "ipt_otp_no": visit.visit_no,
        "ipt_no": visit.visit_no,
        "mdtrt_sn": visit.visit_no,
        "begntime": write_time(visit.began_at),
        "med_type": visit.med_type or MED_TYPES.get(visit.kind, ""),
        "dept_code": department,
        "dept_name": visit.department_name,
        "caty": department[:10],
        "atddr_no": doctor,
        "dr_name": visit.doctor_name,
    }
    for row in visit.diagnoses[:1]:
        facts |= {"dise_codg": row["code"], "dise_name": row["name"]}
    live = Settlement.objects.filter(visit=visit).exclude(setl_id="")
    settled = live.exclude(state__in=ENDED_STATES).order_by("pk").last()
    if settled is not None:
        facts |= {"setl_id": settled.setl_id, "omsgid": settled.msgid, "oinfno": "2207"}
    return facts


def ask_who(
    institution: Institution, person: Person, *, sign_no: str, now: datetime
) -> dict[str, str]:
    """Ask the insurer who a person is (1101): what its later messages want to hear.

    Raises `InsurerRefused` and its like when there is no answer.
    """
    certno = patients.certificate_no(person)
    input_ = messages.person_query(
        cert_type=messages.IDENTITY_CARD, cert_no=certno, certno=certno, name=person.name
    )
    envelope = Envelope("1101", f"person:{person.pk}", input_, person.area_id, sign_no)
    heard = exchange(institution.pk, envelope, now=now)
    insured = answers.choose_insurance(answers.read_insured(heard.output_or_raise()))
    if insured is None:
        raise click.ClickException("the insurer knows the person, but grants no benefits now")
    return {
        "psn_no": insured.psn_no,
        "insutype": insured.insutype,
        "psn_type": insured.psn_type,
        "insuplc_admdvs": insured.insuplc_admdvs,
    }


def connection_of(institution: Institution) -> Connection:
    """Give how an institution reaches its insurer."""
    return Connection.objects.get(institution=institution)
