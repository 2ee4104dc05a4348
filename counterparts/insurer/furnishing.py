"""What the switchboard says of a person besides the person: relatives' accounts and filings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from counterparts.frame import BadControl
from counterparts.insurer import accounts, filing_book
from counterparts.insurer.filing_book import OPEN_END, Filing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counterparts.insurer.books import Books
    from counterparts.insurer.records import Person

_ALWAYS = "0001-01-01"
_OFFICE = ""


def furnish(books: Books, person: Person, row: Mapping[str, Any]) -> None:
    """Write what ``row`` says of a person's relatives and filings; what it leaves out stays.

    Raises BadControl if a list is none, or a person is to share with himself.
    """
    if "family_payers" in row:
        payers = _texts(row, "family_payers")
        if person.psn_no in payers:
            raise BadControl("family_payers: other persons are wanted")
        accounts.set_payers(books, person.psn_no, payers)
    for kind, code in _wanted(row):
        filings = filing_book.of_person(books, person.psn_no, kind)
        if not any(filing.code == code for filing in filings):
            filing_book.add(books, _filing(person, kind, code, books.counted("filings")))


def _wanted(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if row.get("gp_contract") is True:
        yield "2505", "05"
    if row.get("filed_elsewhere") is True:
        yield "2505", "08"
    for disease in _texts(row, "chronic"):
        yield "2503", disease


def _texts(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadControl(f"{name}: a list of texts is wanted")
    return value


def _filing(person: Person, kind: str, code: str, seq: int) -> Filing:
    return Filing(
        trt_dcla_detl_sn=f"OFFICE{seq:09d}",
        kind=kind,
        psn_no=person.psn_no,
        fixmedins_code=_OFFICE,
        code=code,
        begndate=_ALWAYS,
        enddate=OPEN_END,
        content=orjson.dumps({}).decode(),
        filed_at=f"{_ALWAYS} 00:00:00",
        opter="",
        opter_name="",
    )
