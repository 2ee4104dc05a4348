"""Builders of test data: each makes one thing, through the services where there are any.

Everything has defaults; a test names what it is about. Persons are invented: their identity numbers
are of a region that does not exist.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from counterparts.population import make_id_number
from tests.counterparts.conftest import Counterpart
from yifu import clock
from yifu.clock import CHINA
from yifu.collection import services as collection
from yifu.collection.models import Bill
from yifu.enrolment import services as enrolment
from yifu.institutions.models import ApiClient, Area, Institution
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.ledger.rules import Move
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.payments import services as payments
from yifu.payments.models import Binding, Channel
from yifu.secrets import encrypt
from yifu.visits.models import Charge, Visit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
AREA = "990100"
MCHID = "1900009999"
SCOPES = (
    "persons contracts visits settlements bills receipts reconciliation filings catalogue standing"
)
_numbers = count(1)


def area(code: str = AREA) -> Area:
    """The pooling area, with its window's cash channel."""
    made, _ = Area.objects.get_or_create(
        code=code, defaults={"name": "示范市", "scheme": "hangzhou"}
    )
    Channel.objects.get_or_create(area=made, code="cash")
    return made


def institution(code: str = "H99010000001", *, area_code: str = AREA) -> Institution:
    """A hospital; the same code gives the same one."""
    made, _ = Institution.objects.get_or_create(
        code=code,
        defaults={"area": area(area_code), "name": f"示范市医院{code[-2:]}", "level": "2"},
    )
    return made


def token(of: Institution, *, scopes: str = SCOPES) -> str:
    """An access token of a machine client of a hospital, with these scopes."""
    number = next(_numbers)
    application = Application.objects.create(
        name=f"{of.code}-{number}",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    ApiClient.objects.create(application=application, institution=of, scopes=scopes)
    text = f"token-{of.code}-{number}"
    AccessToken.objects.create(
        application=application,
        token=text,
        scope=scopes,
        expires=clock.now() + timedelta(hours=1),
    )
    return text


@dataclass
class Api:
    """The API as one hospital's system calls it."""

    token: str
    now: datetime = NOW

    def post(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """POST a JSON body; `key` is the Idempotency-Key."""
        headers = self._headers() | ({} if key is None else {"Idempotency-Key": key})
        return Client().post(
            f"/api/v1{path}",
            body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    def get(self, path: str, **query: Any) -> Any:
        """GET with a query."""
        return Client().get(f"/api/v1{path}", query, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Yifu-Now": self.now.isoformat()}


def api(of: Institution, *, scopes: str = SCOPES) -> Api:
    """The API with a real token of a hospital."""
    return Api(token(of, scopes=scopes))


def person(of: Institution | None = None, *, born: str = "1980-01-01", name: str = "") -> Person:
    """A person registered at a hospital."""
    number = next(_numbers)
    made, _ = patients.register_person(
        patients.NewPerson(
            name=name or f"测试{number}",
            certificate_type="01",
            certificate_no=make_id_number(
                region=f"99{number // 999:04d}",
                born=date.fromisoformat(born),
                sequence=number % 999 + 1,
            ),
            phone=f"199{number:08d}",
        ),
        area=AREA,
        institution_id=(of or institution()).pk,
        now=NOW,
    )
    return made


def contract(
    of: Person, *, funding: str = "platform", dependants: Sequence[tuple[Person, int | None]] = ()
) -> enrolment.Enrolled:
    """A contract of a person, with the credit line it opens; dependants as (person, limit)."""
    return enrolment.enrol(
        patients.NewContract(
            person_id=of.pk,
            scheme="hangzhou",
            funding=funding,
            bank="icbc" if funding == "bank" else "",
            consent_text_version="2026-01",
            consent_channel="phone",
        ),
        [patients.NewDependant(child.pk, "child", limit_fen) for child, limit_fen in dependants],
        None,
        area=AREA,
        institution_id=institution().pk,
        now=NOW,
    )


def visit(
    of: Person,
    *,
    at: Institution | None = None,
    began_at: datetime = NOW,
    charges: Sequence[int] = (),
    **changes: Any,
) -> Visit:
    """A visit that ended an hour after it began, with charges of these amounts in fen.

    `changes` are other values of its columns, e.g. `ended_at=None`.
    """
    columns = {
        "kind": "outpatient",
        "department_code": "A03",
        "department_name": "内科",
        "doctor_code": "D0101",
        "doctor_name": "林医生",
        "ended_at": began_at + timedelta(hours=1),
        "business_date": clock.business_date(began_at),
        "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
    }
    made = Visit.objects.create(
        institution=at or institution(),
        person=of,
        visit_no=f"V{next(_numbers):08d}",
        began_at=began_at,
        **columns | changes,
    )
    Charge.objects.bulk_create(
        Charge(
            visit=made,
            line_no=line_no,
            local_code=f"FW{line_no:04d}",
            national_code="001102000010000",
            name="普通门诊诊查费",
            quantity=Decimal(1),
            unit_price_fen=Decimal(fen),
            amount_fen=fen,
            occurred_at=began_at,
        )
        for line_no, fen in enumerate(charges, start=1)
    )
    return made


def lines_of(line: Line | None) -> tuple[int, ...]:
    """A line as postings name it: after its principal's, if it is a dependant's."""
    if line is None:
        return ()
    return (line.pk,) if line.parent_id is None else (line.parent_id, line.pk)


def bill(
    principal: Person,
    amount_fen: int = 3000,
    *,
    line: Line | None = None,
    at: Institution | None = None,
    patient: Person | None = None,
    began_at: datetime = NOW,
    due_at: datetime | None = NOW + timedelta(days=2),
    account: str | None = None,
) -> Bill:
    """A bill of a visit and the posting that makes its debt, as a settlement does."""
    made = visit(patient or principal, at=at, began_at=began_at)
    owed_on = account or f"owed:{principal.pk}"
    moves = [Move(owed_on, f"revenue:{made.institution.code}", amount_fen, lines_of(line))]
    ledger.post(key=f"visit:{made.pk}:settled", kind="settlement", moves=moves, now=began_at)
    asked = collection.NewBill(
        visit_id=made.pk,
        principal_id=principal.pk,
        account=owed_on,
        line_id=line.pk if line else None,
        amount_fen=amount_fen,
        due_at=due_at,
    )
    bill_id = collection.open_bill(asked, now=began_at)
    return Bill.objects.get(pk=bill_id)


@cache
def merchant_key() -> tuple[str, str]:
    """A merchant's private and public key, made once per test run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private, public.decode()


def register_merchant(counterpart: Counterpart) -> dict[str, str]:
    """Make the simulated channel know our merchant; gives what our side keeps secret."""
    private, public = merchant_key()
    secrets = {"mchid": MCHID, "appid": "wx99000000000001", "serial_no": "99" * 20}
    counterpart.control("merchants", {**secrets, "public_key_pem": public, "apiv3_key": "k" * 32})
    platform = counterpart.control("platform-key", method="GET")
    return secrets | {
        "private_key_pem": private,
        "apiv3_key": "k" * 32,
        "platform_public_key_pem": platform["public_key_pem"],
        "platform_public_key_id": platform["public_key_id"],
    }


def wechat(counterpart: Counterpart, secrets: dict[str, str]) -> Channel:
    """The area's channel to the simulated one."""
    return Channel.objects.create(
        area=area(),
        code="wechat",
        base_url=counterpart.url,
        merchant=MCHID,
        app=secrets["appid"],
        secrets_cipher=encrypt(json.dumps(secrets)),
    )


def binding(
    of: Person,
    channel: Channel,
    counterpart: Counterpart | None = None,
    *,
    balance_fen: int | None = None,
    daily_limit_fen: int | None = None,
) -> Binding:
    """A person's debit contract; with a counterpart, known there too, with money (None: enough)."""
    contract_id = f"C{of.pk:08d}"
    if counterpart is not None:
        counterpart.control(
            "contracts", {"contract_id": contract_id, "balance_fen": balance_fen, "mchid": MCHID}
        )
    return payments.bind(
        person_id=of.pk,
        channel_id=channel.pk,
        contract_id=contract_id,
        now=NOW,
        daily_limit_fen=daily_limit_fen,
    )
