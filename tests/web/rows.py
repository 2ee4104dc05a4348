"""Rows for the pages' tests, written straight into the tables: pages only read them."""

import json
from datetime import date, timedelta
from itertools import count

from tests import builders
from yifu.collection.models import Bill, BillPayment
from yifu.institutions.models import Institution
from yifu.patients.models import Person
from yifu.payments.models import Attempt, Channel, Refund
from yifu.receipts.models import Receipt
from yifu.reconciliation.models import Difference, Statement
from yifu.secrets import encrypt
from yifu.settlement.models import Settlement, SettlementLine
from yifu.visits.models import Visit

NOW = builders.NOW
TODAY = date(2026, 3, 2)
_numbers = count(1)


def hospital(code: str = "H99010000001") -> Institution:
    return builders.institution(code)


def person(institution: Institution, name: str = "", *, born: str = "1980-01-01") -> Person:
    return builders.person(institution, name=name, born=born)


def visit(institution: Institution, who: Person, *, prices=(1500,), **changes) -> Visit:
    """A visit that is going on, of somebody who pays for himself."""
    began_at = changes.pop("began_at", NOW - timedelta(hours=1))
    return builders.visit(
        who,
        at=institution,
        began_at=began_at,
        charges=prices,
        **{"ended_at": None, "uninsured": True, **changes},
    )


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
    return Channel.objects.get_or_create(code=code, area=builders.area())[0]


def silent_channel() -> Channel:
    """A channel with keys and all, at an address where nobody listens."""
    private, public = builders.merchant_key()
    secrets = {
        "mchid": builders.MCHID,
        "appid": "wx99000000000001",
        "serial_no": "99" * 20,
        "private_key_pem": private,
        "apiv3_key": "k" * 32,
        "platform_public_key_pem": public,
        "platform_public_key_id": "PUB_KEY_ID_99",
    }
    return Channel.objects.create(
        area=builders.area(),
        code="wechat",
        base_url="http://127.0.0.1:9",
        merchant=builders.MCHID,
        app=secrets["appid"],
        secrets_cipher=encrypt(json.dumps(secrets)),
    )


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
