"""A hospital that is connected to a real insurer process, and the console."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from tests import builders
from tests.counterparts.conftest import Counterpart, running_counterpart
from yifu import clock, postgres
from yifu.commands.insurer import insurer as command
from yifu.institutions.models import Institution
from yifu.insurance.models import Connection
from yifu.insurance.services import _sign_numbers
from yifu.patients import services as patients
from yifu.patients.models import Person
from yifu.secrets import encrypt

CODE = "H99010000001"


@dataclass
class Console:
    """What is written on the command line, and what comes of it."""

    insurer: Counterpart
    hospital: Institution

    def run(self, *words: str, code: int = 0) -> str:
        """Run `yifu insurer …` and give what it prints."""
        done = CliRunner().invoke(command, list(words))
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The same with --json; what is remarked beside the report is left out."""
        done = CliRunner().invoke(command, [*words, "--json"])
        assert done.exit_code == code, (done.output, done.exception)
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def insured(self, name: str = "") -> Person:
        """Register a person whom the insurer knows."""
        person = builders.person(self.hospital, name=name)
        row = {
            "psn_no": f"99{person.pk:013d}",
            "certno": patients.certificate_no(person),
            "psn_name": person.name,
            "gend": person.sex,
            "brdy": person.birth_date.isoformat(),
            "psn_type": "11",
            "insutype": "310",
            "balc_fen": 10_000,
            "used": [{"year": clock.now().year, "deductible_fen": 0, "pool_fen": 0}],
        }
        self.insurer.control("persons", [row])
        return person


@pytest.fixture(scope="module")
def insurer_process(tmp_path_factory):
    with running_counterpart("insurer", tmp_path_factory.mktemp("insurer")) as counterpart:
        institution = {"fixmedins_code": CODE, "fixmedins_name": "示范市医院01"}
        keys = {"access_key": "ak", "secret_key": "sk", "hosp_lv": "2"}
        counterpart.control("institutions", [institution | keys])
        yield counterpart


@pytest.fixture
def console(insurer_process, transactional_db, tmp_path, monkeypatch):  # noqa: ARG001 - commits
    monkeypatch.setattr(postgres, "HOME", tmp_path)
    hospital = builders.institution(CODE)
    Connection.objects.create(
        institution=hospital,
        base_url=insurer_process.url,
        access_key="ak",
        secret_cipher=encrypt("sk"),
        timeout_s=5,
    )
    _sign_numbers.clear()
    from yifu.insurance import exchanges

    exchanges.forget_endpoints()
    yield Console(insurer_process, hospital)
    insurer_process.control("faults", method="DELETE")
    _sign_numbers.clear()
    exchanges.forget_endpoints()
    connection.close()
