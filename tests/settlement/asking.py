"""What tests of bad input ask with, and how they know that nothing has changed."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection

from counterparts.population import make_id_number
from tests import builders
from tests.builders import NOW, Api
from yifu.collection.models import Bill
from yifu.patients.models import Person
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit

HUGE = 2**63
ATTEMPTED = {"insurance_exchange", "settlement_settlement", "settlement_settlementline"}
"""Where an attempt that the insurer ended leaves its trace: messages and a rejected settlement."""


def everything(*, but: frozenset[str] | set[str] = frozenset()) -> dict[str, str]:
    """A digest of all rows of every table, jobs included."""
    digests = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table in but or table == "oauth2_provider_accesstoken":
                continue
            cursor.execute(f'SELECT row::text FROM "{table}" row ORDER BY 1')
            rows = "\n".join(row[0] for row in cursor.fetchall())
            digests[table] = hashlib.sha256(rows.encode()).hexdigest()
    return digests


def refused(answer: Any, status: int, code: str) -> None:
    """It is a problem of RFC 9457 with this status and code, told in words."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"] == f"urn:yifu:problem:{code}"
    assert problem["title"]
    assert problem["detail"]


def charge(**changes: Any) -> dict[str, Any]:
    """A charge as a hospital reports it, with something changed."""
    return {
        "line_no": 7,
        "local_code": "FW0001",
        "national_code": "001102000010000",
        "name": "普通门诊诊查费",
        "quantity": "2",
        "unit_price_fen": "750.5",
        "amount_fen": 1501,
        "occurred_at": NOW.isoformat(),
    } | changes


def visit_body(person: int, **changes: Any) -> dict[str, Any]:
    """A visit as a hospital reports it, with something changed."""
    return {
        "visit_no": "M1",
        "person_id": person,
        "kind": "outpatient",
        "department": {"code": "A03", "name": "内科"},
        "doctor": {"code": "D1", "name": "林医生"},
        "began_at": NOW.isoformat(),
        "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
    } | changes


def contract_body(person: int, **changes: Any) -> dict[str, Any]:
    """A contract as a hospital reports it, with something changed."""
    return {
        "principal_id": person,
        "scheme": "hangzhou",
        "consent": {"text_version": "2026-01", "channel": "phone"},
        "funding": {"kind": "platform"},
    } | changes


PROOF = {"kind": "household_register", "number": "HK00000001", "seen_by": "窗口 001"}
"""What proves a dependant's kinship."""


def person_body(**changes: Any) -> dict[str, Any]:
    """A person as a hospital registers one, with something changed."""
    return {
        "name": "测试",
        "certificate_type": "01",
        "certificate_no": make_id_number(
            region="990100", born=NOW.date() - timedelta(days=9999), sequence=1
        ),
        "phone": "19900000000",
    } | changes


@dataclass
class Hospital:
    """A hospital without an insurer: a self-payer with a visit to settle and a settled one."""

    api: Api
    person: Person
    child: Person
    visit: Visit
    settled: Visit
    settlement: Settlement
    bill: Bill

    def settle(self, visit: Visit | int, *, key: str | None = "k", **more: Any) -> Any:
        """Ask to settle a visit."""
        number = visit if isinstance(visit, int) else visit.pk
        return self.api.post("/settlements", {"visit_id": number, **more}, key=key)

    def moving(self) -> list[tuple[str, dict[str, Any]]]:
        """Every call that moves money, each of which would succeed."""
        return [
            ("/settlements", {"visit_id": self.visit.pk}),
            (f"/settlements/{self.settlement.pk}/reverse", {"reason": "开错"}),
            (
                f"/settlements/{self.settlement.pk}/refunds",
                {"charge_ids": [self.charge_of(self.settled)], "reason": "未做"},
            ),
            (f"/bills/{self.bill.pk}/payments", {"channel": "cash", "amount_fen": 100}),
            ("/contracts", contract_body(self.person.pk)),
        ]

    def charge_of(self, visit: Visit) -> int:
        """The number of a visit's first charge."""
        return visit.charges.order_by("line_no").values_list("pk", flat=True)[0]


def a_hospital() -> Hospital:
    """Make one."""
    person, child = builders.person(), builders.person(born="2018-05-05")
    api = builders.api(builders.institution())
    visits = [builders.visit(person, charges=[1500, 900], uninsured=True) for _ in range(2)]
    answer = api.post("/settlements", {"visit_id": visits[1].pk}, key="first")
    assert answer.status_code == 201, answer.content
    settlement = Settlement.objects.get()
    assert settlement.bill is not None
    return Hospital(api, person, child, visits[0], visits[1], settlement, settlement.bill)
