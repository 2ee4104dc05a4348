"""A hospital whose day is over: settlements with the real insurer, receipts as they were issued."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest

from tests.settlement.conftest import CODE, NOW, World, insurer, world  # noqa: F401 - fixtures
from yifu.insurance.models import Encounter
from yifu.receipts.models import Receipt, ReceiptState
from yifu.settlement import reversing
from yifu.settlement.models import Settlement
from yifu.uploads import services
from yifu.uploads.models import ReceiptUpload, UploadPolicy

LATER = NOW + timedelta(hours=1)
PROCESSED = NOW + timedelta(hours=2)
CODES = "99060126"
_numbers = count(1)


@dataclass
class Day:
    """A day of the hospital, and what a test asks of it."""

    world: World

    @property
    def hospital_id(self) -> int:
        """The hospital."""
        return self.world.hospital.pk

    def settled(self, *, insured=True, charges=(), **changes) -> Settlement:
        """A completed settlement of a new person."""
        person = self.world.person(psn_type="11" if insured else "")
        visit = self.world.visit(person, *charges)
        body = self.world.settle(visit, method="cash").body
        assert body["state"] == "completed"
        settlement = Settlement.objects.get(pk=body["id"])
        for name, value in changes.items():
            setattr(settlement.visit, name, value)
        settlement.visit.save()
        return settlement

    def receipt(self, settlement: Settlement, **changes) -> Receipt:
        """The settlement's receipt, issued."""
        fields = {
            "bus_no": f"YF{settlement.pk:014d}",
            "amount_fen": settlement.total_fen,
            "state": ReceiptState.ISSUED,
            "code": CODES,
            "number": f"{next(_numbers):010d}",
            "check_code": "a1b2c3",
            "requested_at": NOW,
            "issued_at": NOW,
        }
        return Receipt.objects.create(
            institution_id=self.hospital_id,
            person_id=settlement.person_id,
            visit_id=settlement.visit_id,
            settlement_id=settlement.pk,
            **fields | changes,
        )

    def reversed(self, settlement: Settlement, blue: Receipt) -> Receipt:
        """Reverse a settlement and give the red receipt that cancels its receipt."""
        reversing.reverse(
            institution_id=self.hospital_id, settlement_id=settlement.pk, reason="开错", now=NOW
        )
        Receipt.objects.filter(pk=blue.pk).update(state=ReceiptState.FLUSHED)
        return self.receipt(
            settlement, bus_no=f"{blue.bus_no}R", amount_fen=-blue.amount_fen, red_of=blue
        )

    def run(self, now=LATER):
        """Make the uploads of the day."""
        return services.run(self.hospital_id, day=NOW.date(), now=now)

    def states(self, model=ReceiptUpload):
        """How the uploads of a kind stand, in the order of their making."""
        return list(model.objects.order_by("pk").values_list("state", "reason"))

    def theirs(self):
        """What the insurer has of the hospital besides settlements."""
        return self.world.insurer.control(f"uploads?fixmedins_code={CODE}", method="GET")

    def encounter(self, settlement: Settlement) -> Encounter:
        """The settlement's visit as the insurer knows it."""
        return Encounter.objects.get(visit=settlement.visit_id)


@pytest.fixture
def day(world):  # noqa: F811 - the fixture above
    UploadPolicy.objects.create(
        institution=world.hospital,
        filled_in_department="医保办",
        filled_in_by="示例",
        lists="all",
        self_paid=True,
    )
    world.insurer.control("uploads", method="DELETE")
    return Day(world)
