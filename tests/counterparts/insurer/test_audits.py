"""The simulated insurer's audit: real published rules over what a message says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.insurer.audit_rules import DEFINITE, OFFENDS, Case, Order, RuleTable, judge

AT = datetime.fromisoformat("2026-03-02 10:00:00")
TABLE = RuleTable(
    limits={
        "MALE": (("sex", "1", "MALE"),),
        "CHILD": (("age_group", "child", "CHILD"),),
        "NEWBORN": (("age_group", "newborn", "NEWBORN"),),
        "WARD": (("care_setting", "inpatient", "WARD"),),
        "SECOND": (("hospital_level", "2", "SECOND"),),
        "WORK": (("insurance_type", "work_injury", "WORK"),),
        "BIRTH": (("insurance_type", "maternity", "BIRTH"),),
        "DAILY": (("frequency", "1", "DAILY"),),
        "WEEKLY": (("cycle_days", "7", "WEEKLY"),),
        "COURSE": (("course_days", "3", "COURSE"),),
        "CUT-A": (("same_incision", "胃肠", "CUT-A"),),
        "CUT-B": (("same_incision", "胃肠", "CUT-B"),),
    },
    lengths=(4, 5, 6, 7),
    pairs={"WHOLE": [("day", "PART")], "HOURLY": [("hour", "PART")]},
)


def order(code, rx_id="1", **changes):
    fields: dict[str, Any] = {
        "rx_id": rx_id,
        "mdtrt_id": "M1",
        "code": code,
        "name": code,
        "cnt": Decimal(1),
        "sum_fen": 1000,
        "own_fen": 0,
        "at": AT,
        "days": 1,
        "current": True,
    }
    return Order(**fields | changes)


def case(*orders, **changes):
    fields: dict[str, Any] = {
        "gend": "2",
        "brdy": date(1990, 3, 3),
        "day": date(2026, 3, 2),
        "care": "1",
        "med_type": "11",
        "insutype": "310",
        "level": 1,
        "orders": tuple(orders),
    }
    return Case(**fields | changes)


def names(*orders, **changes):
    return [one.rule.rule_id for one in judge(case(*orders, **changes), TABLE)]


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("MALE", {"gend": "1"}),
        ("CHILD", {"brdy": date(2008, 3, 3)}),
        ("NEWBORN", {"brdy": date(2026, 2, 2)}),
        ("WARD", {"care": "2"}),
        ("SECOND", {"level": 2}),
        ("BIRTH", {"insutype": "510"}),
        ("BIRTH", {"med_type": "52"}),
    ],
)
def test_a_restriction_is_broken_by_others_and_by_nobody_it_is_for(code, allowed):
    (found,) = judge(case(order(code)), TABLE)
    assert found.fen == 1000
    assert judge(case(order(code), **allowed), TABLE) == []


@pytest.mark.parametrize("code", ["WARD", "SECOND", "WORK"])
def test_what_no_insurance_is_asked_to_pay_may_be_used_anywhere(code):
    assert names(order(code, own_fen=1000)) == []
    assert names(order(code, own_fen=999)) != []


def test_an_age_is_counted_to_the_day():
    assert names(order("CHILD"), brdy=date(2008, 3, 2)) == ["R02"]
    assert names(order("CHILD"), brdy=date(2008, 3, 3)) == []


def test_only_what_is_too_much_of_a_day_counts():
    (found,) = judge(case(order("DAILY"), order("DAILY", "2", cnt=Decimal(2))), TABLE)
    assert found.fen == 1000
    assert names(order("DAILY"), order("DAILY", "2", at=AT + timedelta(days=1))) == []


def test_a_cycle_and_a_course_count_earlier_orders_but_accuse_current_ones():
    earlier = order("WEEKLY", "0", at=AT - timedelta(days=6), current=False)
    assert names(earlier, order("WEEKLY")) == ["R07"]
    assert names(replace(earlier, at=AT - timedelta(days=7)), order("WEEKLY")) == []
    days = [order("COURSE", str(day), at=AT + timedelta(days=day)) for day in range(4)]
    (found,) = judge(case(*days), TABLE)
    assert [part.order.rx_id for part in found.parts] == ["3"]
    assert names(order("COURSE", days=4)) == ["R06"]


def test_the_cheaper_operations_of_one_incision_count_half():
    (found,) = judge(case(order("CUT-A"), order("CUT-B", "2", sum_fen=401)), TABLE)
    assert found.fen == 200
    assert found.rule.sev_deg != DEFINITE


def test_what_contains_another_item_excludes_it_within_its_window_only():
    (found,) = judge(case(order("WHOLE"), order("PART", "2", sum_fen=300)), TABLE)
    assert found.fen == 300
    assert [part.kind for part in found.parts] == [OFFENDS, "2"]
    later = order("PART", "2", at=AT + timedelta(hours=1))
    assert names(order("HOURLY"), later) == []
    assert names(order("HOURLY"), replace(later, at=AT + timedelta(minutes=59))) == ["R10"]


ORDERS = st.builds(
    order,
    st.sampled_from([*TABLE.limits, *TABLE.pairs, "PART", "FREE"]),
    st.uuids().map(str),
    cnt=st.integers(1, 30).map(Decimal),
    sum_fen=st.integers(0, 10**6),
    at=st.integers(0, 20 * 24).map(lambda hours: AT + timedelta(hours=hours)),
    current=st.booleans(),
)


@given(st.lists(ORDERS, max_size=12))
def test_no_violation_is_worth_more_than_its_orders_or_accuses_nobody_current(orders):
    for found in judge(case(*orders), TABLE):
        assert 0 <= found.fen <= sum(part.order.sum_fen for part in found.parts)
        assert any(part.order.current for part in found.parts)


# --- over the wire -----------------------------------------------------------------------------


def asking(hospital, person, mdtrt_id, *orders, **changes):
    """3101's input; an order is (rx_id, code, amount in yuan)."""
    encounter = {
        "mdtrt_id": mdtrt_id,
        "medins_id": hospital.code,
        "medins_name": hospital.name,
        "medins_admdvs": "990100",
        "medins_type": "A",
        "medins_lv": "2",
        "adm_date": "2026-03-02 09:00:00",
        "dscg_date": "2026-03-02 10:00:00",
        "dscg_main_dise_codg": "J06",
        "dscg_main_dise_name": "急性上呼吸道感染",
        "fsi_diagnose_dtos": [
            {
                "dise_id": "1",
                "inout_dise_type": "1",
                "maindise_flag": "1",
                "dias_srt_no": "1",
                "dise_codg": "J06",
                "dise_name": "急性上呼吸道感染",
                "dise_date": "2026-03-02 09:00:00",
            }
        ],
        "dr_codg": "D1",
        "adm_dept_codg": "A03",
        "adm_dept_name": "内科",
        "dscg_dept_codg": "A03",
        "dscg_dept_name": "内科",
        "med_mdtrt_type": "1",
        "med_type": "11",
        "fsi_order_dtos": [row(*one) for one in orders],
        "matn_stas": "0",
        "medfee_sumamt": sum(one[2] for one in orders),
        "ownpay_amt": 0,
        "selfpay_amt": 0,
        "setl_totlnum": 0,
        "insutype": person["insutype"],
        "reim_flag": "2",
        "out_setl_flag": "0",
    }
    patient = {
        "patn_id": person["psn_no"],
        "patn_name": person["psn_name"],
        "gend": person["gend"],
        "brdy": person["brdy"],
        "poolarea": "990100",
        "curr_mdtrt_id": mdtrt_id,
        "fsi_encounter_dtos": [encounter],
    }
    return {"data": {"patient_dtos": [patient | changes], "trig_scen": "2"}}


def row(rx_id, code, yuan, **changes):
    fields = {
        "rx_id": rx_id,
        "rxno": "R1",
        "long_drord_flag": "0",
        "hilist_type": "201",
        "chrg_type": "05",
        "drord_bhvr": "1",
        "hilist_code": code,
        "hilist_name": "示例项目",
        "hilist_lv": "01",
        "hilist_pric": yuan,
        "hosplist_code": "L1",
        "hosplist_name": "示例项目",
        "cnt": 1,
        "pric": yuan,
        "sumamt": yuan,
        "ownpay_amt": 0,
        "selfpay_amt": 0,
        "spec": "次",
        "spec_unt": "次",
        "drord_begn_date": "2026-03-02 09:30:00",
        "drord_dept_codg": "A03",
        "drord_dept_name": "内科",
        "drord_dr_codg": "D1",
        "drord_dr_name": "示例医生",
        "drord_dr_profttl": "234",
        "curr_drord_flag": "1",
    }
    return fields | changes


MONITORED, BED = "001103000010000", "001109000010000"
"""急诊监护费 contains 普通病房床位费 of the same day (duplicate_charges)."""


@pytest.fixture
def audited(hospital, persons):
    mdtrt_id = hospital.register(persons.employee, "V1")
    orders = (("1", MONITORED, 80.0), ("2", BED, 40.0))
    return hospital, persons.employee, mdtrt_id, orders


def test_a_duplicate_charge_is_answered_with_both_charges_and_kept(audited):
    hospital, person, mdtrt_id, orders = audited
    (found,) = hospital.ok("3101", asking(hospital, person, mdtrt_id, *orders))["result"]
    assert (found["sev_deg"], found["vola_amt"]) == ("1", Decimal("40.00"))
    details = [(one["rx_id"], one["vola_item_type"]) for one in found["judge_result_detail_dtos"]]
    assert details == [("2", "1"), ("1", "2")]
    kept = hospital.insurer.control(f"uploads?fixmedins_code={hospital.code}", method="GET")
    assert [one["jr_id"] for one in kept["audits"]] == [found["jr_id"]]


def test_the_same_message_again_is_answered_as_before(audited):
    hospital, person, mdtrt_id, orders = audited
    number = hospital.msgid()
    asked = asking(hospital, person, mdtrt_id, *orders)
    first, second = (hospital.ok("3102", asked, msgid=number) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"gend": "2"}, "gend"),
        ({"brdy": "1990-01-01"}, "brdy"),
        ({"curr_mdtrt_id": "nobody"}, "nobody"),
        ({"patn_id": "nobody"}, "nobody"),
        ({"fsi_encounter_dtos": []}, "fsi_encounter_dtos"),
    ],
)
def test_what_contradicts_the_registration_is_refused_by_name(audited, changes, named):
    hospital, person, mdtrt_id, orders = audited
    assert named in hospital.error("3101", asking(hospital, person, mdtrt_id, *orders, **changes))


def test_sums_and_scenes_must_be_right(audited):
    hospital, person, mdtrt_id, orders = audited
    asked = asking(hospital, person, mdtrt_id, *orders)
    encounter = asked["data"]["patient_dtos"][0]["fsi_encounter_dtos"][0]
    del asked["data"]["trig_scen"]
    assert "trig_scen" in hospital.error("3101", asked)
    assert hospital.ok("3101", {"data": asked["data"] | {"rule_ids": ["R01"]}})["result"] == []
    encounter["medfee_sumamt"] = 1
    asked["data"]["trig_scen"] = "2"
    assert "medfee_sumamt" in hospital.error("3101", asked)


def test_a_decision_names_a_known_warning_and_gives_a_reason_to_go_on(audited):
    hospital, person, mdtrt_id, orders = audited
    (found,) = hospital.ok("3101", asking(hospital, person, mdtrt_id, *orders))["result"]
    warn = {"warn_rslt_id": found["jr_id"], "dspo_way": "1", "dspo_way_rea": "病情需要"}

    def said(warn_type="1", **changes):
        return {"data": {"warn_type": warn_type, "warns": [warn | changes]}}

    assert "dspo_way_rea" in hospital.error("3103", said(dspo_way_rea=" "))
    assert "warn_rslt_id" in hospital.error("3103", said(warn_rslt_id="unknown"))
    assert "warn_rslt_id" in hospital.error("3103", said(warn_type="2"))
    assert "warn_type" in hospital.error("3103", said(warn_type="3"))
    assert "dspo_way" in hospital.error("3103", said(dspo_way="3"))
    hospital.ok("3103", said())
    hospital.ok("3103", said(dspo_way="2", dspo_way_rea=""))
    kept = hospital.insurer.control(f"uploads?fixmedins_code={hospital.code}", method="GET")
    assert [one["dspo_way"] for one in kept["audits"]] == ["2"]
