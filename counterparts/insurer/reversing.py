"""2601 冲正: undoing what a message did whose answer was lost, within the clearing period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterparts.insurer import clearing, stays
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import insured_person
from counterparts.insurer.reckoning import undo

if TYPE_CHECKING:
    from counterparts.insurer.office import Handler, Message, Office

ADMISSION = "2401"
REVERSIBLE = frozenset({"2102", "2207", "2304", ADMISSION})
"""The transactions that 2601 may undo (NHSA 2601)."""


def reverse_message(office: Office, message: Message) -> dict[str, Any]:
    """Answer 2601 冲正交易: undo what the message ``omsgid`` did, if it did anything.

    A message that never arrived, or whose effect was undone before, is a success too; it is refused
    should it arrive later. Raises RefusedError for other transactions and persons, for what was
    settled in a period that is cleared, and for an admission that has charges.
    """
    data = message.input["data"]
    omsgid, oinfno = data["omsgid"], data["oinfno"]
    if oinfno not in REVERSIBLE:
        raise RefusedError(f"oinfno {oinfno}不支持冲正")
    insured_person(office, message, data["psn_no"])
    if not omsgid.startswith(message.institution.fixmedins_code):
        raise RefusedError("omsgid 不是本机构的报文")
    logged = office.books.message(omsgid)
    if logged is not None and logged[0] != oinfno:
        raise RefusedError(f"omsgid 原交易为{logged[0]}")
    if oinfno == ADMISSION:
        _reverse_admission(office, omsgid, data["psn_no"])
    else:
        _reverse_settlement(office, message, oinfno)
    return {}


def _reverse_settlement(office: Office, message: Message, oinfno: str) -> None:
    data = message.input["data"]
    settlement = office.books.settlement_by_message(data["omsgid"])
    if settlement is None:
        office.books.revoke_message(data["omsgid"], oinfno)
    elif settlement.psn_no != data["psn_no"]:
        raise RefusedError("psn_no 与原交易不符")
    elif not office.books.is_undone(settlement.setl_id):
        clearing.check_reversible(office.books, settlement)
        stays.check_latest(office, settlement)
        undo(office, message, settlement)


def _reverse_admission(office: Office, omsgid: str, psn_no: str) -> None:
    visit = office.books.visit_by_message(omsgid)
    if visit is not None and not visit.cancelled:
        if visit.psn_no != psn_no:
            raise RefusedError("psn_no 与原交易不符")
        stays.check_unused(office, visit)
        office.books.cancel_visit(visit.mdtrt_id)
    office.books.revoke_message(omsgid, ADMISSION)


CHANGING: dict[str, Handler] = {"2601": reverse_message}
ASKING: dict[str, Handler] = {}
