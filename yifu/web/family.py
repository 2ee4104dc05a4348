"""A patient's family: who is paid for, who pays, and joining (P1.4, P1.5).

On the phone nobody sees a paper, so two things protect whoever is named: a minor joins at once
only when registered with the principal's own telephone (or nowhere yet: then the principal
registers the child), and an adult is asked on the own phone. Everybody else goes to a window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404

from yifu import clock
from yifu.credit.schemes import Scheme
from yifu.enrolment import rules
from yifu.enrolment import services as enrolment
from yifu.errors import YifuError
from yifu.ledger.models import Line
from yifu.patients import services as patients
from yifu.patients.models import Contract, Dependant, Person
from yifu.patients.rules import check_identity_number
from yifu.secrets import decrypt, encrypt, fingerprint
from yifu.web import signup
from yifu.web.models import FamilyRequest, FamilyRequestState


class GoToTheWindow(YifuError):
    """What was typed is not enough to add this person on a phone. It says no more on purpose."""

    code = "family_at_the_window"
    status = 409
    zh = (
        "手机上不能添加：姓名、身份证号与登记不符，或登记的手机号与您的不同。请带双方证件到窗口办理"
    )
    en = (
        "This cannot be done on the phone: name and number are not as registered, or the telephone "
        "is not yours. Please bring both identity cards to a window"
    )


class AskedAlready(YifuError):
    """The relative has been asked and has not answered."""

    code = "asked_already"
    status = 409
    zh = "已经发出邀请，等待对方在手机上同意"
    en = "They have been asked already and have not answered"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody the person pays for, with the part of the line, if there is one."""

    dependant: Dependant
    line: Line | None


@dataclass(frozen=True, slots=True)
class Family:
    """Who a person pays for, who has been asked, and what others ask the person."""

    members: Sequence[Member]
    asked: Sequence[FamilyRequest]
    invitations: Sequence[FamilyRequest]


def family_of(person: Person) -> Family:
    """Read a person's family."""
    living = Dependant.objects.filter(
        contract__person=person, contract__closed_at__isnull=True, ended_at__isnull=True
    )
    living = living.select_related("person", "share__line", "contract").order_by("since", "pk")
    requests = FamilyRequest.objects.filter(state=FamilyRequestState.ASKED)
    requests = requests.filter(contract__closed_at__isnull=True).order_by("pk")
    return Family(
        members=[Member(one, one.share.line if hasattr(one, "share") else None) for one in living],
        asked=list(requests.filter(contract__person=person).select_related("person")),
        invitations=list(requests.filter(person=person).select_related("contract__person")),
    )


def find_member(person: Person, dependant_id: int) -> Member:
    """Find somebody the person pays for; `Http404` for anybody else."""
    found = [one for one in family_of(person).members if one.dependant.pk == dependant_id]
    if not found:
        raise Http404
    return found[0]


def find_invitation(person: Person, request_id: int) -> FamilyRequest:
    """Find what the person is asked and has not answered; else `Http404`."""
    found = [one for one in family_of(person).invitations if one.pk == request_id]
    if not found:
        raise Http404
    return found[0]


def join_on_phone(
    principal: Person, contract: Contract, asked: dict[str, Any], *, scheme: Scheme, now: datetime
) -> Dependant | FamilyRequest:
    """Add a minor at once, or ask an adult; `asked` are a valid `DependantForm`'s values.

    Raises `FalseIdentityNumber`, `GoToTheWindow`, `AskedAlready` and what `enrolment.add` raises.
    """
    day = clock.business_date(now)
    identity = check_identity_number(asked["certificate_no"], on=day)
    adult = rules.is_adult(identity.birth_date, day, adult_age=scheme.signing.adult_age)
    found = Person.objects.filter(
        area_id=principal.area_id,
        certificate_index=fingerprint(identity.number, kind="certificate"),
    ).first()
    if found is not None and found.name != asked["name"]:
        raise GoToTheWindow
    if adult:
        if found is None:
            raise GoToTheWindow
        return _ask(contract, found, asked, now=now)
    if found is not None and bytes(found.phone_index) != bytes(principal.phone_index):
        raise GoToTheWindow
    with transaction.atomic():
        child = found or _register(principal, asked, now=now)
        return enrolment.add(contract.pk, new_dependant(child, asked), now=now)


def new_dependant(
    person: Person,
    asked: dict[str, Any],
    *,
    seen_by: str = "",
    agreement: patients.Agreement | None = None,
) -> patients.NewDependant:
    """Give somebody to add, from a valid `DependantForm`; who saw the paper, or nobody."""
    proof = patients.Proof(asked["proof"], asked["proof_no"], seen_by)
    return patients.NewDependant(person.pk, asked["kinship"], asked["limit_fen"], proof, agreement)


def _register(principal: Person, asked: dict[str, Any], *, now: datetime) -> Person:
    """Register a child nobody knows yet, with the principal's telephone and hospital (P1.3)."""
    child, is_new = patients.register_person(
        patients.NewPerson(
            name=asked["name"],
            certificate_type=patients.IDENTITY_CARD,
            certificate_no=asked["certificate_no"],
            phone=patients.phone(principal),
        ),
        area=principal.area_id,
        institution_id=signup.home_institution(principal),
        now=now,
    )
    if not is_new:  # somebody registered the child at this very instant
        raise GoToTheWindow
    return child


def _ask(
    contract: Contract, person: Person, asked: dict[str, Any], *, now: datetime
) -> FamilyRequest:
    try:
        with transaction.atomic():
            return FamilyRequest.objects.create(
                contract=contract,
                person=person,
                kinship=asked["kinship"],
                limit_fen=asked["limit_fen"],
                proof=asked["proof"],
                proof_cipher=encrypt(asked["proof_no"]),
                asked_at=now,
            )
    except IntegrityError:
        raise AskedAlready from None


def agree(request: FamilyRequest, consent: signup.Shown, *, now: datetime) -> Dependant:
    """Let an adult agree to being paid for; raises what `enrolment.add` raises."""
    agreement = patients.Agreement(
        text_version=consent.version,
        channel="phone",
        language=consent.language,
        shown_at=consent.at,
    )
    with transaction.atomic():
        _answer(request, FamilyRequestState.AGREED, now=now)
        proof = patients.Proof(request.proof, decrypt(request.proof_cipher), "")
        asked = patients.NewDependant(
            request.person_id, request.kinship, request.limit_fen, proof, agreement
        )
        return enrolment.add(request.contract_id, asked, now=now)


def decline(request: FamilyRequest, *, now: datetime) -> None:
    """Say no to being paid for."""
    _answer(request, FamilyRequestState.DECLINED, now=now)


def withdraw(person: Person, request_id: int, *, now: datetime) -> None:
    """Take back what was asked; `Http404` for anything that is not the person's to take back."""
    found = [one for one in family_of(person).asked if one.pk == request_id]
    if not found:
        raise Http404
    _answer(found[0], FamilyRequestState.WITHDRAWN, now=now)


def _answer(request: FamilyRequest, to: FamilyRequestState, *, now: datetime) -> None:
    """Answer a request once; raises `Http404` when somebody else just did."""
    open_ = FamilyRequest.objects.filter(pk=request.pk, state=FamilyRequestState.ASKED)
    if not open_.update(state=to, answered_at=now):
        raise Http404
