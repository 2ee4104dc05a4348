"""Plays visits out of a file instead of inventing them.

The file holds one visit a line, as JSON::

    {"visit_no", "kind": "outpatient"|"emergency", "began_at", "ended_at",
     "person": {"name", "id_number", "phone"},
     "department": {"code", "name"}, "doctor": {"code", "name"}, "diagnoses": [{"code", "name"}],
     "charges": [{"line_no", "local_code", "national_code", "name", "quantity", "unit_price_fen",
                  "amount_fen", "occurred_at"}]}

Everybody in it becomes known to the insurer as a working employee without a personal account; an
empty name or telephone number is made up.
Visit numbers get the run in front, so that the same file can be played again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.hospital import lanes
from counterparts.hospital.cases import Charge, Item, Place
from counterparts.hospital.plan import CHINA, ORDINARY, Visit
from counterparts.hospital.register import insured_row
from counterparts.hospital.wire import tell
from counterparts.population import Insurance, Person

if TYPE_CHECKING:
    from pathlib import Path

    from counterparts.hospital.day import Stage
    from counterparts.hospital.desk import Desk

_LONGEST_NUMBER = 30
_EMPLOYEE, _WORKING = "310", "11"
_NAMELESS = "某某"
_MOBILE = re.compile(r"1[0-9]{10}")


def replay(stage: Stage, file: Path, *, run: int) -> None:
    """Register everybody in the file and play its visits, day by day."""
    entries = [orjson.loads(line) for line in file.read_bytes().splitlines() if line.strip()]
    persons = {entry["person"]["id_number"]: _person(entry["person"]) for entry in entries}
    visits = sorted(
        (_visit(entry, number, run=run) for number, entry in enumerate(entries, start=1)),
        key=lambda visit: (visit.began_at, visit.visit_no),
    )
    rows = [insured_row(one, balance_fen=0) for one in persons.values()]
    tell(stage.outside.insurer, "/_control/persons", rows)
    _register(stage, list(persons.values()), visits)
    for day, several in groupby(visits, key=lambda visit: visit.began_at.date()):
        stage.set_clocks(day)
        _play(stage, list(several))
    stage.summary()


def visit_number(own: str, number: int, *, run: int) -> str:
    """Return the number a visit goes by: the hospital's own with the run in front, if it fits."""
    prefixed = f"R{run:04d}-{own}"
    return prefixed if len(prefixed) <= _LONGEST_NUMBER else f"R{run:04d}F{number:06d}"


def _register(stage: Stage, persons: list[Person], visits: list[Visit]) -> None:
    if not visits:
        return
    before = visits[0].began_at - timedelta(days=1)

    def work(desk: Desk, person: Person) -> None:
        desk.register(person, now=before)
        stage.teller.advance()

    stage.teller.begin("sign", len(persons))
    lanes.run(
        persons,
        lanes=stage.lanes,
        family_of=lambda person: person.key,
        tools=stage.desk,
        work=work,
    )


def _play(stage: Stage, visits: list[Visit]) -> None:
    def work(desk: Desk, visit: Visit) -> None:
        desk.play(visit)
        stage.teller.advance()

    stage.teller.begin("day", len(visits))
    lanes.run(
        visits,
        lanes=stage.lanes,
        family_of=lambda visit: visit.person,
        tools=stage.desk,
        work=work,
    )


def _person(entry: dict[str, Any]) -> Person:
    """Read a person; what the export does not tell is made up from the identity number."""
    number = str(entry["id_number"])
    digest = int.from_bytes(hashlib.sha256(f"psn_no {number}".encode()).digest(), "big")
    phone = entry["phone"].removeprefix("+86")
    return Person(
        key=number,
        name=entry["name"] or _NAMELESS,
        sex="M" if int(number[16]) % 2 else "F",
        birth_date=date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}"),
        id_number=number,
        phone=phone if _MOBILE.fullmatch(phone) else f"154{digest % 10**8:08d}",
        kinship="self",
        insurance=Insurance(
            kind="employee_working",
            insutype=_EMPLOYEE,
            psn_type=_WORKING,
            psn_no=f"990100{digest % 10**14:014d}",
            account_balance_fen=0,
        ),
    )


def _visit(entry: dict[str, Any], number: int, *, run: int) -> Visit:
    return Visit(
        visit_no=visit_number(entry["visit_no"], number, run=run),
        family=number,
        person=entry["person"]["id_number"],
        part=ORDINARY,
        emergency=entry["kind"] == "emergency",
        department=Place(**entry["department"]),
        doctor=Place(**entry["doctor"]),
        diagnoses=tuple(Place(**one) for one in entry["diagnoses"]),
        charges=tuple(_charges(entry["charges"])),
        began_at=_instant(entry["began_at"]),
        ended_at=_instant(entry["ended_at"]),
    )


def _charges(entries: list[dict[str, Any]]) -> Iterator[Charge]:
    for entry in entries:
        yield Charge(
            line_no=entry["line_no"],
            item=Item(
                local_code=entry["local_code"],
                national_code=entry["national_code"],
                name=entry["name"],
                price_fen=Decimal(entry["unit_price_fen"]),
            ),
            quantity=Decimal(entry["quantity"]),
            amount_fen=entry["amount_fen"],
            occurred_at=_instant(entry["occurred_at"]),
        )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(CHINA)
