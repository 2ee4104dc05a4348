"""Receipts to the insurer: batches of a hundred (4901), their results (4902), refused ones (4905).

A batch keeps its number until it is known what became of it: without an answer the insurer is
asked about the number first, and only a batch that it does not know is sent again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from yifu import clock
from yifu.errors import Conflict, NotFound
from yifu.insurance import receipt_messages as messages
from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.exchanges import Heard, endpoint_of
from yifu.insurance.models import ExchangeState
from yifu.insurance.receipt_messages import BatchHead, ReceiptEntry
from yifu.uploads.models import BatchState, ReceiptBatch, ReceiptUpload, UploadState
from yifu.uploads.receipt_entries import entry_of, issued_on, load, unfit
from yifu.uploads.speaking import deliver, enquire, reason_of

Progress = Callable[[int, int], None]


def upload(institution_id: int, *, now: datetime, progress: Progress | None = None) -> bool:
    """Upload what waits, batch by batch; False when the insurer stopped answering meanwhile.

    Must be called outside any transaction. Raises `NotConnected`.
    """
    unfinished = ReceiptBatch.objects.filter(
        institution=institution_id, state=BatchState.SENDING
    ).order_by("pk")
    for one in unfinished:
        if not _finish(one, now=now):
            return False
    for again in (False, True):
        waiting = _waiting(institution_id, again=again)
        total = waiting.count()
        while batch := _next_batch(institution_id, again=again, now=now):
            if not _send(batch, now=now):
                return False
            if progress:
                progress(total - waiting.count(), total)
    return True


def _waiting(institution_id: int, *, again: bool) -> QuerySet[ReceiptUpload]:
    free = Q(batch__isnull=True) | ~Q(batch__state=BatchState.SENDING)
    return ReceiptUpload.objects.filter(
        free, institution=institution_id, state=UploadState.WAITING, again=again
    )


def _next_batch(institution_id: int, *, again: bool, now: datetime) -> ReceiptBatch | None:
    """Put the next waiting receipts into a batch; those that cannot be sent are refused here."""
    while True:
        with transaction.atomic():
            found = list(
                _waiting(institution_id, again=again)
                .select_for_update(of=("self",), skip_locked=True)
                .order_by("receipt_id")[: messages.MOST_RECEIPTS]
            )
            if not found:
                return None
            fit = _fit(load(found), now=now)
            if fit:
                return _open(institution_id, fit, again=again, now=now)


def _fit(uploads: Sequence[ReceiptUpload], *, now: datetime) -> list[ReceiptUpload]:
    """Give those that can be sent; the others are refused with the reason."""
    fit = []
    for one in uploads:
        reason = unfit(one)
        if not reason:
            fit.append(one)
            continue
        one.state, one.reason, one.changed_at = UploadState.REFUSED, reason, now
        one.save(update_fields=["state", "reason", "changed_at"])
    return fit


def _open(
    institution_id: int, uploads: Sequence[ReceiptUpload], *, again: bool, now: datetime
) -> ReceiptBatch:
    day = f"{clock.business_date(now):%Y%m%d}"
    used = ReceiptBatch.objects.filter(institution=institution_id, number__startswith=day).count()
    batch = ReceiptBatch.objects.create(
        institution_id=institution_id,
        number=f"{day}{used + 1:05d}",
        period=messages.period_of([issued_on(one.receipt) for one in uploads]),
        again=again,
        sent_at=now,
    )
    ReceiptUpload.objects.filter(pk__in=[one.pk for one in uploads]).update(batch=batch)
    return batch


def _finish(batch: ReceiptBatch, *, now: datetime) -> bool:
    """Find out about a batch without an answer; send it again only when it never arrived."""
    heard = _enquire(batch, now=now)
    if heard.state == ExchangeState.ANSWERED:
        _arrived(batch, now=now)
        return True
    return heard.state == ExchangeState.REFUSED and _send(batch, now=now)


def _send(batch: ReceiptBatch, *, now: datetime) -> bool:
    entries = _entries(batch)
    head = _head_of(batch)
    input_ = messages.upload_again(head, entries) if batch.again else messages.upload(head, entries)
    infno = "4905" if batch.again else "4901"
    subject = f"receipts:{batch.institution_id}:{batch.number}"
    heard = deliver(batch.institution_id, infno, subject, input_, now=now)
    if heard.state == ExchangeState.ANSWERED:
        _arrived(batch, now=now)
    elif heard.state == ExchangeState.REFUSED:
        _refused(batch, heard, now=now)
    else:
        return False
    return True


def _entries(batch: ReceiptBatch) -> list[ReceiptEntry]:
    uploads = load(batch.uploads.order_by("receipt_id"))
    return [entry_of(one) for one in uploads]


def _head_of(batch: ReceiptBatch) -> BatchHead:
    endpoint = endpoint_of(batch.institution_id)
    return BatchHead(endpoint.fixmedins_code, endpoint.fixmedins_name, batch.number, batch.period)


def _arrived(batch: ReceiptBatch, *, now: datetime) -> None:
    with transaction.atomic():
        ReceiptBatch.objects.filter(pk=batch.pk).update(state=BatchState.UPLOADED, reason="")
        batch.uploads.filter(state=UploadState.WAITING).update(
            state=UploadState.UPLOADED, reason="", changed_at=now
        )


def _refused(batch: ReceiptBatch, heard: Heard, *, now: datetime) -> None:
    """Give all receipts of a refused batch back: the insurer took none of them."""
    reason = reason_of(heard)
    with transaction.atomic():
        ReceiptBatch.objects.filter(pk=batch.pk).update(state=BatchState.REFUSED, reason=reason)
        batch.uploads.filter(state=UploadState.WAITING).update(
            state=UploadState.REFUSED, reason=reason, changed_at=now
        )


def ask(institution_id: int, *, now: datetime) -> int:
    """Ask what became of uploaded batches (4902); gives how many are processed now.

    Must be called outside any transaction. Raises `NotConnected`.
    """
    waiting = ReceiptBatch.objects.filter(institution=institution_id, state=BatchState.UPLOADED)
    return sum(_ask(batch, now=now) for batch in waiting.order_by("pk"))


def _ask(batch: ReceiptBatch, *, now: datetime) -> bool:
    heard = _enquire(batch, now=now)
    if heard.output is None:
        return False
    try:
        results = messages.read_results(heard.output)
    except UnreadableAnswer:
        return False
    by_number = {(one.code, one.number): one for one in results}
    with transaction.atomic():
        for one in batch.uploads.select_related("receipt").filter(state=UploadState.UPLOADED):
            result = by_number.get((one.receipt.code, one.receipt.number))
            if result is not None and result.done:
                one.state = UploadState.ACCEPTED if result.accepted else UploadState.REFUSED
                one.reason, one.changed_at = result.reason[:300], now
                one.save(update_fields=["state", "reason", "changed_at"])
        if batch.uploads.filter(state=UploadState.UPLOADED).exists():
            return False
        ReceiptBatch.objects.filter(pk=batch.pk).update(state=BatchState.DONE)
    return True


def _enquire(batch: ReceiptBatch, *, now: datetime) -> Heard:
    subject = f"receipts:{batch.institution_id}:{batch.number}"
    input_ = messages.batch_query(_head_of(batch))
    return enquire(batch.institution_id, "4902", subject, input_, now=now)


def retry(upload_id: int, *, institution_id: int, now: datetime) -> ReceiptUpload:
    """Have a refused receipt uploaded again: by 4905 where the insurer has refused it itself.

    Raises `NotFound`, `Conflict` when it is not refused.
    """
    with transaction.atomic():
        own = ReceiptUpload.objects.select_for_update(of=("self",)).select_related("batch")
        one = own.filter(pk=upload_id, institution=institution_id).first()
        if one is None:
            raise NotFound(what="upload")
        if one.state != UploadState.REFUSED:
            raise Conflict(state=one.state)
        one.again = one.batch is not None and one.batch.state in {
            BatchState.UPLOADED,
            BatchState.DONE,
        }
        one.state, one.changed_at = UploadState.WAITING, now
        one.save(update_fields=["again", "state", "changed_at"])
    return one


def standing(upload_id: int, *, institution_id: int, now: datetime) -> messages.ReceiptStanding:
    """Ask how the insurer has a receipt (5501): cancelled, reimbursed.

    Must be called outside any transaction. Raises `NotFound`, `InsurerRefused` where the insurer
    does not know it, `InsurerUnavailable`, `InsurerNonsense`, `UnreadableAnswer`.
    """
    own = ReceiptUpload.objects.select_related("receipt")
    one = own.filter(pk=upload_id, institution=institution_id).first()
    if one is None:
        raise NotFound(what="upload")
    receipt, endpoint = one.receipt, endpoint_of(institution_id)
    head = BatchHead(endpoint.fixmedins_code, endpoint.fixmedins_name, "", "")
    input_ = messages.standing_query(
        head, code=receipt.code, number=receipt.number, check_code=receipt.check_code
    )
    heard = enquire(institution_id, "5501", f"receipt:{receipt.pk}", input_, now=now)
    return messages.read_standing(heard.output_or_raise())
