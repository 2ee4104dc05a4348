"""A hospital registered with the fiscal platform (the real process), on the real PostgreSQL."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection

from tests import builders
from tests.counterparts.conftest import Counterpart, running_counterpart
from yifu.institutions.models import Institution
from yifu.receipts.models import FiscalConnection
from yifu.receipts.services import ReceiptContent, ReceiptLine
from yifu.secrets import encrypt
from yifu.visits.models import Visit

NOW = builders.NOW
APP, KEY = "H99010000001", "invented-key-of-the-hospital"
_settlements = count(1)


@dataclass
class Clinic:
    """One hospital, one visit, and the platform that knows the hospital."""

    fiscal: Counterpart
    institution: Institution
    visit: Visit

    def content(self, **changes) -> ReceiptContent:
        """A settlement of 100.00 yuan not receipted yet: fund 60, account 10, personal 30."""
        fields: dict[str, Any] = {
            "settlement_id": next(_settlements),
            "institution_id": self.institution.pk,
            "person_id": self.visit.person_id,
            "visit_id": self.visit.pk,
            "payer_name": "示例甲",
            "department": "内科",
            "visit_no": self.visit.visit_no,
            "happened_at": NOW,
            "total_fen": 10000,
            "fund_fen": 6000,
            "account_fen": 1000,
            "personal_fen": 3000,
            "insutype": "310",
            "balanced_number": "990100202603020000000001",
            "lines": (
                ReceiptLine("A1", "血常规", "04", Decimal(1), "次", 2450),
                ReceiptLine("A2", "阿莫西林胶囊", "09", Decimal("1.5"), "盒", 7550, 500),
            ),
        }
        return ReceiptContent(**(fields | changes))

    def books(self, day: str = "2026-03-02"):
        """What the platform truly issued on a day."""
        return self.fiscal.control(f"books?date={day}", method="GET")

    def on_books(self, bus_no: str, *, red: bool = False):
        """The platform's receipts of our number."""
        rows = self.books()["red_receipts" if red else "receipts"]
        return [row for row in rows if row["bus_no"].startswith(bus_no)]


@pytest.fixture(scope="module")
def fiscal(tmp_path_factory):
    with running_counterpart("fiscal", tmp_path_factory.mktemp("fiscal")) as counterpart:
        counterpart.control("apps", {"appid": APP, "key": KEY})
        counterpart.control("stock", {"batch_code": "99060126", "first": 1, "count": 10_000})
        yield counterpart


@pytest.fixture
def clinic(fiscal, transactional_db):  # noqa: ARG001 - gives the database
    institution = builders.institution()
    FiscalConnection.objects.create(
        institution=institution,
        base_url=f"{fiscal.url}/medical-web",
        app=APP,
        key_cipher=encrypt(KEY),
        place_code="P01",
    )
    visit = builders.visit(builders.person(institution), at=institution)
    yield Clinic(fiscal, institution, visit)
    fiscal.control("faults", method="DELETE")
    fiscal.control("tamper", method="DELETE")
    connection.close()
