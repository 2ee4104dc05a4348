"""Mapping of local codes to national ones: 3301, 3302, 1317, and 2204 where it is demanded."""

import pytest


def mapping(local, code, **changes):
    return {
        "fixmedins_hilist_id": local,
        "fixmedins_hilist_name": f"示例{local}",
        "list_type": "201",
        "med_list_codg": code,
        "begndate": "2026-01-01",
        "enddate": "2099-12-31",
        **changes,
    }


def own(hospital, **changes):
    data = {"updt_time": "2026-01-01", "page_num": 1, "page_size": 100, **changes}
    rows = hospital.ok("1317", {"data": data})["data"]
    return [(row["medins_list_codg"], row["med_list_codg"], row["vali_flag"]) for row in rows]


def withdrawal(hospital, local, code):
    about = {"fixmedins_code": hospital.code, "fixmedins_hilist_id": local, "list_type": "201"}
    return {"data": about | {"med_list_codg": code}}


def test_what_is_mapped_is_listed(hospital):
    hospital.ok("3301", {"data": [mapping("L1", "A1"), mapping("L2", "B1", spec="盒")]})
    assert own(hospital) == [("L1", "A1", "1"), ("L2", "B1", "1")]
    assert own(hospital, medins_list_codg="L2") == [("L2", "B1", "1")]


def test_a_mapping_is_renewed_withdrawn_and_made_anew(hospital):
    hospital.ok("3301", {"data": [mapping("L1", "A1")]})
    hospital.ok("3301", {"data": [mapping("L1", "A1", memo="更新")]})
    assert own(hospital, vali_flag="1") == [("L1", "A1", "1")]
    assert "请先撤销" in hospital.error("3301", {"data": [mapping("L1", "B1")]})
    hospital.ok("3302", withdrawal(hospital, "L1", "A1"))
    hospital.ok("3301", {"data": [mapping("L1", "B1")]})
    assert own(hospital, vali_flag="1") == [("L1", "B1", "1")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"med_list_codg": "NONE"}, "med_list_codg"),
        ({"list_type": "101"}, "list_type"),
        ({"begndate": "2099-12-31", "enddate": "2026-01-01"}, "begndate"),
    ],
)
def test_one_wrong_row_refuses_all_and_is_named(hospital, changes, field):
    wrong = mapping("L2", "A1") | changes
    told = hospital.error("3301", {"data": [mapping("L1", "A1"), wrong]})
    assert told.startswith(f"data[2].{field}")
    assert own(hospital) == []


def test_what_is_not_mapped_cannot_be_withdrawn(hospital):
    assert "无此对照" in hospital.error("3302", withdrawal(hospital, "L1", "A1"))


@pytest.fixture
def demanded(hospital):
    """Let 2204 refuse what is not mapped, until the test ends."""
    hospital.insurer.control("switches", {"mapped_only": True})
    yield
    hospital.insurer.control("switches", {"mapped_only": False})


@pytest.mark.usefixtures("demanded")
def test_charges_must_be_mapped_where_that_is_demanded(hospital, persons, speak):
    person = persons.employee
    mdtrt_id = hospital.register(person, "V1")
    hospital.describe(person, mdtrt_id)
    line = (1, "A1", 1, 10.0, 10.0)
    upload = speak.charges(person, mdtrt_id, "1", [line])
    assert "L-A1未做目录对照" in hospital.error("2204", upload)
    hospital.ok("3301", {"data": [mapping("L-A1", "A1", begndate="2026-03-03")]})
    assert "L-A1未做目录对照" in hospital.error("2204", upload)
    hospital.ok("3301", {"data": [mapping("L-A1", "A1")]})
    assert hospital.upload(person, mdtrt_id, "1", [line])


def test_a_switch_that_is_none_is_refused(insurer):
    for order in ({"colour": "red"}, {"stmt_rslt": "welsh"}):
        assert insurer.client.post("/_control/switches", json=order).status_code == 400
