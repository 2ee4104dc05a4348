"""From our rows to what a receipt's upload says, file included."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from yifu import clock
from yifu.insurance.care import is_stay
from yifu.insurance.messages import Diagnosis
from yifu.insurance.models import Encounter
from yifu.insurance.receipt_messages import (
    INPATIENT_CARE,
    OUTPATIENT_CARE,
    ReceiptEntry,
    Settled,
)
from yifu.patients import services as patients
from yifu.receipts.models import Receipt
from yifu.receipts.rendering import Print, render
from yifu.settlement.aftercare import content_of
from yifu.settlement.models import Settlement
from yifu.uploads.models import ReceiptUpload

_POOLED: Final = ("3101", "3901", "hifp_pay")
"""Funds of `setldetail` that are the pooled fund (统筹基金), by the beginning of their code."""


def load(uploads: Iterable[ReceiptUpload]) -> list[ReceiptUpload]:
    """Give uploads with their receipts, visits and settlements read, in the order of receipts."""
    pks = [one.pk for one in uploads]
    found = ReceiptUpload.objects.select_related(
        "batch", "institution", "receipt__visit__person", "receipt__red_of"
    ).filter(pk__in=pks)
    rows = list(found.order_by("receipt_id"))
    wanted = {one.receipt.settlement_id for one in rows}
    settlements = Settlement.objects.select_related(
        "person", "institution", "visit__encounter", "bill"
    ).in_bulk(wanted)
    for one in rows:
        one.settlement = settlements.get(one.receipt.settlement_id)  # type: ignore[attr-defined]
    return rows


def unfit(upload: ReceiptUpload) -> str:
    """Say in Chinese why a receipt cannot be uploaded yet; "" when it can."""
    if upload.settlement is None:  # type: ignore[attr-defined]
        return "结算不存在"
    if not upload.receipt.visit.diagnoses:
        return "缺少主要诊断，请在医院系统补充诊断"
    return "" if upload.receipt.issued_at else "票据尚未开具"


def entry_of(upload: ReceiptUpload) -> ReceiptEntry:
    """Build the upload of a receipt that is not `unfit`."""
    receipt: Receipt = upload.receipt
    settlement: Settlement = upload.settlement  # type: ignore[attr-defined]
    diagnoses = tuple(Diagnosis(row["code"], row["name"]) for row in receipt.visit.diagnoses)
    person, red_of = settlement.person, _red_of(receipt)
    encounter = _encounter_of(settlement)
    return ReceiptEntry(
        code=receipt.code,
        number=receipt.number,
        check_code=receipt.check_code,
        issued_on=issued_on(receipt),
        total_fen=receipt.amount_fen,
        visit_no=receipt.visit.visit_no,
        name=person.name,
        certno=patients.certificate_no(person),
        insuplc_admdvs=encounter.insuplc_admdvs if encounter else person.area_id,
        mdtrtarea_admvs=upload.institution.area_id,
        diagnoses=diagnoses,
        care=INPATIENT_CARE if is_stay(receipt.visit) else OUTPATIENT_CARE,
        file=_file(receipt, settlement, red_of),
        settled=_settled(settlement, encounter, sign=-1 if red_of else 1) if encounter else None,
        red_of=red_of,
        before=(receipt.code, receipt.number, upload.reason) if upload.again else None,
    )


def issued_on(receipt: Receipt) -> date:
    """Give the day a receipt was issued."""
    return clock.business_date(receipt.issued_at or receipt.requested_at)


def _encounter_of(settlement: Settlement) -> Encounter | None:
    """Give the visit as the insurer knows it; None for a settlement it took no part in."""
    return settlement.visit.encounter if settlement.insured else None


def _red_of(receipt: Receipt) -> tuple[str, str] | None:
    blue = receipt.red_of
    return None if blue is None else (blue.code, blue.number)


def _settled(settlement: Settlement, encounter: Encounter, *, sign: int) -> Settled:
    split = settlement.split or {}
    pooled = sum(
        part["fen"] for part in split.get("funds", ()) if str(part["kind"]).startswith(_POOLED)
    )
    at = settlement.reversed_at if sign < 0 else settlement.insured_at
    return Settled(
        setl_id=settlement.setl_id,
        msgid=settlement.msgid,
        settled_at=at or settlement.claimed_at,
        psn_no=encounter.psn_no,
        insutype=encounter.insutype,
        scope_fen=sign * int(split.get("inscp_fen", 0)),
        pooled_fen=sign * pooled,
    )


def _file(receipt: Receipt, settlement: Settlement, red_of: tuple[str, str] | None) -> bytes:
    issued = Print(
        institution_name=settlement.institution.name,
        code=receipt.code,
        number=receipt.number,
        check_code=receipt.check_code,
        issued_on=issued_on(receipt),
        red_of=red_of,
    )
    return render(content_of(settlement), issued)
