"""How a person is insured, as the insurer says (1101), and what was kept of it at a visit."""

from dataclasses import dataclass
from datetime import datetime

from yifu.insurance import answers, messages
from yifu.insurance.answers import Insured
from yifu.insurance.errors import IdentityMismatch, InsurerUnavailable, NotInsured
from yifu.insurance.exchanges import Envelope, Heard, exchange
from yifu.insurance.models import Encounter, ExchangeState, Filing
from yifu.insurance.services import sign_number
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Known:
    """A person as messages name them: the insurer's number, the insurance, who insures."""

    institution_id: int
    person_id: int
    psn_no: str
    insutype: str
    insuplc_admdvs: str
    sign_no: str

    @property
    def subject(self) -> str:
        """How exchanges name questions about this person."""
        return f"person:{self.person_id}"

    def envelope(self, infno: str, subject: str, input_: messages.Input) -> Envelope:
        """Wrap a message about this person."""
        return Envelope(infno, subject, input_, self.insuplc_admdvs, self.sign_no)


def known_as(person: Person, *, institution_id: int, now: datetime) -> Known:
    """Tell how an institution's messages name a person: as at the last visit, or by asking (1101).

    Raises `NotInsured`, and what `ask_insurances` raises.
    """
    last = (
        Encounter.objects.filter(visit__person=person, visit__institution=institution_id)
        .order_by("-visit__began_at", "-pk")
        .first()
    )
    if last is None:
        insured = answers.choose_insurance(
            ask_insurances(person, institution_id=institution_id, now=now)
        )
        if insured is None:
            raise NotInsured
        return known(person, insured, institution_id=institution_id, now=now)
    return known(person, last, institution_id=institution_id, now=now)


def known(
    person: Person, insured: Insured | Encounter | Filing, *, institution_id: int, now: datetime
) -> Known:
    """Name a person by an insurance that 1101 gave, or that was kept with a visit or a filing."""
    return Known(
        institution_id=institution_id,
        person_id=person.pk,
        psn_no=insured.psn_no,
        insutype=insured.insutype,
        insuplc_admdvs=insured.insuplc_admdvs,
        sign_no=sign_number(institution_id, now=now),
    )


def ask_insurances(person: Person, *, institution_id: int, now: datetime) -> tuple[Insured, ...]:
    """Ask how a person is insured, by identity number (1101); none: the insurer has nobody there.

    Raises `IdentityMismatch`, `InsurerUnavailable`, `InsurerNonsense`, `NotConnected`.
    """
    certno = patients.certificate_no(person)
    input_ = messages.person_query(
        cert_type=messages.IDENTITY_CARD, cert_no=certno, certno=certno, name=person.name
    )
    sign_no = sign_number(institution_id, now=now)
    area = _area_of(person, institution_id)
    envelope = Envelope("1101", f"person:{person.pk}", input_, area, sign_no)
    heard = exchange(institution_id, envelope, now=now)
    if heard.state == ExchangeState.REFUSED:
        return ()
    insurances = answers.read_insured(told(heard))
    if any((one.certno, one.name) != (certno, person.name) for one in insurances):
        raise IdentityMismatch
    return insurances


def _area_of(person: Person, institution_id: int) -> str:
    """Give the area that insures a person: what the last visit here said, or the person's own."""
    visits = Visit.objects.filter(person=person, institution=institution_id)
    last = visits.order_by("-began_at", "-pk").values_list("insured_area", flat=True).first()
    return last or person.area_id


def told(heard: Heard) -> messages.Input:
    """Give the answer to a question; raises `InsurerRefused`, `InsurerUnavailable`.

    A question that is not answered has changed nothing, so nothing about it is unknown.
    """
    if heard.unknown:
        raise InsurerUnavailable(message=heard.detail)
    return heard.output_or_raise()
