"""The address at which Shanghai's messages come in: frame, faults, one transaction a message.

Requests are UTF-8, answers GBK, as clients of the real front-end machine report. There is no
gateway in front of it: the network is closed, and ``jgdm`` says who calls. A fault rule matches
``xxlxm``, or ``infno`` of the national transaction that a message stands for, and ``ipt_otp_no``
(which SN01 brings as ``djh``).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterparts.frame import BadControl, Fault, json_answer
from counterparts.insurer.amounts import fen_of, yuan_text
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.fields import instant_problem
from counterparts.insurer.shanghai import answer
from counterparts.insurer.shanghai_books import ShanghaiBooks
from counterparts.insurer.shanghai_desk import Message, Shanghai, check_content

if TYPE_CHECKING:
    from starlette.requests import Request

    from counterparts.frame import Switchboard
    from counterparts.insurer.office import Office
    from counterparts.insurer.schemes import Gateways

ADDRESS = "/shyb/v5"
ENCODING = "gbk"
YES, NO = "P001", "F001"
STANDS_FOR = {
    "SM01": "1101",
    "SH02": "2201",
    "SN01": "2204",
    "SN02": "2205",
    "SI11": "2206",
    "SI12": "2207",
    "SI91": "5203",
    "SK01": "2208",
    "SL01": "3201",
}
_LOGGED = {"SN01", "SN02", "SK01"}
"""Answered alike when they come again under their number; SH02 and SI12 go by ``jssqxh``."""
_SPOILT = {"SI11": "tczfs", "SI12": "tczfs", "SI91": "tczfs", "SK01": "tc"}
_MSGID_TAIL = re.compile(r"[0-9]{17}")
_ECHOED = ("xxlxm", "bbh", "msgid", "xzqhdm", "jgdm", "czybm", "czyxm", "jyqd", "jyyzm", "zdjbhs")


@dataclass(slots=True)
class Front:
    """Takes Shanghai's messages in."""

    office: Office
    board: Switchboard
    gateways: Gateways
    desk: Shanghai = field(init=False)

    def __post_init__(self) -> None:
        """Open Shanghai's part of the books."""
        self.desk = Shanghai(self.office, ShanghaiBooks(self.office.books))

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the switchboard that only Shanghai needs."""
        return [Route("/_control/shanghai/codes", self._codes, methods=["POST"])]

    async def call(self, request: Request) -> Response:
        """Answer one message."""
        try:
            frame = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            frame = None
        if not isinstance(frame, dict):
            return _answer({}, NO, "报文不是JSON对象", {})

        async def work() -> Response:
            return self._work(frame)

        spoil = _wrong_sum if frame.get("xxlxm") in _SPOILT else None
        return await self.board.answer(
            self._keys(frame) if self.board.rules else {},
            work,
            instead={
                Fault.REFUSE: lambda: _answer(frame, NO, "模拟拒绝", {}),
                Fault.GATEWAY_401: lambda: json_answer({"message": "前置机离线"}, status=503),
            },
            spoil=spoil,
        )

    def _work(self, frame: dict[str, Any]) -> Response:
        try:
            message = self._read(frame)
            content = self._change(message)
        except RefusedError as refusal:
            return _answer(frame, NO, str(refusal), {})
        return _answer(frame, YES, "交易成功", content)

    def _read(self, frame: dict[str, Any]) -> Message:
        """Check the frame. Raises RefusedError naming the field."""
        check_content("*", frame)
        if problem := instant_problem(frame["jysj"]):
            raise RefusedError(f"jysj {problem}")
        institution = self.gateways.by_code.get(frame["jgdm"])
        if institution is None or self.gateways.scheme_of(institution) != "shanghai":
            raise RefusedError(f"jgdm {frame['jgdm']}不是定点医疗机构")
        code, msgid = institution.fixmedins_code, frame["msgid"]
        if not (msgid.startswith(code) and _MSGID_TAIL.fullmatch(msgid, len(code))):
            raise RefusedError("msgid 应为机构代码+8位日期+9位顺序号")
        if not isinstance(frame.get("xxnr"), dict):
            raise RefusedError("xxnr 应为对象")
        return Message(
            kind=frame["xxlxm"],
            msgid=msgid,
            at=frame["jysj"],
            institution=institution,
            content=frame["xxnr"],
        )

    def _change(self, message: Message) -> dict[str, Any]:
        books = self.office.books
        if message.kind not in _LOGGED:
            with books.transaction():
                return answer(self.desk, message)
        mark = _fingerprint(message)
        logged = books.message(message.msgid)
        if logged is not None:
            if (logged[0], logged[1]) != (message.kind, mark):
                raise RefusedError(f"报文{message.msgid}已用于其他内容")
            return dict(orjson.loads(logged[2]))
        with books.transaction():
            content = answer(self.desk, message)
            books.add_message(message.msgid, message.kind, mark, orjson.dumps(content))
        return content

    def _keys(self, frame: dict[str, Any]) -> dict[str, str]:
        """Return what fault rules can match of a message."""
        content = frame.get("xxnr")
        content = content if isinstance(content, dict) else {}
        kind = str(frame.get("xxlxm", ""))
        jzdyh = content.get("jzdyh")
        if jzdyh is None:
            found = self.desk.shanghai.calculation_of(
                str(content.get("translsh", "-")), jgdm=str(frame.get("jgdm", ""))
            ) or self.desk.shanghai.calculation(
                str(content.get("jssqxh", "-")), jgdm=str(frame.get("jgdm", ""))
            )
            jzdyh = found.jzdyh if found else ""
        visit = self.office.books.visit(str(jzdyh))
        return {
            "xxlxm": kind,
            "infno": STANDS_FOR.get(kind, ""),
            "psn_no": visit.psn_no if visit else "",
            "ipt_otp_no": visit.ipt_otp_no if visit else str(content.get("djh", "")),
        }

    async def _codes(self, request: Request) -> Response:
        """Let codes of e-credentials be persons': ``[{code, psn_no}]``."""
        try:
            rows = orjson.loads(await request.body())
            pairs = [(str(row["code"]), str(row["psn_no"])) for row in rows]
        except (orjson.JSONDecodeError, TypeError, LookupError) as error:
            raise BadControl("a list of {code, psn_no} is wanted") from error
        with self.office.books.transaction():
            for code, psn_no in pairs:
                if self.office.books.person(psn_no) is None:
                    raise BadControl(f"psn_no {psn_no}: nobody")
                self.desk.shanghai.put_code(code, psn_no)
        return json_answer({"count": len(pairs)})


def _fingerprint(message: Message) -> bytes:
    content = {name: value for name, value in message.content.items() if name != "carddata"}
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(message.kind.encode() + text, digest_size=16).digest()


def _answer(frame: dict[str, Any], code: str, said: str, content: dict[str, Any]) -> Response:
    """Frame an answer; what the asker said of itself is repeated."""
    echoed = {name: frame.get(name, "") for name in _ECHOED}
    body = {
        "jysj": frame.get("jysj", ""),
        **echoed,
        "xxfhm": code,
        "fhxx": said[:200],
        "xxnr": content,
    }
    text = json.dumps(body, ensure_ascii=False).encode(ENCODING, errors="replace")
    return Response(text, media_type=f"application/json;charset={ENCODING}")


def _wrong_sum(response: Response) -> Response:
    """Return an answer whose pooled fund has one fen too much."""
    answer = json.loads(bytes(response.body).decode(ENCODING))
    if answer["xxfhm"] != YES:
        return response
    name = _SPOILT[answer["xxlxm"]]
    answer["xxnr"][name] = yuan_text(fen_of(answer["xxnr"][name]) + 1)
    text = json.dumps(answer, ensure_ascii=False).encode(ENCODING)
    return Response(text, media_type=f"application/json;charset={ENCODING}")
