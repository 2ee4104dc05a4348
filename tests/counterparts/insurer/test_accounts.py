"""Personal accounts of two kinds and of families, pharmacies, clearing periods; over the wire."""

from datetime import date
from decimal import Decimal

import pytest

from tests.counterparts.insurer.conftest import CODE, KEYS, Hospital, furnish
from tests.counterparts.insurer.staying import (
    adds_up,
    admit,
    charge,
    conforms,
    leave,
    purchase,
    reversal,
    settle,
    settling,
    someone,
    state,
    undoing,
    whole_stay,
)

YUAN = Decimal
HUNDRED = [(1, "A1", 1, 100.0, 100.0)]
THOUSAND = [(1, "A1", 10, 100.0, 1000.0)]


def visit(hospital, speak, person, number, lines, used="1"):
    mdtrt_id, results = hospital.visit(person, number, lines)
    input_ = speak.settling(person, mdtrt_id, "1", results, acct_used_flag=used)
    return hospital.ok("2207", input_)


# --- families ------------------------------------------------------------------------------------


@pytest.fixture
def family(insurer):
    """Return (child, mother, father): the child may use both accounts, of 30.00 and 50.00."""
    mother = someone(21, balc_fen=3_000)
    father = someone(22, balc_fen=5_000)
    child = someone(
        23,
        date(2015, 5, 5),
        psn_type="1403",
        insutype="390",
        family_payers=[mother["psn_no"], father["psn_no"]],
    )
    insurer.control("persons", [mother, father, child])
    return child, mother, father


def test_relatives_pay_from_their_accounts(hospital, speak, family):
    # 100 within the deductible of 300: all the person's. Mother's 30, father's 50, cash 20.
    child, mother, father = family
    output = visit(hospital, speak, child, "V1", HUNDRED, used="2")
    setlinfo = output["setlinfo"]
    adds_up(setlinfo)
    paid = [setlinfo[name] for name in ("acct_pay", "acct_mulaid_pay", "psn_cash_pay", "balc")]
    assert paid == [80, 80, 20, 0]
    assert [row["fund_pay_type"] for row in output["setldetail"]] == ["390500"]
    assert [state(hospital, one)["balc_fen"] for one in (mother, father)] == [0, 0]
    undone = hospital.ok("2208", undoing(child, setlinfo))["setlinfo"]
    assert undone["acct_mulaid_pay"] == -80
    assert [state(hospital, one)["balc_fen"] for one in (mother, father)] == [3_000, 5_000]


def test_an_account_is_shared_with_whom_it_is_shared_only(hospital, speak, persons, family):
    child, mother, _ = family
    mdtrt_id, results = hospital.visit(persons.employee, "V1", HUNDRED)
    input_ = speak.settling(persons.employee, mdtrt_id, "1", results, acct_used_flag="2")
    assert "共济" in hospital.error("2207", input_)
    hospital.insurer.control("persons", [{**child, "family_payers": []}])
    mdtrt_id, results = hospital.visit(child, "V2", HUNDRED)
    input_ = speak.settling(child, mdtrt_id, "1", results, acct_used_flag="2")
    assert "共济" in hospital.error("2207", input_)
    wrong = [{**mother, "family_payers": [mother["psn_no"]]}]
    assert hospital.insurer.client.post("/_control/persons", json=wrong).status_code == 400


def test_relatives_pay_for_stays_too(hospital, family):
    child, mother, _ = family
    _, setlinfo = whole_stay(hospital, child, "I1", HUNDRED, acct_used_flag="2")
    assert (setlinfo["acct_mulaid_pay"], state(hospital, mother)["balc_fen"]) == (80, 0)
    hospital.ok("2305", undoing(child, setlinfo))
    assert state(hospital, mother)["balc_fen"] == 3_000


# --- Shanghai's two accounts ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_shanghai(start_counterpart_for_module, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shanghai")
    return start_counterpart_for_module("insurer", folder, "--city", "shanghai")


def test_shanghais_account_of_the_year_pays_before_the_deductible(in_shanghai, persons, speak):
    # In scope 1,000. This year's account pays 300; 700 are left: deductible 500, 70 % of 200 =
    # 140. Person 860: 300, all 100 of the older account, 460 cash.
    furnish(in_shanghai, persons)
    hospital = Hospital(in_shanghai)
    person = someone(31, balc_fen=10_000, current_fen=30_000)
    in_shanghai.control("persons", [person])
    asked = {"mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"], "psn_cert_type": "01"}
    asked |= {"certno": person["certno"], "psn_name": person["psn_name"]}
    assert hospital.ok("1101", {"data": asked})["insuinfo"][0]["balc"] == 400
    setlinfo = visit(hospital, speak, person, "V1", THOUSAND)["setlinfo"]
    adds_up(setlinfo)
    paid = [setlinfo[name] for name in ("act_pay_dedc", "hifp_pay", "acct_pay", "psn_cash_pay")]
    assert paid == [500, 140, 400, 460]
    hospital.ok("2208", undoing(person, setlinfo))
    after = state(hospital, person)
    assert (after["balc_fen"], after["current_fen"], after["deductible_fen"]) == (10_000, 30_000, 0)


def test_shanghais_pharmacies_are_paid_from_the_account_alone(in_shanghai, persons):
    furnish(in_shanghai, persons)
    hospital = Hospital(in_shanghai)
    person = someone(32, balc_fen=6_000)
    in_shanghai.control("persons", [person])
    setlinfo = hospital.ok("2102", purchase(person, HUNDRED))["setlinfo"]
    assert (setlinfo["fund_pay_sumamt"], setlinfo["acct_pay"], setlinfo["psn_cash_pay"]) == (
        0,
        60,
        40,
    )


# --- pharmacies ----------------------------------------------------------------------------------


@pytest.fixture
def pharmacy(insurer):
    """Return a designated pharmacy."""
    keys = {"access_key": "ak-p", "secret_key": "sk-p"}
    shop = Hospital(insurer, code="P99010000001", keys=keys, name="示范大药房")
    row = {"fixmedins_code": shop.code, "fixmedins_name": shop.name, "hosp_lv": "11", **keys}
    insurer.control("institutions", [row])
    return shop


def test_a_purchase_and_its_undoing(pharmacy, persons):
    # In scope 60.50 + 90 = 150.50, deductible used: 86 % = 129.43. Own 9.50, borne first 10.
    # Person 170 - 129.43 = 40.57, from the account of 100.
    person = persons.settled_in
    before = state(pharmacy, person)
    lines = [(1, "A1", 2, 30.25, 60.5), (2, "B1", 1, 100.0, 100.0), (3, "C1", 1, 9.5, 9.5)]
    told = pharmacy.ok("2101", purchase(person, lines, traced={}))
    for row in told["detlcutinfo"]:
        conforms("2101", "detlcutinfo", row)
    conforms("2101", "setlinfo", told["setlinfo"])
    assert state(pharmacy, person) == before
    output = pharmacy.ok("2102", purchase(person, lines))
    setlinfo = output["setlinfo"]
    conforms("2102", "setlinfo", setlinfo)
    adds_up(setlinfo)
    for row in output["detlcutinfo"]:
        conforms("2102", "detlcutinfo", row)
    paid = [setlinfo[name] for name in ("hifp_pay", "acct_pay", "psn_cash_pay", "clr_type")]
    assert paid == [YUAN("129.43"), YUAN("40.57"), 0, "41"]
    assert [row["inscp_scp_amt"] for row in output["detlcutinfo"]] == [YUAN("60.50"), 90, 0]
    undone = pharmacy.ok("2103", undoing(person, setlinfo))["setlinfo"]
    conforms("2103", "setlinfo", undone)
    assert undone["medfee_sumamt"] == -170
    assert state(pharmacy, person) == before
    assert "已撤销" in pharmacy.error("2103", undoing(person, setlinfo))


@pytest.mark.parametrize(("changes", "named"), [
    ({"medfee_sumamt": 99.0}, "medfee_sumamt"),
    ({"med_type": "11"}, "med_type"),
    ({"psn_type": "12"}, "psn_type"),
    ({"acct_used_flag": "3"}, "acct_used_flag"),
    ({"begntime": ""}, "begntime"),
])  # fmt: skip
def test_a_wrong_purchase_is_refused_and_the_field_named(pharmacy, persons, changes, named):
    assert named in pharmacy.error("2102", purchase(persons.employee, HUNDRED, **changes))


def test_a_number_is_used_once_in_a_purchase(pharmacy, persons):
    assert "feedetl_sn" in pharmacy.error("2102", purchase(persons.employee, HUNDRED * 2))


def test_a_purchase_sent_twice_is_settled_once(pharmacy, persons):
    person = persons.settled_in
    body = pharmacy.envelope("2102", purchase(person, HUNDRED))
    first, second = (pharmacy.post("2102", body).json() for _ in range(2))
    assert first == second
    assert state(pharmacy, person)["pool_fen"] == 8_600
    pharmacy.ok("2601", reversal(person, body["msgid"], "2102"))
    assert state(pharmacy, person)["pool_fen"] == 0


@pytest.mark.parametrize("infno", ["2101", "2102", "2103"])
def test_a_purchases_wrong_sum_is_in_the_answer_only(pharmacy, persons, infno):
    person = persons.settled_in
    pharmacy.insurer.fault("wrong_sum", infno=infno)
    told = pharmacy.ok("2101", purchase(person, HUNDRED, traced={}))["setlinfo"]
    settled = pharmacy.ok("2102", purchase(person, HUNDRED))["setlinfo"]
    undone = pharmacy.ok("2103", undoing(person, settled))["setlinfo"]
    funds = {"2101": told, "2102": settled, "2103": undone}
    true = {"2101": 86, "2102": 86, "2103": -86}
    wrong = {name: funds[name]["fund_pay_sumamt"] - true[name] for name in funds}
    assert wrong == dict.fromkeys(funds, 0) | {infno: YUAN("0.01")}
    assert state(pharmacy, person)["pool_fen"] == 0


def test_chronic_medicine_from_a_pharmacy_needs_the_filing(pharmacy, persons):
    told = purchase(persons.employee, HUNDRED, med_type="14", dise_codg="M03900")
    assert "2503" in pharmacy.error("2102", told)


# --- clearing periods ----------------------------------------------------------------------------


def close(hospital, month):
    return hospital.insurer.control("clearing", {"month": month})["closed"]


def books(hospital):
    rows = hospital.insurer.control("books", method="GET")["settlements"]
    return [(row["refd_setl_flag"], row["clr_month"]) for row in rows]


def test_after_clearing_2601_is_refused_and_2208_undoes_in_the_next(hospital, persons, speak):
    person = persons.settled_in
    before = state(hospital, person)
    setlinfo = visit(hospital, speak, person, "V1", HUNDRED)["setlinfo"]
    hospital.day = "2026-04-02"
    assert close(hospital, "2026-03") == ["2026-03"]
    refused = hospital.error("2601", reversal(person, setlinfo["medins_setl_id"], "2207"))
    assert "2026-03已清算" in refused
    undone = hospital.ok("2208", undoing(person, setlinfo))["setlinfo"]
    assert undone["setl_time"] == "2026-04-02 10:15:00"
    assert books(hospital) == [("0", "2026-03"), ("1", "2026-04")]
    assert state(hospital, person) == before


def test_within_the_period_2601_undoes(hospital, persons, speak):
    person = persons.settled_in
    setlinfo = visit(hospital, speak, person, "V1", HUNDRED)["setlinfo"]
    close(hospital, "2026-02")
    hospital.ok("2601", reversal(person, setlinfo["medins_setl_id"], "2207"))
    assert books(hospital) == [("0", "2026-03"), ("1", "2026-03")]


def test_what_is_settled_in_a_closed_month_belongs_to_the_next_open_one(hospital, persons, speak):
    for month in ("2026-03", "2026-04"):
        close(hospital, month)
    visit(hospital, speak, persons.employee, "V1", HUNDRED)
    assert books(hospital) == [("0", "2026-05")]


def test_stays_and_purchases_have_clearing_periods_too(hospital, pharmacy, persons):
    person = persons.employee
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, THOUSAND)
    leave(hospital, person, mdtrt_id)
    body = hospital.envelope("2304", settling(person, mdtrt_id, results))
    stay = hospital.post("2304", body).json()["output"]["setlinfo"]
    bought = pharmacy.ok("2102", purchase(person, HUNDRED))["setlinfo"]
    close(hospital, "2026-03")
    assert "已清算" in hospital.error("2601", reversal(person, body["msgid"], "2304"))
    msgid = bought["medins_setl_id"]
    assert "已清算" in pharmacy.error("2601", reversal(person, msgid, "2102"))
    hospital.ok("2305", undoing(person, stay))
    pharmacy.ok("2103", undoing(person, bought))
    assert [month for _, month in books(hospital)] == ["2026-03", "2026-03", "2026-04", "2026-04"]


def test_an_undoing_in_the_next_year_restores_the_year_it_was_settled_in(hospital, persons):
    person = persons.employee
    before = state(hospital, person)
    mdtrt_id = admit(hospital, person, "I1")
    results = charge(hospital, person, mdtrt_id, THOUSAND)
    leave(hospital, person, mdtrt_id)
    setlinfo = settle(hospital, person, mdtrt_id, results)
    assert state(hospital, person)["inpatient_deductible_fen"] == 80_000
    hospital.day = "2027-01-05"
    close(hospital, "2026-03")
    hospital.ok("2305", undoing(person, setlinfo))
    assert state(hospital, person) == before
    assert state(hospital, person, year=2027)["inpatient_deductible_fen"] == 0


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "03-2026", 202603, None])
def test_a_wrong_month_is_refused(insurer, month):
    answer = insurer.client.post("/_control/clearing", json={"month": month})
    assert (answer.status_code, "month" in answer.text) == (400, True)


def test_clearing_periods_and_books_survive_a_restart(start_counterpart, tmp_path, persons, speak):
    first = start_counterpart("insurer", tmp_path)
    furnish(first, persons)
    first.control("clearing", {"month": "2026-03"})
    hospital = Hospital(first)
    setlinfo = visit(hospital, speak, persons.settled_in, "V1", HUNDRED)["setlinfo"]
    first.kill()
    again = Hospital(start_counterpart("insurer", tmp_path), code=CODE, keys=KEYS)
    again.day = "2026-04-01"
    assert again.insurer.control("clearing", method="GET") == {"closed": ["2026-03"]}
    again.ok("2208", undoing(persons.settled_in, setlinfo))
