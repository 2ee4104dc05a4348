"""Settlement lists (医疗保障基金结算清单) to the insurer: upload, quality control, submission.

A list that lacks something is not sent: it waits as `incomplete` with the names of what is missing,
and `supplement` takes what people fill in. Sent again, a list replaces the one before (NHSA 4101).
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import TextChoices

from yifu import clock
from yifu.errors import Conflict, InvalidRequest, NotFound
from yifu.insurance import list_messages as messages
from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.care import CHRONIC_CARE, is_stay
from yifu.insurance.exchanges import Heard, endpoint_of
from yifu.insurance.fields import write_time
from yifu.insurance.list_messages import ListFault, SettlementList
from yifu.insurance.messages import Diagnosis, Input
from yifu.insurance.models import ExchangeState
from yifu.insurance.rules import FundPart
from yifu.receipts.models import Receipt, ReceiptState
from yifu.settlement.models import Settlement, SettlementState
from yifu.uploads.enrolling import policy_of
from yifu.uploads.models import ListUpload, UploadPolicy, UploadState
from yifu.uploads.speaking import deliver, enquire, reason_of
from yifu.visits.models import Stay

Progress = Callable[[int, int], None]
_TO_SEND: Final = (UploadState.WAITING, UploadState.INCOMPLETE)
PROVIDED: Final = frozenset(
    {"psn_no", "mdtrt_id", "setl_id", "biz_sn", "bill_code", "bill_no", "setl_begn_date"}
    | {"setl_end_date", "stas_type", "dcla_time"}
)
"""Fields that come from our own rows, or from the insurer: nobody fills them in."""


class Source(TextChoices):
    """Where a missing field is filled in, besides the upload page itself."""

    RECEIPT = "receipt", "财政电子票据开具后自动填入"
    SETTINGS = "settings", "医保上传设置"
    REGISTRATION = "registration", "患者登记"
    ADMISSION = "admission", "入院登记"
    DISCHARGE = "discharge", "出院登记"
    RECORD = "record", "病案首页"


_SOURCES: Final[Mapping[str, Source]] = {
    **dict.fromkeys(("bill_code", "bill_no"), Source.RECEIPT),
    **dict.fromkeys(("medins_fill_dept", "medins_fill_psn"), Source.SETTINGS),
    **dict.fromkeys(("ntly", "prfs"), Source.REGISTRATION),
    "adm_time": Source.ADMISSION,
    **dict.fromkeys(("dscg_time", "dscg_way", "dscg_caty"), Source.DISCHARGE),
}


def where(name: str) -> Source:
    """Say where a missing field is filled in: most of them in the medical record's front page."""
    return _SOURCES.get(name, Source.RECORD)


def stay_of(settlement: Settlement) -> dict[str, Any]:
    """Give what is known of a stay, or of chronic care, by the list's own field names.

    The one place to adapt to what a stay's rows hold (wards, operations, intensive care).
    """
    visit = settlement.visit
    if visit.med_type in CHRONIC_CARE:
        return {
            "opsp_diag_caty": visit.department_code[:50],
            "opsp_mdtrt_date": clock.business_date(visit.began_at).isoformat(),
        }
    if not is_stay(visit):
        return {}
    stay = Stay.objects.get(visit=visit)
    return {
        "adm_time": write_time(visit.began_at),
        "adm_dept_code": visit.department_code,
        "adm_dept_name": visit.department_name,
        "dscg_time": "" if visit.ended_at is None else write_time(visit.ended_at),
        "dscg_way": stay.discharge_way,
        "dscg_dept_code": stay.discharge_department_code or visit.department_code,
        "dscg_dept_name": stay.discharge_department_name or visit.department_name,
        "dscg_caty": (stay.discharge_department_code or visit.department_code)[:6],
    }


def _diagnoses_of(settlement: Settlement) -> tuple[Diagnosis, ...]:
    """Give the diagnoses at discharge, or else those the visit began with."""
    stay = Stay.objects.filter(visit=settlement.visit_id).first()
    rows = (stay.discharge_diagnoses if stay else None) or settlement.visit.diagnoses
    return tuple(Diagnosis(row["code"], row["name"]) for row in rows)


def build(upload: ListUpload, policy: UploadPolicy) -> tuple[Input, tuple[ListFault, ...]]:
    """Build a settlement's list, and tell what it lacks or has wrong."""
    settlement = upload.settlement
    visit, encounter = settlement.visit, settlement.visit.encounter
    receipt = Receipt.objects.filter(
        settlement_id=settlement.pk, red_of__isnull=True, state=ReceiptState.ISSUED
    ).first()
    inpatient = is_stay(visit)
    filled_in = {
        "medins_fill_dept": policy.filled_in_department,
        "medins_fill_psn": policy.filled_in_by,
    }
    content = SettlementList(
        psn_no=encounter.psn_no,
        mdtrt_id=encounter.mdtrt_id,
        setl_id=settlement.setl_id,
        msgid=settlement.msgid,
        bill_code=receipt.code if receipt else "",
        bill_no=receipt.number if receipt else "",
        began_on=clock.business_date(visit.began_at),
        settled_on=settlement.business_date,
        department_code=visit.department_code,
        doctor_code=visit.doctor_code,
        inpatient=inpatient,
        diagnoses=_diagnoses_of(settlement),
        funds=tuple(
            FundPart(part["kind"], part["fen"]) for part in (settlement.split or {})["funds"]
        ),
        stay=stay_of(settlement),
        supplement=filled_in | upload.supplement,
    )
    message = messages.upload(content)
    return message, messages.faults(message, inpatient=inpatient)


def upload(institution_id: int, *, now: datetime, progress: Progress | None = None) -> bool:
    """Upload the lists that wait and are whole; False when the insurer stopped answering.

    Must be called outside any transaction. Raises `NotConnected`.
    """
    policy = policy_of(institution_id)
    waiting = ListUpload.objects.filter(institution=institution_id, state__in=_TO_SEND)
    pks = list(waiting.order_by("pk").values_list("pk", flat=True))
    for done, pk in enumerate(pks, start=1):
        if not _send(_load(pk), policy, now=now):
            return False
        if progress:
            progress(done, len(pks))
    return True


def _load(pk: int) -> ListUpload:
    return ListUpload.objects.select_related("settlement__visit__encounter").get(pk=pk)


def _send(upload: ListUpload, policy: UploadPolicy, *, now: datetime) -> bool:
    if upload.settlement.state != SettlementState.COMPLETED:
        return True
    message, faults = build(upload, policy)
    if faults:
        _incomplete(upload, faults, now=now)
        return True
    encounter = upload.settlement.visit.encounter
    heard = deliver(
        upload.institution_id,
        "4101",
        f"list:{upload.settlement_id}:{upload.changed_at:%y%m%d%H%M%S}",
        message,
        insuplc_admdvs=encounter.insuplc_admdvs,
        now=now,
    )
    return _answered(upload, heard, now=now)


def _answered(upload: ListUpload, heard: Heard, *, now: datetime) -> bool:
    if heard.state == ExchangeState.REFUSED:
        _change(upload, UploadState.REFUSED, reason=reason_of(heard), now=now)
        return True
    if heard.output is None:
        return False
    try:
        upload.number = messages.read_number(heard.output)
    except UnreadableAnswer:
        return False
    upload.missing = []
    _change(upload, UploadState.UPLOADED, reason="", now=now)
    return True


def _incomplete(upload: ListUpload, faults: tuple[ListFault, ...], *, now: datetime) -> None:
    missing = [fault.name for fault in faults if fault.missing]
    wrong = "；".join(f"{fault.name} {fault.text}" for fault in faults if not fault.missing)
    if (upload.state, upload.missing, upload.reason) == (UploadState.INCOMPLETE, missing, wrong):
        return
    upload.missing = missing
    _change(upload, UploadState.INCOMPLETE, reason=wrong, now=now)


def _change(upload: ListUpload, state: UploadState, *, reason: str, now: datetime) -> None:
    upload.state, upload.reason, upload.changed_at = state, reason[:300], now
    upload.save(update_fields=["state", "reason", "changed_at", "missing", "number"])


def check_quality(institution_id: int, *, now: datetime) -> int:
    """Ask what quality control made of uploaded lists (4104); gives how many it has decided on.

    Must be called outside any transaction. Raises `NotConnected`.
    """
    waiting = ListUpload.objects.filter(institution=institution_id, state=UploadState.UPLOADED)
    months = waiting.values_list("settlement__business_date", flat=True).distinct()
    decided = 0
    for month in sorted({day.replace(day=1) for day in months}):
        results = _quality_of(institution_id, month, now=now)
        for one in waiting.select_related("settlement"):
            result = results.get(one.settlement.setl_id)
            if result is not None:
                decided += 1
                state = UploadState.ACCEPTED if result.passed else UploadState.REFUSED
                texts = [f"{fault.text}（{fault.name}）" for fault in result.faults]
                _change(one, state, reason="；".join(texts), now=now)
    return decided


def _quality_of(institution_id: int, month: date, *, now: datetime) -> dict[str, messages.Quality]:
    found: dict[str, messages.Quality] = {}
    code = endpoint_of(institution_id).fixmedins_code
    page, more = 1, True
    while more:
        input_ = messages.quality_query(month=month, page=page, fixmedins_code=code)
        heard = enquire(institution_id, "4104", f"quality:{month:%Y%m}", input_, now=now)
        if heard.output is None:
            return found
        try:
            results, more = messages.read_quality(heard.output)
        except UnreadableAnswer:
            return found
        found |= {one.setl_id: one for one in results}
        page += 1
    return found


def supplement(
    upload_id: int, values: Mapping[str, str], *, institution_id: int, now: datetime
) -> ListUpload:
    """Fill in what a list lacks, by the list's own field names; an empty value takes it out again.

    Raises `NotFound`, `InvalidRequest` naming the field that nobody fills in or whose value breaks
    the field table, `Conflict` for a list that is submitted or obsolete.
    """
    with transaction.atomic():
        one = _own(upload_id, institution_id)
        if one.submitted or one.state == UploadState.OBSOLETE:
            raise Conflict(state=UploadState.OBSOLETE if not one.submitted else "submitted")
        for name, value in values.items():
            field = messages.field_of(name)
            if field is None or name in PROVIDED:
                raise InvalidRequest(field=name)
            given = value.strip()
            one.supplement.pop(name, None)
            if given:
                one.supplement[name] = messages.typed(field, given)
        message, faults = build(one, policy_of(institution_id))
        del message
        wrong = [fault.name for fault in faults if not fault.missing and fault.name in values]
        if wrong:
            raise InvalidRequest(field=wrong[0])
        one.missing = [fault.name for fault in faults if fault.missing]
        one.state, one.reason = UploadState.WAITING, ""
        if faults:
            one.state = UploadState.INCOMPLETE
        one.changed_at = now
        one.save(update_fields=["supplement", "missing", "state", "reason", "changed_at"])
    return one


def retry(upload_id: int, *, institution_id: int, now: datetime) -> ListUpload:
    """Have a refused list sent again as it is now. Raises `NotFound`, `Conflict`."""
    with transaction.atomic():
        one = _own(upload_id, institution_id)
        if one.state != UploadState.REFUSED or one.submitted:
            raise Conflict(state=one.state)
        _change(one, UploadState.WAITING, reason=one.reason, now=now)
    return one


def submit(upload_id: int, *, institution_id: int, now: datetime) -> ListUpload:
    """Submit an accepted list (4102): it may not be changed any more.

    Must be called outside any transaction. Raises `NotFound`, `Conflict`, `InsurerRefused`,
    `InsurerUnavailable`, `InsurerNonsense`.
    """
    with transaction.atomic():
        one = _own(upload_id, institution_id)
        if one.state != UploadState.ACCEPTED or one.submitted:
            raise Conflict(state=one.state)
    encounter = one.settlement.visit.encounter
    input_ = messages.change_state(
        psn_no=encounter.psn_no, setl_id=one.settlement.setl_id, state=messages.SUBMITTED
    )
    heard = deliver(
        institution_id,
        "4102",
        f"list:{one.settlement_id}",
        input_,
        insuplc_admdvs=encounter.insuplc_admdvs,
        now=now,
    )
    heard.output_or_raise()
    ListUpload.objects.filter(pk=one.pk).update(submitted=True, changed_at=now)
    one.submitted = True
    return one


def _own(upload_id: int, institution_id: int) -> ListUpload:
    own = ListUpload.objects.select_for_update(of=("self",)).select_related(
        "settlement__visit__encounter"
    )
    one = own.filter(pk=upload_id, institution=institution_id).first()
    if one is None:
        raise NotFound(what="upload")
    return one


def counts(institution_id: int, *, day: date, now: datetime) -> messages.Counts:
    """Ask how many settlements of a day need a list and have one (4105).

    Must be called outside any transaction. Raises `InsurerRefused`, `InsurerUnavailable`,
    `InsurerNonsense`, `UnreadableAnswer`.
    """
    begin, end = clock.day_bounds(day)
    input_ = messages.counts_query(
        fixmedins_code=endpoint_of(institution_id).fixmedins_code,
        med_types=messages.LISTED_MED_TYPES,
        begin=begin,
        end=end,
    )
    heard = enquire(institution_id, "4105", f"lists:{day}", input_, now=now)
    return messages.read_counts(heard.output_or_raise())
