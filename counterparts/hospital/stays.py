"""Stays in hospital: admitted four days before the day, charged daily, discharged on the day.

They are drawn from nothing: the first principals who sign with a line of the platform's and do not
come for anything else are admitted, and each day in hospital costs what an ordinary visit of the
day costs. The first of them is settled, then undone, put right by a charge-off and settled again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from counterparts.hospital.plan import CHINA, EARLIER_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterparts.hospital.desk import Desk
    from counterparts.hospital.plan import Plan
    from counterparts.hospital.plan import Visit as Outpatient
    from counterparts.population import Family, Person

_ADMITTED, _CHARGED, _LEFT = time(10), time(8), time(15)
_HOME = "1"
"""dscg_way: 医嘱离院."""


@dataclass(slots=True)
class Stay:
    """One stay: who, where, and what each day costs."""

    number: int
    person: Person
    like: Outpatient
    """The visit whose department, doctor, diagnoses and charges it has."""
    admitted_on: date
    left_on: date
    run: int
    visit_id: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def visit_no(self) -> str:
        """The hospital's number of the stay."""
        return f"R{self.run:04d}Z{self.number:06d}"

    def at(self, day: date, hour: time) -> datetime:
        """Give an instant of the stay."""
        return datetime.combine(day, hour, tzinfo=CHINA)

    @property
    def left_at(self) -> datetime:
        """When the patient goes home."""
        return self.at(self.left_on, _LEFT)

    def days(self) -> Iterator[date]:
        """Yield every day after the admission."""
        for number in range(1, (self.left_on - self.admitted_on).days + 1):
            yield self.admitted_on + timedelta(days=number)


def choose(plan: Plan, *, stays: int, on: date) -> list[Stay]:
    """Choose who stays; fewer than asked for where there are not that many."""
    visiting = plan.visiting()
    free = [
        family
        for family in plan.population.families
        if family.funding == "platform" and family.principal.key not in visiting
    ]
    ordinary = [visit for visit in plan.day if not visit.is_cast and len(visit.charges) > 1]
    return [
        Stay(
            number=number,
            person=family.principal,
            like=ordinary[number % len(ordinary)],
            admitted_on=on - timedelta(days=EARLIER_DAYS),
            left_on=on,
            run=plan.population.run,
        )
        for number, family in enumerate(free[:stays] if ordinary else [], start=1)
    ]


def families_of(plan: Plan, stays: list[Stay]) -> list[Family]:
    """Give the families whose principal stays."""
    staying = {stay.person.key for stay in stays}
    return [one for one in plan.population.families if one.principal.key in staying]


def admit(desk: Desk, stay: Stay) -> None:
    """Admit a patient, without a deposit."""
    now = stay.at(stay.admitted_on, _ADMITTED)
    like = stay.like
    body = {
        "visit_no": stay.visit_no,
        "person_id": desk.ledger.persons[stay.person.key],
        "kind": "inpatient",
        "admission": {"bed": f"{stay.number}床", "note": like.diagnoses[0].name},
        "department": {"code": like.department.code, "name": like.department.name},
        "doctor": {"code": like.doctor.code, "name": like.doctor.name},
        "began_at": now.isoformat(),
        "diagnoses": [{"code": one.code, "name": one.name} for one in like.diagnoses],
    }
    stay.visit_id = int(desk.platform.post("/api/v1/visits", body, now=now).body["id"])


def live_through(desk: Desk, stay: Stay) -> None:
    """Charge every day, go home, settle; the first stay is then undone and put right."""
    for day in stay.days():
        _charge(desk, stay, _cost(stay, day), now=stay.at(day, _CHARGED))
        desk.platform.post(_path(stay, "upload"), {}, now=stay.at(day, _CHARGED))
    _leave(desk, stay)
    settled = desk.settle_stay(stay.visit_id, stay.visit_no, now=stay.left_at, key="settle")
    if stay.number == 1 and settled["state"] == "completed":
        _put_right(desk, stay, settled["id"])
    desk.ledger.count("stays")


def _cost(stay: Stay, day: date) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for charge in stay.like.charges:
        line = {
            "line_no": len(stay.lines) + len(lines) + 1,
            "local_code": charge.item.local_code,
            "national_code": charge.item.national_code,
            "name": charge.item.name,
            "quantity": str(charge.quantity),
            "unit_price_fen": str(charge.item.price_fen),
            "amount_fen": charge.amount_fen,
            "occurred_at": stay.at(day, _CHARGED).isoformat(),
        }
        lines.append(line)
    return lines


def _charge(desk: Desk, stay: Stay, lines: list[dict[str, Any]], *, now: datetime) -> None:
    desk.platform.post(_path(stay, "charges"), {"charges": lines}, now=now)
    stay.lines += lines


def _leave(desk: Desk, stay: Stay) -> None:
    told = {"ended_at": stay.left_at.isoformat(), "discharge": {"way": _HOME}}
    desk.platform.post(_path(stay, "end"), told, now=stay.left_at)


def _put_right(desk: Desk, stay: Stay, settlement_id: int) -> None:
    """Undo the settlement, charge the last line off, discharge and settle again."""
    now = stay.left_at
    desk.take_receipt_back(settlement_id, now=now)
    undone = desk.platform.post(
        f"/api/v1/settlements/{settlement_id}/reverse",
        {"reason": "多记费用"},
        now=now,
        key=f"{stay.visit_no}-reverse",
    )
    desk.ledger.count(f"stay_{undone.body['state']}")
    if undone.body["state"] != "reversed":
        return  # the insurer's answer is missing: another day's work
    desk.platform.post(_path(stay, "reopen"), {}, now=now)
    wrong = stay.lines[-1]
    off = wrong | {
        "line_no": len(stay.lines) + 1,
        "corrects_line_no": wrong["line_no"],
        "quantity": f"-{wrong['quantity']}",
        "amount_fen": -wrong["amount_fen"],
    }
    _charge(desk, stay, [off], now=now)
    _leave(desk, stay)
    desk.settle_stay(stay.visit_id, stay.visit_no, now=now, key="settle-again")


def _path(stay: Stay, verb: str) -> str:
    return f"/api/v1/visits/{stay.visit_id}/{verb}"
