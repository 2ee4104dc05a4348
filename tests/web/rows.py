"""Rows for the pages' tests, written straight into the tables: pages only read them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from counterparts.population import make_id_number
from yifu.clock import CHINA, business_date
from yifu.collection.models import Bill, BillPayment
from yifu.institutions.models import Area, Institution
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.patients.services import NewPerson
from yifu.payments.models import Attempt, Channel, Refund
from yifu.receipts.models import Receipt
from yifu.reconciliation.models import Difference, Statement
from yifu.settlement.models import Settlement, SettlementLine
from yifu.visits.models import Charge, Visit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
TODAY = date(2026, 3, 2)
_numbers = count(1)


def area() -> Area:
    return Area.objects.get_or_create(
        code="990100", defaults={"name": "示范市", "scheme": "hangzhou"}
    )[0]


def hospital(code: str = "H99010000001", name: str = "示范市第一人民医院") -> Institution:
    return Institution.objects.create(
        area=area(), code=code, name=name, level="2", district="示范区"
    )


def person(institution: Institution, name: str = "", *, born: str = "1980-01-01") -> Person:
    number = next(_numbers)
    certno = make_id_number(
        region="990100", born=date.fromisoformat(born), sequence=number % 1000
    )
    asked = NewPerson(name or f"测试{number}", "01", certno, f"199{number:08d}")
    return patients.register_person(
        asked, area="990100", institution_id=institution.pk, now=NOW
    )[0]


def visit(institution: Institution, who: Person, *, prices=(1500,), **changes) -> Visit:
    number = next(_numbers)
    fields = {
        "visit_no": f"V{number:06d}",
        "kind": "outpatient",
        "department_code": "A03",
        "department_name": "内科",
        "doctor_code": "D0101",
        "doctor_name": "林医生",
        "began_at": NOW - timedelta(hours=1),
        "ended_at": None,
        "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
        "uninsured": True,
        **changes,
    }
    fields["business_date"] = business_date(fields["began_at"])
    made = Visit.objects.create(institution=institution, person=who, **fields)
    for place, fen in enumerate(prices, start=1):
        Charge.objects.create(
            visit=made,
            line_no=place,
            local_code=f"FW{place:04d}",
            national_code="001102000010000",
            name=f"诊查费{place}",
            quantity=Decimal(1),
            unit_price_fen=Decimal(fen),
            amount_fen=fen,
            occurred_at=NOW,
        )
    return made


def settlement(of: Visit, *, fund=0, account=0, live=True, **changes) -> Settlement:
    """A completed settlement of all charges; the rest after fund and account is personal."""
    charges = list(of.charges.order_by("line_no"))
    total = sum(charge.amount_fen for charge in charges)
    fields = {
        "state": "completed",
        "asked_method": "auto",
        "method": "credit",
        "total_fen": total,
        "fund_fen": fund,
        "account_fen": account,
        "personal_fen": total - fund - account,
        "insured": fund > 0,
        "business_date": TODAY,
        "claimed_at": NOW,
        "insured_at": NOW,
        "completed_at": NOW,
        **changes,
    }
    made = Settlement.objects.create(
        institution=of.institution, visit=of, person=of.person, **fields
    )
    for charge in charges:
        SettlementLine.objects.create(
            settlement=made,
            charge=charge,
            live=live,
            amount_fen=charge.amount_fen,
            own_fen=0 if fund else charge.amount_fen,
            eligible_fen=charge.amount_fen if fund else 0,
        )
    return made


def bill(of: Visit, principal: Person, amount_fen: int, **changes) -> Bill:
    fields = {
        "account": f"owed:{principal.pk}",
        "opened_at": NOW,
        "due_at": NOW + timedelta(days=2),
        **changes,
    }
    return Bill.objects.create(visit=of, principal=principal, amount_fen=amount_fen, **fields)


def channel(code: str) -> Channel:
    return Channel.objects.get_or_create(code=code, area=area())[0]


def attempt(subject: str, amount_fen: int, code: str = "wechat", **changes) -> Attempt:
    fields = {
        "out_trade_no": f"A{next(_numbers):014d}",
        "state": "succeeded",
        "requested_at": NOW,
        "resolved_at": NOW,
        "business_date": TODAY,
        **changes,
    }
    return Attempt.objects.create(
        channel=channel(code), subject=subject, amount_fen=amount_fen, **fields
    )


def payment(of: Bill, by: Attempt, amount_fen: int | None = None) -> BillPayment:
    return BillPayment.objects.create(
        bill=of, attempt=by, amount_fen=amount_fen or by.amount_fen, paid_at=NOW
    )


def refund(of: Attempt, amount_fen: int, **changes) -> Refund:
    fields = {"state": "succeeded", "requested_at": NOW, "business_date": TODAY, **changes}
    number = f"R{next(_numbers):014d}"
    return Refund.objects.create(out_refund_no=number, attempt=of, amount_fen=amount_fen, **fields)


def receipt(of: Settlement, **changes) -> Receipt:
    number = next(_numbers)
    fields = {
        "bus_no": f"B{number}",
        "amount_fen": of.total_fen,
        "state": "issued",
        "code": "99060126",
        "number": f"{number:010d}",
        "check_code": "a1b2c3",
        "requested_at": NOW,
        "issued_at": NOW,
        **changes,
    }
    return Receipt.objects.create(
        institution=of.institution,
        person=of.person,
        visit=of.visit,
        settlement_id=of.pk,
        **fields,
    )


def statement(institution: Institution, party: str = "insurer", **changes) -> Statement:
    fields = {"business_date": TODAY, "fetched_at": NOW, **changes}
    return Statement.objects.create(institution=institution, party=party, **fields)


def difference(of: Statement, key: str, **changes) -> Difference:
    fields = {"kind": "amount", "our_fen": 1500, "their_fen": 1400, "found_at": NOW, **changes}
    return Difference.objects.create(statement=of, key=key, **fields)
