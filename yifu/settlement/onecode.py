"""One code settles it all (一码付): who it is, the insured part and the patient's own part.

The patient shows a code once. It tells who they are (6101) and carries the authorisation with which
the insurer's payment centre settles what was uploaded (6201) and takes the rest (6202). Nothing can
be paid but by 6202, so whatever stops before it is as if it had not been; whatever stops after it
is asked about (6301). What was paid and cannot be kept goes back (`centre_undoing`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from django.db import DataError, IntegrityError, transaction

from yifu import clock
from yifu.errors import YifuError
from yifu.institutions import services as institutions
from yifu.institutions.services import RequestKey
from yifu.insurance import exchanges
from yifu.insurance import services as insurance
from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.cases import Case
from yifu.insurance.errors import InsurerNonsense, InsurerRefused, InsurerUnavailable
from yifu.insurance.exchanges import Envelope, Heard, Pending
from yifu.insurance.fields import codes
from yifu.insurance.messages import Patient
from yifu.insurance.mobile import answers, client, orders
from yifu.insurance.mobile.answers import Paid, Uploaded
from yifu.insurance.mobile.errors import NotInsured, NotPayable
from yifu.insurance.mobile.messages import Scanned
from yifu.insurance.mobile.models import PayOrder
from yifu.insurance.mobile.rules import TAKEN_BACK, WITHDRAWN, meaning
from yifu.insurance.models import Encounter, Exchange, ExchangeState
from yifu.insurance.rules import SplitError, check_lines
from yifu.patients import services as patients
from yifu.settlement import centre_undoing, funding, jobs, services, stopping, whole
from yifu.settlement.answers import Outcome
from yifu.settlement.asking import StillUnknown
from yifu.settlement.errors import MethodUnavailable
from yifu.settlement.funding import FinishedElsewhere
from yifu.settlement.insuring import Contradicted, Insured, Rejected, Unknown, case_of
from yifu.settlement.models import Method, Settlement, SettlementState
from yifu.settlement.work import Work, claim, load_visit, open_charges
from yifu.visits.models import Visit

S = SettlementState
_OPEN = (S.CLAIMED, S.UNKNOWN)


def settle(
    *,
    institution_id: int,
    visit_id: int,
    code: str,
    charge_ids: Sequence[int] | None = None,
    now: datetime,
    key: RequestKey | None = None,
) -> Outcome:
    """Settle a visit by the code its patient shows (P1.7, P1.8; NHSA 6101, 6201, 6202).

    As `services.settle`; the code is used up by it and kept nowhere. Raises what that raises, and
    `NotPayable`, `NotInsured`, `NotConnected`; then nothing has changed but the code.
    """
    visit, encounter = load_visit(visit_id, institution_id)
    # Asked before anything else: a request that is made again has no second code to use up.
    if key is not None and institutions.check_key(key):
        return services.answer_earlier(key)
    if visit.kind in whole.KINDS:
        raise MethodUnavailable(method=Method.ONECODE)
    chosen = open_charges(visit.pk, charge_ids)
    scanned = orders.scan(visit, code, now=now)
    if not scanned.auth_no:
        raise NotPayable
    case = _case(visit, encounter, scanned, now=now)
    work = Work(chosen.settlement_id, visit, case, chosen.lines, Method.ONECODE)
    claimed = claim(work, _upload_message(work, scanned), now=now, key=key)
    if claimed is None:
        return services.answer_earlier(cast("RequestKey", key))
    work, upload = claimed
    return _carry_out(work, cast("Pending", upload), scanned, now=now)


def _case(visit: Visit, encounter: Encounter | None, scanned: Scanned, *, now: datetime) -> Case:
    """Say who is treated and under which insurance; a visit not registered yet has no number."""
    if encounter is not None:
        return insurance.case_of(visit, encounter, now=now)
    insured = orders.find_insurance(visit, scanned, now=now)
    if insured is None:
        raise NotInsured
    unregistered = Encounter(
        visit=visit,
        mdtrt_id="",
        psn_no=insured.psn_no,
        insutype=insured.insutype,
        psn_type=insured.psn_type,
        insuplc_admdvs=insured.insuplc_admdvs,
        diagnoses_sent=True,
    )
    patient = Patient(
        psn_no=insured.psn_no,
        name=visit.person.name,
        certno=patients.certificate_no(visit.person),
        insutype=insured.insutype,
        psn_type=insured.psn_type,
    )
    return Case(visit, unregistered, patient, "")


def _upload_message(work: Work, scanned: Scanned) -> Envelope:
    return orders.upload_message(
        case_of(work),
        scanned,
        med_org_ord=order_number(work),
        batch_no=work.batch_no,
        lines=work.lines,
        subject=work.subject,
    )


def order_number(work: Work) -> str:
    """Give `medOrgOrd`: our number of the order, one a settlement."""
    return f"{work.visit.institution.code}S{work.settlement_id}"


def _carry_out(work: Work, upload: Pending, scanned: Scanned, *, now: datetime) -> Outcome:
    try:
        row, paying = _upload(work, upload, scanned, now=now)
        insured = _pay(work, row, paying, now=now)
    except Rejected as stop:
        reject(work, stop, now=now)
        raise stop.error from stop
    except Unknown as stop:
        return stopping.leave_unknown(work, stop, now=now)
    except Contradicted as stop:
        error = InsurerNonsense(message=stop.detail)
        return centre_undoing.undo_unkept(work, stop, error, now=now)
    except FinishedElsewhere:
        return funding.current(work.settlement_id)
    return _fund(work, insured, now=now)


def _upload(
    work: Work, upload: Pending, scanned: Scanned, *, now: datetime
) -> tuple[PayOrder, Pending]:
    """Open the order (6201), keep it, and write 6202 down.

    Raises `Rejected`, also where no answer came: an upload pays nothing.
    """
    heard = client.send(upload)
    if heard.unknown:
        raise Rejected(upload, heard, InsurerUnavailable(message=heard.detail))
    if heard.output is None:
        raise Rejected(upload, heard, _error_of(heard))
    try:
        uploaded = answers.read_uploaded(heard.output)
        mdtrt_id = case_of(work).encounter.mdtrt_id or uploaded.mdtrt_id
        if not mdtrt_id:
            raise UnreadableAnswer("extData.mdtrtId")
        if uploaded.lines:
            check_lines(uploaded.lines, work.sent)
    except ValueError as error:
        raise Rejected(upload, heard, InsurerNonsense(message=f"6201 {error}")) from error
    with transaction.atomic():
        row = _keep(work, uploaded, mdtrt_id, now=now)
        message = orders.pay_message(
            orders.order_of(row, case_of(work)),
            auth_no=scanned.auth_no,
            mdtrt_id=mdtrt_id,
            batch_no=work.batch_no,
            serial="",
            subject=work.subject,
        )
        paying = exchanges.follow(upload, heard, message, now=now)
    # Its own number is what no other request has.
    message.input_["data"]["orgBizSer"] = paying.msgid
    return row, paying


def _error_of(heard: Heard) -> YifuError:
    if heard.state == ExchangeState.REFUSED:
        return InsurerRefused(message=heard.detail)
    return InsurerUnavailable(message=heard.detail)


def _keep(work: Work, uploaded: Uploaded, mdtrt_id: str, *, now: datetime) -> PayOrder:
    """Keep the order, and the visit's number where 6201 registered it.

    Raises `FinishedElsewhere` when the recovery has given this settlement up meanwhile: then it
    must not be paid.
    """
    if not lock_open(work.settlement_id):
        raise FinishedElsewhere
    encounter = case_of(work).encounter
    if not encounter.mdtrt_id:
        encounter.mdtrt_id = mdtrt_id
        Encounter.objects.bulk_create([encounter], ignore_conflicts=True)
        Visit.objects.filter(pk=work.visit.pk).update(uninsured=False)
    return orders.keep(
        uploaded,
        institution_id=work.visit.institution_id,
        subject=work.subject,
        med_org_ord=order_number(work),
        mdtrt_id=mdtrt_id,
        now=now,
    )


def lock_open(settlement_id: int) -> bool:
    """Lock a settlement in the caller's transaction; False when it is decided already."""
    locked = Settlement.objects.select_for_update(no_key=True).filter(
        pk=settlement_id, state__in=_OPEN
    )
    return locked.exists()


def _pay(work: Work, row: PayOrder, paying: Pending, *, now: datetime) -> Insured:
    """Have the order paid (6202). Raises `Rejected`, `Unknown`, `Contradicted`."""
    heard = client.send(paying)
    if heard.unknown:
        raise Unknown(paying, heard)
    if heard.output is None:
        raise Rejected(paying, heard, _error_of(heard))
    try:
        paid = answers.read_paid(heard.output)
    except ValueError as error:
        raise Unknown(paying, _unclear(f"6202 {error}")) from error
    if paid.pay_ord_id != row.pay_ord_id:
        raise Unknown(paying, _unclear("6202: another order"))
    return decide(work, row, paying, heard, paid, now=now)


def _unclear(detail: str) -> Heard:
    return Heard(ExchangeState.UNKNOWN, None, detail[:300])


def decide(
    work: Work, row: PayOrder, paying: Pending, heard: Heard, paid: Paid, *, now: datetime
) -> Insured:
    """Say what an order's state means for the settlement (code table `ordStas`).

    Raises `Rejected` (nothing stands), `Unknown` (ask again), `Contradicted` (it must go back).
    """
    orders.note(row, paid, now=now)
    state = f"ordStas {paid.ord_stas} {codes()['ordStas'][paid.ord_stas]}"
    means = meaning(paid.ord_stas)
    if means == "refunded" or paid.ord_stas in WITHDRAWN:
        raise Rejected(paying, replace(heard, detail=state), InsurerRefused(message=state))
    if paid.ord_stas in centre_undoing.STUCK:
        raise Contradicted(paying, heard, setl_id="", detail=state)
    if means != "paid":
        raise Unknown(paying, _unclear(state))
    try:
        settled = answers.settled(
            paid, expected_total_fen=work.total_fen, now=now, msgid=paying.msgid
        )
    except (SplitError, UnreadableAnswer) as error:
        raise Contradicted(paying, heard, setl_id=paid.setl_id, detail=str(error)) from error
    return Insured(settled, orders.lines_of(row), paying, heard)


def _fund(work: Work, insured: Insured, *, now: datetime) -> Outcome:
    """Write down what was paid; what our books refuse goes back to the patient and the insurer."""
    try:
        return funding.fund(work, insured, now=now)
    except (YifuError, IntegrityError, DataError) as error:
        name = error.code if isinstance(error, YifuError) else type(error).__name__
        stop = Contradicted(
            insured.pending, insured.heard, setl_id=insured.settled.setl_id, detail=f"ours: {name}"
        )
        return centre_undoing.undo_unkept(work, stop, error, now=now)


def reject(work: Work, stop: Rejected, *, now: datetime) -> None:
    """Nothing was paid: free the charges and forget the key, as if nobody had asked (L10).

    An order that was opened is withdrawn by a job; one that is not stays unpaid for ever.
    """
    with transaction.atomic():
        exchanges.close_exchange(stop.pending, stop.heard, now=now)
        if not lock_open(work.settlement_id):
            return
        reason = f"{stop.error.code}: {stop.heard.detail}"
        stopping.free(work, state=S.REJECTED, reason=reason)
        stopping.resolve(work.subject)
        open_ = PayOrder.objects.filter(subject=work.subject, closed_at__isnull=True)
        if open_.filter(ord_stas__in=WITHDRAWN).exists():
            orders.close(work.subject, now=now)
        elif open_.exists():
            jobs.withdraw_order.defer(settlement_id=work.settlement_id)


def recover(settlement: Settlement, *, now: datetime) -> Outcome | None:
    """Finish or undo a settlement that stopped; the recovery's way.

    Raises `StillUnknown`, and the error of one that had to be undone or rejected.
    """
    work = services.resume_work(settlement, now=now)
    row = PayOrder.objects.filter(subject=work.subject).first()
    if settlement.state == S.REVERSING:
        return centre_undoing.recover(settlement, work, row, now=now)
    if row is None or work.case is None:
        upload = Exchange.objects.filter(subject=work.subject, infno="6201").latest("pk")
        pending = exchanges.again(upload, Envelope("6201", work.subject, {}), now=now)
        error = InsurerUnavailable(message="6201")
        reject(work, Rejected(pending, _unclear("given up before it was paid"), error), now=now)
        raise error
    return _recover_paid(work, row, now=now)


def _recover_paid(work: Work, row: PayOrder, *, now: datetime) -> Outcome:
    """Ask what became of the order; one that nobody has paid is withdrawn, so that nobody can."""
    sent = Exchange.objects.filter(subject=work.subject, infno="6202").latest("pk")
    paying = exchanges.again(sent, Envelope("6202", work.subject, {}), now=now)
    asked, paid = orders.ask(row, case_of(work), now=now)
    if paid is None:
        raise StillUnknown(asked.detail)
    if meaning(paid.ord_stas) == "nothing" and paid.ord_stas not in WITHDRAWN:
        gone = orders.withdraw(row, case_of(work), now=now)
        if gone.output is None:
            raise StillUnknown(f"6401 {gone.detail}")
        paid = replace(paid, ord_stas=TAKEN_BACK)
    heard = Heard(ExchangeState.RESOLVED, None, f"6301: ordStas {paid.ord_stas}")
    try:
        insured = decide(work, row, paying, heard, paid, now=now)
    except Rejected as stop:
        reject(work, stop, now=now)
        raise stop.error from stop
    except Unknown as stop:
        raise StillUnknown(stop.heard.detail) from stop
    except Contradicted as stop:
        error = InsurerNonsense(message=stop.detail)
        return centre_undoing.undo_unkept(work, stop, error, now=now)
    outcome = _fund(work, insured, now=now)
    stopping.resolve(work.subject)
    return outcome


def withdraw_order(settlement_id: int) -> None:
    """Withdraw the order of a settlement that was rejected (6401); a no is an answer too."""
    settlement = Settlement.objects.get(pk=settlement_id)
    now = clock.job_now(settlement.claimed_at)
    work = services.resume_work(settlement, now=now)
    row = PayOrder.objects.filter(subject=work.subject, closed_at__isnull=True).first()
    if row is None or settlement.state != S.REJECTED:
        return
    heard = orders.withdraw(row, case_of(work), now=now)
    if heard.state in {ExchangeState.UNKNOWN, ExchangeState.UNSENT}:
        heard.output_or_raise()
    orders.close(work.subject, now=now)
