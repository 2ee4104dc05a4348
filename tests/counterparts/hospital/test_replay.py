"""Visits out of a file, as the hospital plays them."""

from typing import Any

import pytest

from counterparts.hospital.replay import _person, _visit, visit_number

ENTRY: dict[str, Any] = {
    "visit_no": "MZ1",
    "kind": "outpatient",
    "began_at": "2026-03-02T08:12:00+08:00",
    "ended_at": "2026-03-02T08:21:00+08:00",
    "person": {"name": "陈思齐", "id_number": "990102201604016045", "phone": "15430432523"},
    "department": {"code": "A07", "name": "儿科"},
    "doctor": {"code": "D002", "name": "顾佩芬"},
    "diagnoses": [{"code": "J06", "name": "急性上呼吸道感染"}],
    "charges": [
        {
            "line_no": 1,
            "local_code": "FW0001",
            "national_code": "001102000010000",
            "name": "普通门诊诊查费",
            "quantity": "1",
            "unit_price_fen": "1500",
            "amount_fen": 1500,
            "occurred_at": "2026-03-02T08:12:00+08:00",
        }
    ],
}


def test_a_visit_keeps_what_the_file_says():
    visit = _visit(ENTRY, 1, run=3)
    assert visit.visit_no == "R0003-MZ1"
    assert visit.total_fen == 1500
    assert (visit.department.name, visit.doctor.code) == ("儿科", "D002")
    assert visit.began_at.isoformat() == "2026-03-02T08:12:00+08:00"


def test_a_number_too_long_for_the_runs_prefix_is_replaced():
    assert visit_number("N" * 24, 8, run=3) == "R0003-" + "N" * 24
    assert visit_number("N" * 25, 8, run=3) == "R0003F000008"


def test_a_person_is_read_from_the_identity_number():
    person = _person(ENTRY["person"])
    assert (person.sex, person.birth_date.isoformat()) == ("F", "2016-04-01")
    assert (person.name, person.phone) == ("陈思齐", "15430432523")
    assert person.insurance.insutype == "310"


@pytest.mark.parametrize("phone", ["", "0571-87654321", "12"])
def test_who_has_no_mobile_number_gets_one_that_is_the_same_every_time(phone):
    bare = ENTRY["person"] | {"name": "", "phone": phone}
    first, second = _person(bare), _person(bare)
    assert first == second
    assert first.phone.startswith("154")
    assert len(first.phone) == 11
    assert first.name


def test_a_country_code_is_no_other_number():
    assert _person(ENTRY["person"] | {"phone": "+8615430432523"}).phone == "15430432523"
