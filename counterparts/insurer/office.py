"""What the handlers of messages work with: the office's means and the message before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from counterparts.insurer.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterparts.insurer.benefits import Item
    from counterparts.insurer.books import Books
    from counterparts.insurer.policies import Policy
    from counterparts.insurer.records import Institution, Person, Visit

NORMALLY_INSURED = "1"
_IDENTITY = {
    "psn_cert_type": "psn_cert_type",
    "cert_type": "psn_cert_type",
    "certno": "certno",
    "psn_name": "psn_name",
    "psn_type": "psn_type",
    "insutype": "insutype",
}
"""What messages say of a person, and which column of the books that is."""
KINDS = {"visits": 1, "settlements": 2, "files": 3, "filings": 4, "marks": 5}
OF_KIND = {"outpatient": "门诊", "inpatient": "住院", "pharmacy": "药店"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An insurer's office: books, policy, catalogue, and its pooling area (``admdvs``)."""

    books: Books
    policy: Policy
    catalogue: dict[str, Item]
    admdvs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message whose envelope and input are as the interface wants them.

    ``inf_time`` is the sender's time and what the insurer takes for now. ``file`` is the binary
    part of an upload.
    """

    infno: str
    msgid: str
    inf_time: str
    insuplc_admdvs: str
    opter: str
    opter_name: str
    institution: Institution
    input: dict[str, Any]
    file: bytes = b""

    @property
    def day(self) -> date:
        """Return the date of ``inf_time``."""
        return date.fromisoformat(self.inf_time[:10])

    def number(self, office: Office, kind: str) -> str:
        """Return a new number: area, date, a digit for the kind of thing, sequence."""
        seq = office.books.counted(kind)
        day = self.inf_time[:10].replace("-", "")
        return f"{office.admdvs}{day}{KINDS[kind]}{seq:09d}"


def insured_person(office: Office, message: Message, psn_no: str) -> Person:
    """Return the insured person.

    Raises RefusedError if unknown, or insured in another area than the envelope says.
    """
    person = office.books.person(psn_no)
    if person is None:
        raise RefusedError(f"人员编号{psn_no}不存在")
    if message.insuplc_admdvs != person.insuplc_admdvs:
        raise RefusedError(f"insuplc_admdvs 参保地区划不符：{message.insuplc_admdvs}")
    return person


def base_information(person: Person, message: Message) -> dict[str, Any]:
    """Return who a person is, under the names the transactions share; age on the message's day."""
    return {
        "psn_no": person.psn_no,
        "psn_cert_type": person.psn_cert_type,
        "certno": person.certno,
        "psn_name": person.psn_name,
        "gend": person.gend,
        "naty": person.naty,
        "brdy": person.brdy,
        "age": person.traits.age_on(message.day),
    }


def check_identity(person: Person, data: dict[str, Any]) -> None:
    """Check that what a message says of a person is so.

    Raises RefusedError naming the field, or that the insurance is not in force.
    """
    for name, column in _IDENTITY.items():
        if name in data and data[name] != getattr(person, column):
            raise RefusedError(f"{name} 与参保信息不符")
    shown = data.get("mdtrt_cert_no")
    if data["mdtrt_cert_type"] == "02" and shown and shown != person.certno:
        raise RefusedError("mdtrt_cert_no 与证件号码不符")
    if data["mdtrt_cert_type"] == "03" and not data.get("card_sn"):
        raise RefusedError("card_sn(卡识别码) 就诊凭证类型为03时必填")
    if person.psn_insu_stas != NORMALLY_INSURED:
        raise RefusedError("参保状态不正常，不能享受医保待遇")


def own_visit(
    office: Office, message: Message, *, mdtrt_id: str, psn_no: str, kind: str = ""
) -> Visit:
    """Return a visit of this person that this institution registered, of ``kind`` if one is given.

    Raises RefusedError if there is none, or it was taken back.
    """
    visit = office.books.visit(mdtrt_id)
    if visit is None or visit.fixmedins_code != message.institution.fixmedins_code:
        raise RefusedError(f"就诊ID{mdtrt_id}不存在")
    if visit.psn_no != psn_no:
        raise RefusedError("psn_no 与就诊登记不符")
    if visit.cancelled:
        done = "入院" if visit.kind == "inpatient" else "挂号"
        raise RefusedError(f"就诊ID{mdtrt_id}已撤销{done}")
    if kind not in ("", visit.kind):
        raise RefusedError(f"就诊ID{mdtrt_id}是{OF_KIND[visit.kind]}就诊，不是{OF_KIND[kind]}就诊")
    return visit


Handler: TypeAlias = "Callable[[Office, Message], dict[str, Any]]"
"""Answers one message with its output, or raises RefusedError."""
