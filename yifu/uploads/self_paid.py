"""Charges of settlements without insurance to the insurer (4201), in parts that fit a message.

Each part is sent under one message number until it is answered, so a lost answer doubles nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from yifu.catalogue.models import Item
from yifu.errors import Conflict, NotFound
from yifu.insurance import self_paid_messages as messages
from yifu.insurance.care import med_type_of, net
from yifu.insurance.messages import Department, Doctor
from yifu.insurance.models import ExchangeState
from yifu.insurance.self_paid_messages import SelfPaidLine, SelfPayer
from yifu.patients import services as patients
from yifu.settlement.models import Settlement, SettlementState
from yifu.uploads.models import SelfPaidUpload, UploadState
from yifu.uploads.speaking import deliver, reason_of
from yifu.visits.models import Charge

Progress = Callable[[int, int], None]


def upload(institution_id: int, *, now: datetime, progress: Progress | None = None) -> bool:
    """Upload what waits; False when the insurer stopped answering meanwhile.

    Must be called outside any transaction. Raises `NotConnected`.
    """
    waiting = SelfPaidUpload.objects.filter(
        institution=institution_id, state=UploadState.WAITING
    ).select_related("settlement__visit__person")
    pks = list(waiting.order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(pks, start=1):
        if not _send(waiting.get(pk=pk), now=now):
            return False
        if progress:
            progress(done, len(pks))
    return True


def _send(upload: SelfPaidUpload, *, now: datetime) -> bool:
    settlement = upload.settlement
    if settlement.state != SettlementState.COMPLETED:
        return True
    payer, lines = _payer(settlement), _lines(settlement)
    while upload.sent_lines < len(lines):
        start = upload.sent_lines
        part = lines[start : start + messages.MOST_LINES]
        heard = deliver(
            upload.institution_id,
            "4201",
            f"self-paid:{settlement.pk}:{start}",
            messages.upload(payer, part, batch_no=str(settlement.pk)),
            now=now,
        )
        if heard.state == ExchangeState.REFUSED:
            _change(upload, UploadState.REFUSED, reason=reason_of(heard), now=now)
            return True
        if heard.state != ExchangeState.ANSWERED:
            return False
        upload.sent_lines = start + len(part)
        _change(upload, UploadState.WAITING, reason="", now=now)
    # The insurer keeps these charges and answers nothing about them afterwards.
    _change(upload, UploadState.ACCEPTED, reason="", now=now)
    return True


def _payer(settlement: Settlement) -> SelfPayer:
    visit = settlement.visit
    code, name = visit.department_code, visit.department_name
    return SelfPayer(
        visit_no=visit.visit_no,
        med_type=med_type_of(visit),
        name=visit.person.name,
        certno=patients.certificate_no(visit.person),
        psn_cert_type=visit.person.certificate_type,
        department=Department(code, name, code[:10]),
        doctor=Doctor(visit.doctor_code, visit.doctor_name),
    )


def _lines(settlement: Settlement) -> Sequence[SelfPaidLine]:
    charges = list(
        Charge.objects.filter(settlement_lines__settlement=settlement).order_by("line_no")
    )
    items = Item.objects.filter(
        institution=settlement.institution_id, local_code__in=[one.local_code for one in charges]
    )
    categories = dict(items.values_list("local_code", "charge_category"))
    return [
        SelfPaidLine(
            number=one.charge.pk,
            occurred_at=one.charge.occurred_at,
            national_code=one.charge.national_code,
            local_code=one.charge.local_code,
            name=one.charge.name,
            category=categories.get(one.charge.local_code, ""),
            quantity=one.quantity,
            unit_price_fen=one.charge.unit_price_fen,
            amount_fen=one.amount_fen,
        )
        for one in net(charges)
    ]


def _change(upload: SelfPaidUpload, state: UploadState, *, reason: str, now: datetime) -> None:
    upload.state, upload.reason, upload.changed_at = state, reason[:300], now
    upload.save(update_fields=["state", "reason", "changed_at", "sent_lines"])


def retry(upload_id: int, *, institution_id: int, now: datetime) -> SelfPaidUpload:
    """Have refused charges sent again. Raises `NotFound`, `Conflict`."""
    with transaction.atomic():
        own = SelfPaidUpload.objects.select_for_update()
        one = own.filter(pk=upload_id, institution=institution_id).first()
        if one is None:
            raise NotFound(what="upload")
        if one.state != UploadState.REFUSED:
            raise Conflict(state=one.state)
        _change(one, UploadState.WAITING, reason=one.reason, now=now)
    return one
