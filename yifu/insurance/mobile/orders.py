"""The platform's orders at the payment centre: what is kept of them, and for how long.

`payToken` and `revsToken` are rights over money: they are kept encrypted, and go as soon as nothing
can be done with them (`close`, `forget_tokens`).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from yifu.insurance import exchanges
from yifu.insurance import services as insurance
from yifu.insurance.answers import Insured, UnreadableAnswer, choose_insurance, read_insured
from yifu.insurance.cases import Case, fee_line
from yifu.insurance.errors import IdentityMismatch, InsurerNonsense
from yifu.insurance.exchanges import Envelope, Heard, Pending
from yifu.insurance.messages import (
    RESIDENT_IDENTITY,
    TOKEN,
    Department,
    Diagnosis,
    person_query,
)
from yifu.insurance.mobile import answers, client, messages
from yifu.insurance.mobile.answers import Paid, Uploaded
from yifu.insurance.mobile.errors import AuthorisationNeeded
from yifu.insurance.mobile.messages import Order, Scanned, Upload
from yifu.insurance.mobile.models import PayOrder
from yifu.insurance.mobile.rules import (
    CASH,
    INSURED,
    REVERSAL_RIGHT,
    TOKENS_FOR,
    may_reverse,
)
from yifu.insurance.models import ExchangeState
from yifu.insurance.rules import LineSplit
from yifu.patients import services as patients
from yifu.secrets import decrypt, encrypt
from yifu.visits.models import Charge, Visit


@dataclass(frozen=True, slots=True)
class Amounts:
    """What stands of an order, fen."""

    total_fen: int
    fund_fen: int
    account_fen: int
    cash_fen: int


def scan(visit: Visit, code: str, *, now: datetime) -> Scanned:
    """Ask who shows a code (6101); it must be the visit's patient (P1.8).

    Raises `InsurerRefused` (unknown, used or expired), `InsurerUnavailable`, `InsurerNonsense`,
    `IdentityMismatch`, `NotConnected`.
    """
    centre = client.centre_of(visit.institution_id)
    input_ = messages.decode(
        org_code=centre.org_id or visit.institution.code,
        operator=exchanges.OPERATOR,
        operator_name=exchanges.OPERATOR_NAME,
        department=Department(visit.department_code, visit.department_name, ""),
    )
    asked = Envelope("6101", f"visit:{visit.pk}", input_)
    unwritten = {centre.qr_field: code}
    heard = client.exchange(visit.institution_id, asked, now=now, unwritten=unwritten)
    try:
        scanned = answers.read_scanned(heard.output_or_raise())
    except UnreadableAnswer as error:
        raise InsurerNonsense(message=f"6101 {error}") from error
    person = visit.person
    shown = (scanned.cert_type, scanned.certno, scanned.name)
    if shown != (RESIDENT_IDENTITY, patients.certificate_no(person), person.name):
        raise IdentityMismatch
    return scanned


def find_insurance(visit: Visit, scanned: Scanned, *, now: datetime) -> Insured | None:
    """Ask how somebody who showed a code is insured (1101, by its token); None: not at all.

    Raises `InsurerUnavailable`, `InsurerNonsense`, `IdentityMismatch`.
    """
    input_ = person_query(
        cert_type=TOKEN, cert_no=scanned.ec_token, certno=scanned.certno, name=scanned.name
    )
    sign_no = insurance.sign_number(visit.institution_id, now=now)
    asked = Envelope("1101", f"visit:{visit.pk}", input_, scanned.area, sign_no)
    heard = exchanges.exchange(visit.institution_id, asked, now=now)
    if heard.state == ExchangeState.REFUSED:
        return None
    try:
        insured = choose_insurance(read_insured(heard.output_or_raise()))
    except ValueError as error:
        raise InsurerNonsense(message=f"1101 {error}") from error
    if insured is not None and (insured.certno, insured.name) != (scanned.certno, scanned.name):
        raise IdentityMismatch
    return insured


def upload_message(
    case: Case,
    scanned: Scanned,
    *,
    med_org_ord: str,
    batch_no: str,
    lines: tuple[tuple[int, Charge], ...],
    subject: str,
) -> Envelope:
    """Build 6201 for charges, each with the number it is known by there."""
    visit, org_code = case.visit, case.visit.institution.code
    input_ = messages.upload(
        Upload(
            org_code=org_code,
            org_id=client.centre_of(visit.institution_id).org_id,
            med_org_ord=med_org_ord,
            mdtrt_id=case.encounter.mdtrt_id,
            visit_no=visit.visit_no,
            med_type=case.med_type,
            began_at=visit.began_at,
            batch_no=batch_no,
            total_fen=sum(charge.amount_fen for _, charge in lines),
        ),
        patient=case.patient,
        ec_token=scanned.ec_token,
        area=scanned.area,
        department=case.department,
        doctor=case.doctor,
        diagnoses=[Diagnosis(row["code"], row["name"]) for row in visit.diagnoses],
        lines=[fee_line(number, charge) for number, charge in lines],
    )
    return Envelope("6201", subject, input_, case.encounter.insuplc_admdvs)


def order_of(row: PayOrder, case: Case) -> Order:
    """Name an order as messages do. Raises `AuthorisationNeeded` when its token has gone."""
    if row.pay_token_cipher is None:
        raise AuthorisationNeeded
    token = decrypt(row.pay_token_cipher)
    return Order(row.pay_ord_id, token, case.visit.institution.code, case.patient)


def pay_message(
    order: Order, *, auth_no: str, mdtrt_id: str, batch_no: str, serial: str, subject: str
) -> Envelope:
    """Build 6202."""
    input_ = messages.pay(
        order, auth_no=auth_no, mdtrt_id=mdtrt_id, batch_no=batch_no, serial=serial
    )
    return Envelope("6202", subject, input_)


def keep(
    uploaded: Uploaded,
    *,
    institution_id: int,
    subject: str,
    med_org_ord: str,
    mdtrt_id: str,
    now: datetime,
) -> PayOrder:
    """Keep an order that 6201 opened, in the caller's transaction; its token encrypted."""
    return PayOrder.objects.create(
        institution_id=institution_id,
        subject=subject,
        med_org_ord=med_org_ord,
        pay_ord_id=uploaded.pay_ord_id,
        mdtrt_id=mdtrt_id,
        lines=[asdict(line) for line in uploaded.lines],
        pay_token_cipher=encrypt(uploaded.pay_token),
        opened_at=now,
    )


def lines_of(row: PayOrder) -> tuple[LineSplit, ...]:
    """Give how the insurer sees each line of an order."""
    return tuple(LineSplit(**line) for line in row.lines)


def ask(row: PayOrder, case: Case, *, now: datetime) -> tuple[Heard, Paid | None]:
    """Ask what became of an order (6301) and keep what is said; outside any transaction.

    Gives no `Paid` when there is no answer to work with. Raises `AuthorisationNeeded` when the
    order's token has gone.
    """
    input_ = messages.query(order_of(row, case))
    asked = Envelope("6301", f"query:{row.subject.partition(':')[2]}", input_)
    heard = client.exchange(row.institution_id, asked, now=now)
    if heard.output is None:
        return heard, None
    try:
        paid = answers.read_paid(heard.output)
    except ValueError as error:
        return Heard(ExchangeState.UNKNOWN, None, f"6301 {error}"[:300]), None
    if paid.pay_ord_id != row.pay_ord_id:
        return Heard(ExchangeState.UNKNOWN, None, "6301: another order"), None
    note(row, paid, now=now)
    return heard, paid


def refund_message(
    row: PayOrder,
    *,
    refund_no: str,
    token: str,
    kind: str,
    amounts: Amounts,
    subject: str,
    now: datetime,
) -> Envelope:
    """Build 6203; the part that `kind` does not name is not given back."""
    insured = kind != CASH
    input_ = messages.refund(
        pay_ord_id=row.pay_ord_id,
        refund_no=refund_no,
        token=token,
        kind=kind,
        total_fen=amounts.total_fen if insured else amounts.cash_fen,
        account_fen=amounts.account_fen if insured else 0,
        fund_fen=amounts.fund_fen if insured else 0,
        cash_fen=amounts.cash_fen if kind != INSURED else 0,
        now=now,
    )
    return Envelope("6203", subject, input_)


def send_refund(pending: Pending) -> Heard:
    """Send 6203: answered when all is back, refused when nothing is, unknown when a part may be."""
    heard = client.send(pending)
    if heard.output is None:
        return heard
    try:
        status = answers.read_refunded(heard.output)
    except UnreadableAnswer as error:
        return Heard(ExchangeState.UNKNOWN, None, f"6203 {error}"[:300])
    if status == "SUCC":
        return heard
    state = ExchangeState.REFUSED if status == "FAIL" else ExchangeState.UNKNOWN
    return Heard(state, None, f"refStatus {status}")


def withdraw(row: PayOrder, case: Case, *, now: datetime) -> Heard:
    """Take an unpaid order back (6401), outside any transaction."""
    asked = Envelope("6401", row.subject, messages.withdraw(order_of(row, case)))
    return client.exchange(row.institution_id, asked, now=now)


def note(row: PayOrder, paid: Paid, *, now: datetime) -> None:
    """Keep an order's state and, for its hour, the right to reverse it."""
    open_ = PayOrder.objects.filter(pk=row.pk, closed_at__isnull=True)
    open_.update(ord_stas=paid.ord_stas)
    keep_right(row, paid, now=now)
    row.refresh_from_db()


def keep_right(row: PayOrder, paid: Paid, *, now: datetime) -> None:
    """Keep `revsToken`, for an hour from now at most, whatever the other side's clock says."""
    until = paid.reversible_until
    until = None if until is None else min(until, now + REVERSAL_RIGHT)
    if may_reverse(until=until, now=now):
        open_ = PayOrder.objects.filter(pk=row.pk, closed_at__isnull=True)
        open_.update(revs_token_cipher=encrypt(paid.revs_token), revs_until=until)


def reversal_token(row: PayOrder, *, now: datetime) -> str:
    """Give the right to reverse an order, within its hour. Raises `AuthorisationNeeded`."""
    token = row.revs_token_cipher
    if token is None or not may_reverse(until=row.revs_until, now=now):
        raise AuthorisationNeeded
    return decrypt(token)


def close(subject: str, *, now: datetime, ord_stas: str = "") -> None:
    """Close an order that ended, tokens gone; in the caller's transaction, if there is one."""
    changes: dict[str, Any] = {"ord_stas": ord_stas} if ord_stas else {}
    PayOrder.objects.filter(subject=subject, closed_at__isnull=True).update(
        pay_token_cipher=None, revs_token_cipher=None, revs_until=None, closed_at=now, **changes
    )


def forget_tokens(*, now: datetime) -> int:
    """Let go of rights whose time is over; gives how many orders had one.

    `revsToken` after its hour, `payToken` after half a year.
    """
    gone = PayOrder.objects.filter(revs_until__lte=now).update(
        revs_token_cipher=None, revs_until=None
    )
    old = PayOrder.objects.filter(closed_at__isnull=True, opened_at__lte=now - TOKENS_FOR)
    return gone + old.filter(Q(pay_token_cipher__isnull=False)).update(
        pay_token_cipher=None, revs_token_cipher=None, closed_at=F("opened_at") + TOKENS_FOR
    )
