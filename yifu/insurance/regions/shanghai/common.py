"""What Shanghai's calls share: who shows what, what was said before, what is not told."""

import hashlib
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from yifu.insurance.fields import Violation, read_time
from yifu.insurance.gateway import (
    OPERATOR,
    OPERATOR_NAME,
    NotSent,
    Unanswered,
)
from yifu.insurance.regions.dialect import Asked, Content, Known, Numbers, Said, Talk
from yifu.insurance.rules import fen_or_zero, yuan

CREDENTIAL: Final = "3"
ORDINARY, NO = "0", "0"
CHARGE, REFUND = "1", "2"
_TERMINAL_BUSINESS: Final = "01301"
IDENTITY, IDENTITY_CARD = "2", "01"
ALL_BATCHES: Final = "0000"
UNDECIDED: Final = ("sending", "unknown")
DONE: Final = ("answered", "resolved")
UNKNOWN_SETTLEMENT: Final = ("", "0")


@cache
def codes() -> Mapping[str, Mapping[str, Any]]:
    """Give `codes.toml`: what Shanghai's codes mean in the national tables."""
    return tomllib.loads(files(__package__).joinpath("codes.toml").read_text(encoding="utf-8"))


def untold(infno: str, *places: str, why: str = "Shanghai does not tell") -> tuple[Violation, ...]:
    """Name what Shanghai does not tell of an answer, by place."""
    return tuple(Violation(infno, "out", place, "", "not told", why) for place in places)


def row_of(asked: Asked, node: str = "data") -> Mapping[str, Any]:
    """Give the one row of a national input's node."""
    value = asked.input_[node]
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a patient shows, as Shanghai names it; `certno` where showing it tells (SE01)."""

    cardtype: str
    carddata: str = field(repr=False)
    certno: str = field(default="", repr=False)

    @property
    def card(self) -> dict[str, str]:
        """The two fields with which every message names a person."""
        return {"cardtype": self.cardtype, "carddata": self.carddata}


def shown_by(talk: Talk, data: Mapping[str, Any]) -> Shown:
    """Read what a patient shows; an e-credential's code is decoded. Raises `NotSent`."""
    kind = codes()["cardtype"].get(data["mdtrt_cert_type"])
    if kind is None:
        raise NotSent(f"mdtrt_cert_type {data['mdtrt_cert_type']}: no cardtype in Shanghai")
    shown = str(data["mdtrt_cert_no"])
    return _decoded(talk, shown) if kind == CREDENTIAL else Shown(str(kind), shown)


_tokens: dict[bytes, tuple[float, Shown]] = {}
_TOKEN_S: Final = 300.0
_MOST_TOKENS: Final = 1000


def _decoded(talk: Talk, code: str) -> Shown:
    """Turn a code into its token (SE01); a code is decoded once, so 2201 uses 1101's token.

    Tokens are in memory only, for minutes, and never written down (P1.7).
    """
    mark = hashlib.sha256(code.encode()).digest()
    until, known = _tokens.pop(mark, (0.0, None))
    if known is not None and time.monotonic() < until:
        return known
    content = {
        "orgId": talk.endpoint.fixmedins_code,
        "ecQrCode": code,
        "businessType": _TERMINAL_BUSINESS,
        "operatorId": OPERATOR,
        "operatorName": OPERATOR_NAME,
    }
    try:
        told = talk.say("SE01", content, Numbers())
    except Unanswered as error:
        raise NotSent(f"SE01: {error.reason}; a code is decoded once, show a new one") from error
    shown = Shown(CREDENTIAL, str(told["ecToken"]), str(told["idNo"]))
    while len(_tokens) >= _MOST_TOKENS:
        _tokens.pop(next(iter(_tokens)), None)
    _tokens[mark] = (time.monotonic() + _TOKEN_S, shown)
    return shown


def by_identity(known: Known) -> dict[str, str]:
    """Name a person who shows nothing: undoing and asking happen without the patient."""
    return {"cardtype": IDENTITY, "carddata": known.certno}


def known_visit(talk: Talk, visit: str) -> Known:
    """Give what we know of a visit; raises `NotSent` for one that is not ours."""
    try:
        return talk.known(visit)
    except LookupError as error:
        raise NotSent(f"mdtrt_id {visit}: not one of our visits") from error


def calculate(talk: Talk, kind: str, content: Content, numbers: Numbers) -> Content:
    """Say what only calculates, once more if nobody answers: it settles nothing.

    Raises `NotSent` when nobody answers again.
    """
    try:
        return talk.say(kind, content, numbers)
    except Unanswered:
        pass
    try:
        return talk.say(kind, content, numbers)
    except Unanswered as error:
        raise NotSent(f"{kind}: {error.reason}; it settles nothing") from error


def time_of(told: Content, otherwise: datetime) -> datetime:
    """Tell when the insurer says it was; its clock's text may be missing."""
    try:
        return read_time(str(told.get("jysj") or ""))
    except ValueError:
        return otherwise


def standing(talk: Talk, visit: str) -> list[Said]:
    """Give the confirmations of a visit that may stand: neither refused, unsent nor refunded."""
    undone = {one.numbers.serial for one in talk.earlier("SK01", visit=visit) if one.state in DONE}
    latest = {one.numbers.application: one for one in talk.earlier("SI12", visit=visit)}
    return [
        one
        for one in latest.values()
        if one.state in {*UNDECIDED, *DONE}
        and (not one.numbers.serial or one.numbers.serial not in undone)
    ]


def expense_of(content: Content) -> Decimal:
    """Give the 交易费用总额 of what we were told, in yuan."""
    return yuan(fen_or_zero(content.get("totalexpense"), field="totalexpense"))


def answer_of(talk: Talk, visit: str, serial: str) -> Content | None:
    """Find the amounts of a transaction among what we were told: by SI12, or by SI91 later."""
    said = [*talk.earlier("SI12", visit=visit), *talk.earlier("SI91", visit=visit)]
    return next((one.answer for one in said if one.numbers.serial == serial and one.answer), None)


def bills_of(talk: Talk, visit: str, batch: str) -> list[Numbers]:
    """Give the bills of a batch, or of all, that were neither withdrawn nor settled."""
    gone = {one.numbers.bill for one in talk.earlier("SN02", visit=visit) if one.state in DONE}
    settled = {one.numbers.batch for one in standing(talk, visit)} if batch == ALL_BATCHES else ()
    return [
        one.numbers
        for one in talk.earlier("SN01", visit=visit)
        if one.numbers.bill
        and one.numbers.bill not in gone
        and one.numbers.batch not in settled
        and batch in {ALL_BATCHES, one.numbers.batch}
    ]
