"""One message in, one answer out: envelope, checks, resends, one transaction.

A message that may change the books is logged under its ``msgid`` together with its answer. The
same ``msgid`` again with the same input (credential, card and ``inf_time`` apart) is given the same
answer and changes nothing; with other input it is refused; after its settlement was undone it is
refused too. Refused messages are not logged: they changed nothing and may be mended and sent again
under the same number.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from counterparts.insurer import (
    auditing,
    catalogue_queries,
    catalogues,
    charging,
    filings,
    listing,
    mappings,
    pharmacy,
    plausible,
    queries,
    receipts,
    registration,
    reversing,
    rights,
    settling,
    statements,
    stay_charging,
    stay_settling,
    stays,
)
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import check_input, instant_problem, names_a_person
from counterparts.insurer.office import Message

if TYPE_CHECKING:
    from counterparts.insurer.office import Handler, Office
    from counterparts.insurer.records import Institution

CHANGING: dict[str, Handler] = {
    **registration.CHANGING,
    **charging.CHANGING,
    **settling.CHANGING,
    **statements.CHANGING,
    **stays.CHANGING,
    **stay_charging.CHANGING,
    **stay_settling.CHANGING,
    **pharmacy.CHANGING,
    **filings.CHANGING,
    **queries.CHANGING,
    **rights.CHANGING,
    **reversing.CHANGING,
    **mappings.CHANGING,
    **auditing.CHANGING,
    **receipts.CHANGING,
    **listing.CHANGING,
}
"""Messages that may change the books: logged, and answered once."""
ASKING: dict[str, Handler] = {
    **registration.ASKING,
    **settling.ASKING,
    **statements.ASKING,
    **stays.ASKING,
    **stay_charging.ASKING,
    **stay_settling.ASKING,
    **pharmacy.ASKING,
    **filings.ASKING,
    **queries.ASKING,
    **rights.ASKING,
    **reversing.ASKING,
    **catalogues.ASKING,
    **catalogue_queries.ASKING,
    **mappings.ASKING,
    **receipts.ASKING,
    **listing.ASKING,
}
"""Messages that only ask."""
DOWNLOAD = "9102"
MEANT = frozenset({*CHANGING, *ASKING, DOWNLOAD})
"""What is answered with meaning; every other transaction plausibly, from the table."""
CHANGING |= {no: one for no, one in plausible.CHANGING.items() if no not in MEANT}
ASKING |= {no: one for no, one in plausible.ASKING.items() if no not in MEANT}
_ENVELOPE: dict[str, tuple[int, bool]] = {
    "infno": (5, True),
    "msgid": (30, True),
    "mdtrtarea_admvs": (6, True),
    "insuplc_admdvs": (6, False),
    "recer_sys_code": (10, True),
    "dev_no": (100, False),
    "dev_safe_info": (2000, False),
    "cainfo": (1024, False),
    "signtype": (10, False),
    "infver": (6, True),
    "opter_type": (3, True),
    "opter": (30, True),
    "opter_name": (50, True),
    "inf_time": (19, True),
    "fixmedins_code": (12, True),
    "fixmedins_name": (20, True),
    "sign_no": (30, False),
}
"""Fields of the envelope: longest and whether required (specification, 接口报文格式)."""
_OPERATORS = {"1", "2", "3"}
_MSGID_TAIL = re.compile(r"[0-9]{14}[0-9A-Za-z]{4}")
_UNSAVED = ("mdtrt_cert_no", "card_sn")
_LONGEST_ERROR = 200
_UNKNOWN_TIME = "0000-00-00 00:00:00"
_DIGITS_ONLY = str.maketrans("", "", "- :")


class Answer(NamedTuple):
    """What goes back: JSON, or the bytes of a file."""

    content: bytes
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What the gateway let through: who calls, the transaction it announced, the body."""

    institution: Institution
    api_name: str
    body: dict[str, Any]
    file: bytes = b""


class Desk:
    """Answers messages; ``office`` holds all state."""

    def __init__(self, office: Office) -> None:
        self.office = office
        # Ten digits: which start of the process, which answer since.
        self._starts = office.books.counted("starts")
        self._answers = itertools.count(1)

    def answer(self, arrival: Arrival) -> Answer:
        """Answer a message; a refusal is an answer too."""
        try:
            message = self._read(arrival)
            if message.infno == DOWNLOAD:
                content = statements.download_file(self.office, message)
                return Answer(content, "application/octet-stream")
            if message.infno in ASKING:
                output = ASKING[message.infno](self.office, message)
                return Answer(self._said(output, message.inf_time))
            return Answer(self._change(message))
        except RefusedError as refusal:
            return Answer(self.refused(arrival.body, str(refusal)))

    def refused(self, body: dict[str, Any], reason: str) -> bytes:
        """Return the answer that refuses a message."""
        inf_time = body.get("inf_time")
        at = _UNKNOWN_TIME if instant_problem(inf_time) else str(inf_time)
        return self._said({}, at, reason[:_LONGEST_ERROR])

    def _said(self, output: dict[str, Any], inf_time: str, error: str = "") -> bytes:
        digits = inf_time.translate(_DIGITS_ONLY)
        seq = f"{self._starts % 1000:03d}{next(self._answers) % 10_000_000:07d}"
        return orjson.dumps(
            {
                "infcode": -1 if error else 0,
                "inf_refmsgid": f"{self.office.admdvs}{digits}{seq}",
                "refmsg_time": f"{digits}000",
                "respond_time": f"{digits}000",
                "err_msg": error,
                "warn_msg": "",
                "cainfo": "",
                "signtype": "",
                "output": output,
            }
        )

    def _change(self, message: Message) -> bytes:
        mark = fingerprint(message)
        logged = self.office.books.message(message.msgid)
        if logged is not None:
            return _resent(message, mark, logged)
        with self.office.books.transaction():
            answer = self._said(CHANGING[message.infno](self.office, message), message.inf_time)
            self.office.books.add_message(message.msgid, message.infno, mark, answer)
        return answer

    def _read(self, arrival: Arrival) -> Message:
        body = arrival.body
        check_envelope(body)
        infno = body["infno"]
        if infno != arrival.api_name:
            raise RefusedError("infno 与_api_name不一致")
        if body["fixmedins_code"] != arrival.institution.fixmedins_code:
            raise RefusedError("fixmedins_code 与访问密钥不符")
        if infno not in CHANGING and infno not in ASKING and infno != DOWNLOAD:
            raise RefusedError(f"infno 交易{infno}不存在")
        area = body.get("insuplc_admdvs") or ""
        if not area and names_a_person(infno):
            raise RefusedError("insuplc_admdvs 有人员编号时不能为空")
        sign_no = body.get("sign_no")
        if sign_no and not self.office.books.has_signin(sign_no, body["fixmedins_code"]):
            raise RefusedError("sign_no 签到编号无效")
        return Message(
            infno=infno,
            msgid=body["msgid"],
            inf_time=body["inf_time"],
            insuplc_admdvs=area,
            opter=body["opter"],
            opter_name=body["opter_name"],
            institution=arrival.institution,
            input=check_input(infno, body.get("input")),
            file=arrival.file,
        )


def check_envelope(body: dict[str, Any]) -> None:
    """Check the fields of the envelope.

    Raises RefusedError naming the first that is wrong.
    """
    for name, (longest, is_required) in _ENVELOPE.items():
        value = body.get(name)
        if value is None or value == "":
            if is_required:
                raise RefusedError(f"{name} 不能为空")
        elif not isinstance(value, str) or len(value) > longest:
            raise RefusedError(f"{name} 应为不超过{longest}位的字符串")
    if unknown := body.keys() - _ENVELOPE.keys() - {"input"}:
        raise RefusedError(f"{'、'.join(sorted(unknown))} 不在接口规范中")
    if body["opter_type"] not in _OPERATORS:
        raise RefusedError("opter_type 代码不在字典中")
    if problem := instant_problem(body["inf_time"]):
        raise RefusedError(f"inf_time {problem}")
    code, msgid = body["fixmedins_code"], body["msgid"]
    if not (msgid.startswith(code) and _MSGID_TAIL.fullmatch(msgid, len(code))):
        raise RefusedError("msgid 应为定点医药机构编号+14位时间+4位顺序号")


def fingerprint(message: Message) -> bytes:
    """Return what two messages with the same content have in common; credentials left out."""
    nodes = {
        name: {key: value for key, value in node.items() if key not in _UNSAVED}
        if isinstance(node, dict)
        else node
        for name, node in message.input.items()
    }
    content = orjson.dumps(nodes, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(message.infno.encode() + content + message.file, digest_size=16).digest()


def _resent(message: Message, mark: bytes, logged: tuple[str, bytes, bytes, int]) -> bytes:
    infno, same, answer, revoked = logged
    if revoked:
        raise RefusedError(f"报文{message.msgid}已冲正或撤销")
    if (infno, same) != (message.infno, mark):
        raise RefusedError(f"报文{message.msgid}已用于其他内容")
    return answer
