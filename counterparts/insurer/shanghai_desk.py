"""What Shanghai's messages are answered with: the desk, checked content, calculations."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterparts.insurer.amounts import yuan_text
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.office import NORMALLY_INSURED
from counterparts.insurer.records import Person, Visit
from counterparts.insurer.rights import rule_for
from counterparts.insurer.shanghai_books import Calculation, ShanghaiBooks
from counterparts.insurer.shanghai_segments import Accounts, Segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterparts.insurer.benefits import Rule
    from counterparts.insurer.office import Office
    from counterparts.insurer.records import Institution

BOOKLET, CARD, IDENTITY, CREDENTIAL = "0", "1", "2", "3"
OUTPATIENT = "11"
VISIT_KINDS = {"S11": OUTPATIENT, "S12": "13"}
"""yllb to the kinds of care the books know (med_type, and clr_type alike)."""
_DECIMALS = {"A": 2, "D": 4, "E": 6}
_FIELDS = Path(__file__).parent / "data" / "shanghai.csv"
BESIDES = ("flzflnzhzfs", "flzfgjzhzfs", "zflnzhzfs", "zfgjzhzfs")
_TIMES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message whose frame and content are as they should be. ``at`` is its own time."""

    kind: str
    msgid: str
    at: str
    institution: Institution
    content: dict[str, Any]

    @property
    def day(self) -> date:
        """Return its date."""
        return date.fromisoformat(self.at[:10])


@dataclass(slots=True)
class Shanghai:
    """The office as Shanghai's messages find it. ``tokens`` live as long as the process."""

    office: Office
    shanghai: ShanghaiBooks
    tokens: dict[str, str] = field(default_factory=dict)

    def person_of(self, content: Mapping[str, Any]) -> Person:
        """Return whose card, identity number or token it is; raises RefusedError."""
        kind, data = str(content["cardtype"]), str(content["carddata"])
        books = self.office.books
        if kind == IDENTITY:
            person = books.person_by_certificate("01", data)
        elif kind == CREDENTIAL:
            person = books.person(self.tokens.get(data, ""))
        else:
            person = books.person(data)
        if person is None:
            raise RefusedError("凭证无效，未查询到参保信息")
        return person

    def insured(self, content: Mapping[str, Any]) -> Person:
        """Return the person if the insurance is in force; raises RefusedError."""
        person = self.person_of(content)
        if person.psn_insu_stas != NORMALLY_INSURED:
            raise RefusedError("帐户封存，不能享受医保待遇")
        return person

    def visit_of(self, message: Message, person: Person) -> Visit:
        """Return the visit that a message names; raises RefusedError."""
        visit = self.office.books.visit(str(message.content["jzdyh"]))
        if visit is None or visit.fixmedins_code != message.institution.fixmedins_code:
            raise RefusedError(f"就诊单元号{message.content['jzdyh']}不存在")
        if visit.psn_no != person.psn_no or visit.cancelled:
            raise RefusedError("jzdyh 与凭证不符或已退号")
        return visit


@cache
def _fields() -> Mapping[str, Mapping[str, list[tuple[str, str, str, int, bool]]]]:
    found: dict[str, dict[str, list[tuple[str, str, str, int, bool]]]] = {}
    with _FIELDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = (row["field"], row["label"], row["kind"], int(row["length"] or 0))
            nodes = found.setdefault(row["message"], {})
            nodes.setdefault(row["node"], []).append((*one, row["required"] == "Y"))
    return found


def check_content(kind: str, content: Mapping[str, Any]) -> None:
    """Check a message's fields. Raises RefusedError naming the first that is wrong."""
    for node, fields in _fields().get(kind, {}).items():
        if not node:
            _check_row(kind, "", fields, content)
            continue
        rows = content.get(node)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RefusedError(f"{kind} {node} 应为列表")
        for at, row in enumerate(rows, 1):
            _check_row(kind, f"{node}[{at}].", fields, row)


def _check_row(
    kind: str,
    place: str,
    fields: list[tuple[str, str, str, int, bool]],
    row: Mapping[str, Any],
) -> None:
    for name, label, form, longest, is_required in fields:
        value = row.get(name)
        if value is None or value == "":
            if is_required:
                raise RefusedError(f"{kind} {place}{name}({label}) 不能为空")
        elif problem := _problem(form, longest, value):
            raise RefusedError(f"{kind} {place}{name}({label}) {problem}")


def _problem(form: str, longest: int, value: object) -> str:
    if form == "s":
        wrong = not isinstance(value, str) or len(value) > longest
        return f"应为不超过{longest}位的字符串" if wrong else ""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return "应为数字"
    exponent = number.as_tuple().exponent
    if isinstance(value, bool) or not number.is_finite() or not isinstance(exponent, int):
        return "应为数字"
    scale = _DECIMALS.get(form, 0)
    return f"小数不超过{scale}位" if -exponent > scale else ""


def as_yuan(amounts: Mapping[str, int]) -> dict[str, str]:
    """Return amounts in fen as the texts of a message."""
    return {name: yuan_text(fen) for name, fen in amounts.items()}


ZEROES = (
    *("totalexpense", "curaccountpay", "zfdxjzfs", "zfdlnzhzfs", "tcdzhzfs", "tcdxjzfs", "tczfs"),
    *("fjdzhzfs", "fjdxjzfs", "fjzfs", "ybjsfwfyze", "fybjsfwfyze"),
)


def card_of(message: Message, person: Person) -> dict[str, str]:
    """Return whose card it is, as answers repeat it."""
    kind = str(message.content["cardtype"])
    return {"cardtype": kind, "cardid": person.certno if kind == IDENTITY else person.psn_no}


def accounts_of(person: Person) -> Accounts:
    """Return a person's two accounts: this year's, and those of the years before."""
    return Accounts(cur_fen=person.current_fen, his_fen=person.balc_fen)


def balances_of(accounts: Accounts) -> dict[str, str]:
    """Return what accounts hold as answers tell it."""
    return as_yuan({"curaccountamt": accounts.cur_fen, "hisaccountamt": accounts.his_fen})


def rule_of(desk: Shanghai, message: Message, person: Person) -> Rule:
    """Return the benefit rule of a message; raises RefusedError if none grants anything."""
    return rule_for(
        desk.office,
        message.institution,
        person,
        med_type=VISIT_KINDS.get(str(message.content.get("yllb")), OUTPATIENT),
        kind="outpatient",
        disease="",
        day=message.day,
    )


def keep_calculation(
    desk: Shanghai, message: Message, person: Person, *, jzdyh: str, mxzdh: str
) -> Calculation:
    """Keep a calculation under a new number (jssqxh)."""
    seq = desk.office.books.counted("jssqxh")
    jgdm = message.institution.fixmedins_code
    letters = "H0" if message.kind == "SH01" else "I1"
    made = Calculation(
        jssqxh=f"{letters}{jgdm:0<12}{message.at[:10].replace('-', '')}{seq:012d}",
        kind=message.kind,
        jgdm=jgdm,
        psn_no=person.psn_no,
        jzdyh=jzdyh,
        mxzdh=mxzdh,
    )
    desk.shanghai.add_calculation(made)
    return made


def new_lsh(desk: Shanghai, message: Message) -> str:
    """Return a new number of a transaction (中心流水号)."""
    seq = desk.office.books.counted("lsh") % _TIMES
    return f"{message.at[2:4]}{message.at[5:7]}{desk.office.admdvs}{seq:06d}"


def confirmed_before(
    desk: Shanghai, message: Message, person: Person, kind: str
) -> tuple[Calculation, dict[str, Any] | None]:
    """Return the calculation that a message confirms, and the answer if it was confirmed before.

    Raises RefusedError if there is none of that number and person, or it was refunded.
    """
    jssqxh = str(message.content["jssqxh"])
    made = desk.shanghai.calculation(jssqxh, jgdm=message.institution.fixmedins_code)
    if made is None or made.kind != kind or made.psn_no != person.psn_no:
        raise RefusedError(f"计算申请序号{jssqxh}不存在")
    before = desk.shanghai.transaction(made.lsh) if made.lsh else None
    if before is not None and before.refunded:
        raise RefusedError(f"计算申请序号{jssqxh}已退费")
    return made, None if before is None else before.answer


def no_segments() -> Segments:
    """Return the amounts of a registration without a fee."""
    return Segments(**dict.fromkeys((*ZEROES, *BESIDES[:1]), 0))


_EMPLOYEE_ATTR = {"11": "1", "12": "2", "13": "3"}
_GROWN_UP = 19


def account_attr(person: Person, day: date) -> str:
    """Return the 16 flags of 帐户标志."""
    flags = ["0"] * 16
    if person.insutype == "310":
        flags[0] = _EMPLOYEE_ATTR.get(person.psn_type[:2], "1")
        flags[2] = person.cvlserv_flag
    else:
        flags[11] = "E" if person.traits.age_on(day) < _GROWN_UP else "F"
    flags[4] = "0" if person.psn_insu_stas == NORMALLY_INSURED else "1"
    return "".join(flags)


# --- registration ---------------------------------------------------------------------------------
