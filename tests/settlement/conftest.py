"""A hospital, its insurer (the real process) and a family, on the real PostgreSQL."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection

from counterparts.population import make_id_number
from tests.counterparts.conftest import Counterpart, running_counterpart
from tests.settlement.asking import a_hospital
from tests.settlement.centre import join
from yifu.catalogue.rules import ChargeLine
from yifu.clock import CHINA
from yifu.enrolment import services as enrolment
from yifu.institutions.models import Area, Institution
from yifu.insurance.models import Connection
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.patients.services import NewContract, NewDependant, NewPerson, Proof
from yifu.payments.models import Channel
from yifu.secrets import encrypt
from yifu.settlement import services
from yifu.visits import services as visits
from yifu.visits.models import Visit
from yifu.visits.services import NewVisit

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
CODE = "H99010000001"
CONSULTATION = ("FW0001", "001102000010000", "普通门诊诊查费", 1500)
_numbers = count(1)


@dataclass
class World:
    """One hospital and what a test asks of it."""

    insurer: Counterpart
    hospital: Institution

    def person(
        self,
        *,
        born: str = "1980-01-01",
        psn_type: str = "11",
        balance_fen: int = 0,
        used_fen: int = 0,
        **more: object,
    ) -> Person:
        """Register a person, insured unless `psn_type` is empty; `more` is told the insurer."""
        number = next(_numbers)
        certno = make_id_number(
            region=f"99{100 + number // 999:04d}",
            born=date.fromisoformat(born),
            sequence=number % 999 + 1,
        )
        person, _ = patients.register_person(
            NewPerson(f"测试{number}", "01", certno, f"199{number:08d}"),
            area="990100",
            institution_id=self.hospital.pk,
            now=NOW,
        )
        if psn_type:
            self.insure(
                person,
                certno,
                psn_type=psn_type,
                balance_fen=balance_fen,
                used_fen=used_fen,
                **more,
            )
        return person

    def insure(
        self,
        person: Person,
        certno: str,
        *,
        psn_type: str,
        balance_fen: int,
        used_fen: int,
        **more: object,
    ) -> None:
        """Let the insurer know a person."""
        employee = psn_type in {"11", "12"}
        row = {
            "psn_no": f"99{person.pk:013d}",
            "certno": certno,
            "psn_name": person.name,
            "gend": person.sex,
            "brdy": person.birth_date.isoformat(),
            "psn_type": psn_type,
            "insutype": "310" if employee else "390",
            "balc_fen": balance_fen,
            "used": [{"year": NOW.year, "deductible_fen": used_fen, "pool_fen": 0}],
        }
        self.insurer.control("persons", [row | more])

    def sign(self, person: Person, *, funding: str = "platform", dependants=()):
        """Sign a person up; dependants as (person, sub-limit)."""
        return enrolment.enrol(
            NewContract(
                person.pk,
                "hangzhou",
                funding,
                "icbc" if funding == "bank" else "",
                "2026-01",
                "phone",
            ),
            [
                NewDependant(
                    child.pk,
                    "child",
                    fen,
                    Proof("birth_certificate", f"B{child.pk:08d}", "窗口 001"),
                )
                for child, fen in dependants
            ],
            None,
            area="990100",
            institution_id=self.hospital.pk,
            now=NOW,
        )

    def visit(
        self,
        person: Person,
        *charges: tuple[str, str, str, int],
        trace_code: str = "",
        **more: str,
    ) -> Visit:
        """Open a visit with charges (local code, national code, name, price); it has ended."""
        number = next(_numbers)
        visit, _ = visits.open_visit(
            NewVisit(
                visit_no=f"V{number:06d}",
                person_id=person.pk,
                kind=more.pop("kind", "outpatient"),
                department_code="A03",
                department_name="内科",
                doctor_code="D0101",
                doctor_name="林医生",
                began_at=NOW - timedelta(hours=1),
                diagnoses=(("J06", "急性上呼吸道感染"),),
                **more,
            ),
            institution_id=self.hospital.pk,
        )
        lines = [
            ChargeLine(
                line_no=place,
                local_code=local,
                national_code=national,
                name=name,
                quantity=Decimal(1),
                unit_price_fen=Decimal(fen),
                amount_fen=fen,
                occurred_at=NOW,
                trace_code=trace_code,
            )
            for place, (local, national, name, fen) in enumerate(
                charges or (CONSULTATION,),
                start=1,
            )
        ]
        visits.add_charges(visit.pk, lines, institution_id=self.hospital.pk)
        return visits.end_visit(visit.pk, institution_id=self.hospital.pk, ended_at=NOW).visit

    def settle(self, visit: Visit, **more):
        """Settle a visit now."""
        return services.settle(
            institution_id=self.hospital.pk,
            visit_id=visit.pk,
            now=more.pop("now", NOW),
            **more,
        )

    def their_books(self):
        """What the insurer has on its books for the hospital."""
        return self.insurer.control(f"books?fixmedins_code={CODE}", method="GET")


@pytest.fixture(scope="module")
def insurer(tmp_path_factory):
    with running_counterpart("insurer", tmp_path_factory.mktemp("insurer")) as counterpart:
        counterpart.control(
            "institutions",
            [
                {
                    "fixmedins_code": CODE,
                    "fixmedins_name": "示范市第一人民医院",
                    "access_key": "ak",
                    "secret_key": "sk",
                    "hosp_lv": "2",
                },
            ],
        )
        yield counterpart


@pytest.fixture
def world(insurer, transactional_db):  # noqa: ARG001 - the database must be there
    area = Area.objects.create(code="990100", name="示范市", scheme="hangzhou")
    hospital = Institution.objects.create(
        area=area,
        code=CODE,
        name="示范市第一人民医院",
        level="2",
        district="示范区",
    )
    Connection.objects.create(
        institution=hospital,
        base_url=insurer.url,
        access_key="ak",
        secret_cipher=encrypt("sk"),
        timeout_s=5,
    )
    Channel.objects.create(code="cash", area=area)
    yield World(insurer, hospital)
    insurer.control("faults", method="DELETE")
    connection.close()


@pytest.fixture
def simulated(settings):
    """Requests say what time it is; secrets are hashed fast."""
    settings.YIFU_SIMULATION = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def hospital(db):  # noqa: ARG001 - the tables
    return a_hospital()


@pytest.fixture
def centre(world, simulated):  # noqa: ARG001 - background work lives in the test's own time
    """The payment centre, whose clock stands at `NOW`."""
    world.insurer.control("clock", {"now": NOW.isoformat()})
    yield join(world)
    world.insurer.control("clock", {"now": None})
