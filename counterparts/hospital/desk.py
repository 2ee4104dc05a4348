"""What the hospital does for one person or one visit, through the platform's public API."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterparts.hospital.wire import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from counterparts.hospital.plan import Visit
    from counterparts.hospital.telling import Teller
    from counterparts.hospital.wire import Answer, Platform
    from counterparts.population import Family, Person

SCHEME = "hangzhou"
CONSENT = {"text_version": "2026-01", "channel": "window"}
CLERK = "窗口 001"
PROOFS = {
    "child": "birth_certificate",
    "spouse": "marriage_certificate",
    "parent": "household_register",
}
CHANNEL = "wechat"
BANK = "hzbank"
_ACCEPTED = 202
_REFUSED = "insurer_refused"
_MOST_CODES = 3
_RECEIPT_PATIENCE_S = 60.0
_LOOK_AGAIN_S = 0.2


@dataclass(slots=True)
class Ledger:
    """What the hospital itself remembers of the day; shared by all lanes."""

    persons: dict[str, int] = field(default_factory=dict)
    """The platform's number of each registered person."""
    settled: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The answer to each visit's settlement."""
    charges: dict[str, list[int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the figures of the summary."""
        with self.lock:
            self.counts[what] += by


@dataclass(slots=True)
class Desk:
    """One lane's place: its connection, and what all lanes share."""

    platform: Platform
    ledger: Ledger
    teller: Teller
    code_for: Callable[[str], str | None] = lambda _visit_no: None
    """The text of the code that a visit's patient shows, if they show one."""

    # --- before the day --------------------------------------------------------------------------

    def register(self, person: Person, *, now: datetime) -> int:
        """Register a person's first visit; return the platform's number."""
        body = {
            "name": person.name,
            "certificate_type": "01",
            "certificate_no": person.id_number,
            "phone": person.phone,
        }
        answer = self.platform.post("/api/v1/persons", body, now=now)
        number = int(answer.body["id"])
        self.ledger.persons[person.key] = number
        self.ledger.count("persons")
        return number

    def sign(self, family: Family, *, run: int, now: datetime) -> None:
        """Sign the principal up, with those dependants who are registered."""
        persons = self.ledger.persons
        body = {
            "principal_id": persons[family.principal.key],
            "scheme": SCHEME,
            "consent": CONSENT,
            "acted_by": CLERK,
            "funding": _funding(family),
            "dependants": [
                {
                    "person_id": persons[one.key],
                    "kinship": one.kinship,
                    "limit_fen": one.sub_limit_fen,
                    "proof": _proof(one),
                    # An adult stands at the window too; a child has no consent of its own.
                    "consent": None if one.kinship == "child" else CONSENT,
                    "acted_by": CLERK,
                }
                for one in family.dependants
                if one.key in persons
            ],
        }
        key = f"R{run:04d}F{family.number:05d}-sign"
        self.platform.post("/api/v1/contracts", body, now=now, key=key)
        self.ledger.count("contracts")

    # --- the day ---------------------------------------------------------------------------------

    def play(self, visit: Visit) -> None:
        """Play one visit to its end: open, charge, end, settle, and pay what is to be paid now."""
        with self.noting_refusals(visit.visit_no):
            self._play(visit)
        self.ledger.count("visits")

    @contextmanager
    def noting_refusals(self, visit_no: str) -> Iterator[None]:
        """Tell of a refusal and go on with the day."""
        try:
            yield
        except RefusedError as refusal:
            self.ledger.count("refused")
            self.teller.tell("refused", visit_no=visit_no, step=str(refusal)[:300])

    def _play(self, visit: Visit) -> None:
        visit_id = self.report(visit)
        self.platform.post(
            f"/api/v1/visits/{visit_id}/end",
            {"ended_at": visit.ended_at.isoformat()},
            now=visit.ended_at,
        )
        answer = self._settle(visit, visit_id)
        self.ledger.settled[visit.visit_no] = answer.body
        self.ledger.count(f"settlement_{answer.body['state']}")
        self._pay_at_window(answer, now=visit.ended_at, key=f"{visit.visit_no}-cash")

    def _settle(self, visit: Visit, visit_id: int) -> Answer:
        """Settle a visit, by the patient's code if they show one.

        A code is good once. When it was read and the answer got lost, the patient shows another.
        """
        body: dict[str, Any] = {"visit_id": visit_id, "method": "auto"}
        for number in range(1, _MOST_CODES + 1):
            code = self.code_for(visit.visit_no)
            if code is not None:
                body["authorisation"] = {"qr_code": code}
                self.ledger.count("one_code")
            key = f"{visit.visit_no}-settle" + (f"-{number}" if number > 1 else "")
            try:
                return self.platform.post("/api/v1/settlements", body, now=visit.ended_at, key=key)
            except RefusedError as refusal:
                if code is None or refusal.code != _REFUSED or number == _MOST_CODES:
                    raise
        raise AssertionError("the last try answers or raises")

    def report(self, visit: Visit) -> int:
        """Open a visit and report its charges; return the platform's number of the visit."""
        body = {
            "visit_no": visit.visit_no,
            "person_id": self.ledger.persons[visit.person],
            "kind": "emergency" if visit.emergency else "outpatient",
            "department": {"code": visit.department.code, "name": visit.department.name},
            "doctor": {"code": visit.doctor.code, "name": visit.doctor.name},
            "began_at": visit.began_at.isoformat(),
            "diagnoses": [{"code": one.code, "name": one.name} for one in visit.diagnoses],
        }
        opened = self.platform.post("/api/v1/visits", body, now=visit.began_at)
        visit_id = int(opened.body["id"])
        charges = [
            {
                "line_no": charge.line_no,
                "local_code": charge.item.local_code,
                "national_code": charge.item.national_code,
                "name": charge.item.name,
                "quantity": str(charge.quantity),
                "unit_price_fen": str(charge.item.price_fen),
                "amount_fen": charge.amount_fen,
                "occurred_at": charge.occurred_at.isoformat(),
            }
            for charge in visit.charges
        ]
        reported = self.platform.post(
            f"/api/v1/visits/{visit_id}/charges",
            {"charges": charges},
            now=visit.charges[-1].occurred_at,
        )
        ids = {int(row["line_no"]): int(row["id"]) for row in reported.body["charges"]}
        self.ledger.charges[visit.visit_no] = [ids[charge.line_no] for charge in visit.charges]
        return visit_id

    def settle_stay(
        self, visit_id: int, visit_no: str, *, now: datetime, key: str
    ) -> dict[str, Any]:
        """Settle a stay that has ended, and pay at the window what no line pays."""
        answer = self.platform.post(
            "/api/v1/settlements", {"visit_id": visit_id}, now=now, key=f"{visit_no}-{key}"
        )
        self.ledger.count(f"settlement_{answer.body['state']}")
        self._pay_at_window(answer, now=now, key=f"{visit_no}-{key}-cash")
        return answer.body

    def _pay_at_window(self, settled: Answer, *, now: datetime, key: str) -> None:
        """Pay in cash what neither line nor debit has paid, unless a debit is still under way."""
        if settled.body["state"] != "awaiting_payment" or settled.status == _ACCEPTED:
            return
        bill = settled.body["bill"]
        body = {"channel": "cash", "amount_fen": bill["amount_fen"] - bill["paid_fen"]}
        self.platform.post(f"/api/v1/bills/{bill['id']}/payments", body, now=now, key=key)
        self.ledger.count("paid_at_window")

    def afterwards(self, visit: Visit, *, now: datetime) -> None:
        """Take the last charge back, or reverse the whole settlement, as the plan has it."""
        with self.noting_refusals(visit.visit_no):
            self._afterwards(visit, now=now)

    def _afterwards(self, visit: Visit, *, now: datetime) -> None:
        settled = self.ledger.settled.get(visit.visit_no)
        if settled is None:
            self.teller.tell("refused", visit_no=visit.visit_no, step="nothing settled to refund")
            return
        if not self._completed(settled, now=now):
            # Its answer is still missing: nobody pays back what may not have been settled.
            self.ledger.count(f"{visit.afterwards}_put_off")
            return
        self.take_receipt_back(settled["id"], now=now)
        path = f"/api/v1/settlements/{settled['id']}"
        if visit.afterwards == "refund":
            taken_back = self.ledger.charges[visit.visit_no][-1:]
            body = {"charge_ids": taken_back, "reason": "退药"}
            answer = self.platform.post(
                f"{path}/refunds", body, now=now, key=f"{visit.visit_no}-refund"
            )
        else:
            answer = self.platform.post(
                f"{path}/reverse", {"reason": "开错项目"}, now=now, key=f"{visit.visit_no}-reverse"
            )
        self.ledger.count(f"{visit.afterwards}_{answer.body['state']}")
        # What remains of a bill that was paid in cash is paid anew: the old money went back whole.
        self._pay_at_window(answer, now=now, key=f"{visit.visit_no}-cash-again")

    def take_receipt_back(self, settlement_id: int, *, now: datetime) -> None:
        """Wait for the receipt: whoever wants money back hands it in."""
        path = f"/api/v1/receipts?settlement_id={settlement_id}"
        deadline = time.monotonic() + _RECEIPT_PATIENCE_S
        while time.monotonic() < deadline:
            items = self.platform.get(path, now=now).body["items"]
            if any(item["state"] == "issued" for item in items):
                return
            time.sleep(_LOOK_AGAIN_S)
        self.ledger.count("refunded_without_receipt")

    def _completed(self, settled: dict[str, Any], *, now: datetime) -> bool:
        """Ask whether a settlement is complete by now, unless it was so at once."""
        if settled["state"] == "completed":
            return True
        answer = self.platform.get(f"/api/v1/settlements/{settled['id']}", now=now)
        return bool(answer.body["state"] == "completed")


def _proof(person: Person) -> dict[str, str]:
    """Describe the paper that the family shows for a relative; its number is invented."""
    number = hashlib.sha256(f"proof {person.id_number}".encode()).hexdigest()[:10].upper()
    return {"kind": PROOFS[person.kinship], "number": number, "seen_by": CLERK}


def _funding(family: Family) -> dict[str, Any]:
    """Describe whose money carries the family's personal part."""
    funding: dict[str, Any] = {"kind": family.funding}
    if family.funding == "bank":
        funding["bank"] = BANK
    if family.debit is not None:
        funding["debit"] = {"channel": CHANNEL, "contract_id": family.debit.contract_id}
    return funding
