"""Shanghai's messages, spoken from the specification alone; and its segments, which are pure."""

from __future__ import annotations

import itertools
import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.insurer.benefits import Claim, Rule, Year
from counterparts.insurer.shanghai_segments import Accounts, segments
from tests.counterparts.signing import Caller

CODE = "H99010000001"
DAY = "2026-03-02"
FEN = st.integers(0, 10**7)
SEQUENCE = itertools.count(1)


# --- segments -------------------------------------------------------------------------------------


def claim_of(own, over, presel, scope):
    return Claim(
        medfee_sumamt=own + over + presel + scope,
        fulamt_ownpay_amt=own,
        overlmt_selfpay=over,
        preselfpay_amt=presel,
        inscp_scp_amt=scope,
    )


RATES = st.sampled_from(["0", "0.5", "0.70", "0.75", "0.85", "1"]).map(Decimal)
RULES = st.builds(
    Rule,
    group=st.just("employee"),
    deductible_fen=st.sampled_from([0, 30000, 50000]),
    rate=RATES,
    cap_fen=st.sampled_from([None, 0, 10000, 65000000]),
    excess_rate=RATES,
    civil_servant_rate=RATES,
    aid_rate=RATES,
)
YEARS = st.builds(Year, deductible_fen=st.integers(0, 60000), pool_fen=FEN)
DAYS = st.sampled_from([date(2026, 3, 2), date(2026, 7, 1)])


@given(st.builds(claim_of, FEN, FEN, FEN, FEN), RULES, YEARS, FEN, FEN, DAYS)
def test_segments_add_up_to_the_fee(claim, rule, year, current, past, day):
    accounts = Accounts(cur_fen=current, his_fen=past)
    found, split = segments(claim=claim, rule=rule, year=year, accounts=accounts, day=day)
    amounts = found.named()
    assert min(amounts.values()) >= 0
    besides = {"ybjsfwfyze", "fybjsfwfyze", "flzflnzhzfs", "totalexpense", "jfje"}
    inside = sum(fen for name, fen in amounts.items() if name not in besides)
    assert inside == found.totalexpense == claim.inscp_scp_amt
    assert found.ybjsfwfyze + found.fybjsfwfyze == claim.medfee_sumamt
    assert found.tczfs + found.fjzfs == split.fund_pay_sumamt
    assert found.curaccountpay + found.his_fen == split.acct_pay
    assert found.cash_fen == split.psn_cash_pay
    assert split.fund_pay_sumamt + split.acct_pay + split.psn_cash_pay == claim.medfee_sumamt


@given(st.builds(claim_of, FEN, FEN, FEN, FEN), RULES, YEARS, FEN, FEN, DAYS)
def test_this_years_account_pays_first_and_past_years_never_more_than_they_have(
    claim, rule, year, current, past, day
):
    accounts = Accounts(cur_fen=current, his_fen=past)
    found, _split = segments(claim=claim, rule=rule, year=year, accounts=accounts, day=day)
    assert found.curaccountpay == min(current, claim.inscp_scp_amt)
    assert found.his_fen <= past
    if found.his_fen < past:
        assert found.zfdxjzfs == found.tcdxjzfs == found.fjdxjzfs == 0


def test_the_segments_of_a_working_employee_at_a_third_level_hospital():
    # Scope 1,000.00; this year's account has 100.00 and pays first: 900.00 are left. Of the
    # deductible of 500.00 nothing is used: 自负段 500.00. 统筹段 400.00: fund 70 % = 280.00, the
    # person 120.00. Past years' account has 550.00: 500.00 into 自负段, 50.00 into 统筹段.
    rule = Rule(
        group="employee",
        deductible_fen=50000,
        rate=Decimal("0.70"),
        cap_fen=65000000,
        excess_rate=Decimal("0.80"),
    )
    found, _split = segments(
        claim=claim_of(0, 0, 0, 100000),
        rule=rule,
        year=Year(),
        accounts=Accounts(cur_fen=10000, his_fen=55000),
        day=date(2026, 3, 2),
    )
    assert (found.curaccountpay, found.zfdlnzhzfs, found.zfdxjzfs) == (10000, 50000, 0)
    assert (found.tczfs, found.tcdzhzfs, found.tcdxjzfs) == (28000, 5000, 7000)
    assert (found.fjzfs, found.fjdzhzfs, found.fjdxjzfs) == (0, 0, 0)


def test_above_the_cap_the_additional_fund_pays():
    # Nothing in accounts, deductible used up, cap 70.00 of which nothing is used: of 200.00 the
    # pooled fund would pay 140.00 and pays 70.00, which covers a base of 100.00: 统筹段 70 + 30.
    # 附加段 100.00: fund 80 % = 80.00, the person 20.00.
    rule = Rule(
        group="employee",
        deductible_fen=0,
        rate=Decimal("0.70"),
        cap_fen=7000,
        excess_rate=Decimal("0.80"),
    )
    found, _split = segments(
        claim=claim_of(0, 0, 0, 20000),
        rule=rule,
        year=Year(),
        accounts=Accounts(cur_fen=0, his_fen=0),
        day=date(2026, 3, 2),
    )
    assert (found.tczfs, found.tcdxjzfs, found.fjzfs, found.fjdxjzfs) == (7000, 3000, 8000, 2000)


@pytest.mark.parametrize(("day", "paid"), [("2026-06-30", 0), ("2026-07-01", 1000)])
def test_what_is_borne_first_is_paid_from_past_years_since_july_2026(day, paid):
    rule = Rule(group="employee", deductible_fen=0, rate=Decimal(1))
    found, _split = segments(
        claim=claim_of(0, 0, 1000, 9000),
        rule=rule,
        year=Year(),
        accounts=Accounts(cur_fen=0, his_fen=5000),
        day=date.fromisoformat(day),
    )
    assert found.flzflnzhzfs == paid


# --- messages -------------------------------------------------------------------------------------


class Desk:
    """A Shanghai hospital's desk: numbers messages, speaks UTF-8, hears GBK."""

    def __init__(self, insurer, person):
        self.insurer = insurer
        self.card = {"cardtype": "2", "carddata": person["certno"]}

    def frame(self, kind, content, **changes):
        return {
            "jysj": f"{DAY} 10:15:00",
            "xxlxm": kind,
            "xxfhm": "",
            "fhxx": "",
            "bbh": "",
            "msgid": f"{CODE}20260302{next(SEQUENCE):09d}",
            "xzqhdm": "310000",
            "jgdm": CODE,
            "czybm": "GH0001",
            "czyxm": "示例收费员",
            "xxnr": content,
            "jyqd": "10",
            "jyyzm": "",
            "zdjbhs": "",
            **changes,
        }

    def post(self, frame):
        answer = self.insurer.client.post("/shyb/v5", content=json.dumps(frame).encode())
        return SimpleNamespace(**json.loads(answer.content.decode("gbk")))

    def call(self, kind, content, **changes):
        return self.post(self.frame(kind, content, **changes))

    def ok(self, kind, content, **changes):
        answer = self.call(kind, content, **changes)
        assert answer.xxfhm == "P001", answer.fhxx
        return answer.xxnr

    def no(self, kind, content, **changes):
        answer = self.call(kind, content, **changes)
        assert answer.xxfhm == "F001"
        return answer.fhxx

    def registration(self):
        nothing = ("totalexpense", "ybjsfwfyze", "zhenlf", "ghf", "fybjsfwfyze")
        visit = {"deptid": "03", "personspectag": "0", "yllb": "S11", "persontype": "0"}
        return {**self.card, **visit, **dict.fromkeys(nothing, "0.00")}

    def register(self):
        made = self.ok("SH01", self.registration())
        return self.ok("SH02", {**self.registration(), "jssqxh": made["jssqxh"]})["jzdyh"]

    def bill(self, jzdyh, *lines, djh=""):
        rows = [
            {
                "xh": place,
                "deptid": "03",
                "ksmc": "内科",
                "cfysh": "D1",
                "cfysxm": "示例医生",
                "mxxmbm": code,
                "mxxmdj": amount,
                "mxxmsl": "1",
                "mxxmje": amount,
                "mxxmjyfy": amount,
                "mxxmybjsfwfy": amount,
                "mxxmsyrq": "20260302",
                "bxbz": "0",
                "sftfbz": "1",
            }
            for place, (code, amount) in enumerate(lines, 1)
        ]
        total = str(sum(Decimal(amount) for _, amount in lines))
        about = {"jzdyh": jzdyh, "djh": djh, "mxzdh": "", "jslxbz": "120", "bcmxylfyze": total}
        return {**self.card, **about, "mxxms": rows}

    def charge(self, jzdyh, told):
        rows = told["mxxms"]
        counted, scope, fee = (
            sum(Decimal(row[name]) for row in rows)
            for name in ("mxxmjyfy", "mxxmybjsfwfy", "mxxmje")
        )
        bill = {
            "mxzdh": told["mxzdh"],
            "totalexpense": str(counted),
            "ybjsfwfyze": str(scope),
            "fybjsfwfyze": str(fee - scope),
        }
        return {
            **self.card,
            "deptid": "03",
            "personspectag": "0",
            "yllb": "S11",
            "persontype": "0",
            "jzcs": 0,
            "zdnos": [{"zdno": "J06", "zdmc": "感冒"}],
            "jzdyh": jzdyh,
            "mxzdhs": [bill],
        }

    def settled(self, *lines, djh=""):
        """Return (charge, SI12's answer) of a visit settled in one bill."""
        jzdyh = self.register()
        charge = self.charge(jzdyh, self.ok("SN01", self.bill(jzdyh, *lines, djh=djh)))
        made = self.ok("SI11", charge)
        confirmed = {**charge, "jssqxh": made["jssqxh"]}
        return confirmed, self.ok("SI12", confirmed)


LINES = (("A1", "100.00"), ("B1", "50.00"), ("C1", "7.00"))


@pytest.fixture(scope="module")
def process(start_counterpart_for_module, tmp_path_factory):
    data = tmp_path_factory.mktemp("shanghai")
    return start_counterpart_for_module(
        "insurer", data, "--city", "shanghai", "--admdvs", "310000", "--scheme", "shanghai"
    )


@pytest.fixture
def desk(insurer, persons):
    return Desk(insurer, persons.settled_in)


def test_lines_are_told_apart_by_class(desk):
    jzdyh = desk.register()
    told = desk.ok("SN01", desk.bill(jzdyh, *LINES))["mxxms"]
    names = ("mxxmje", "mxxmybjsfwfy", "mxxmjyfy")
    assert [tuple(row[name] for name in names) for row in told] == [
        ("100.00", "100.00", "100.00"),
        ("50.00", "50.00", "45.00"),
        ("7.00", "0.00", "0.00"),
    ]


def test_a_confirmation_settles_once_however_often_it_comes(desk):
    confirmed, told = desk.settled(*LINES)
    assert desk.ok("SI12", confirmed) == told
    assert desk.ok("SI91", question(desk, told))["lsh"] == told["lsh"]
    rows = desk.insurer.control("books", method="GET")["settlements"]
    assert len([row for row in rows if row["setl_id"] == told["lsh"]]) == 1


def question(desk, told):
    names = ("jssqxh", "totalexpense")
    return {**desk.card, **{name: told[name] for name in names}}


def test_a_refund_gives_everything_back_and_cannot_be_repeated(desk, persons):
    before = account(desk, persons)
    confirmed, told = desk.settled(*LINES)
    back = {**desk.card, "translsh": told["lsh"], "totalexpense": told["totalexpense"]}
    frame = desk.frame("SK01", back)
    given = desk.post(frame)
    assert given.xxfhm == "P001"
    assert desk.post(frame).xxnr == given.xxnr, "the same message again is answered alike"
    assert account(desk, persons) == before
    assert "已退费" in desk.no("SK01", back)
    assert "已退费" in desk.no("SI12", confirmed)
    assert "已退费" in desk.no("SI91", question(desk, told))
    assert desk.ok("SI11", confirmed)["totalexpense"] == told["totalexpense"], "charges are free"


def account(desk, persons):
    told = desk.ok("SM01", desk.card)
    used = desk.insurer.control(f"persons/{persons.settled_in['psn_no']}?year=2026", method="GET")
    return used, told["curaccountamt"], told["hisaccountamt"]


def test_a_bill_that_is_withdrawn_cannot_be_confirmed(desk):
    jzdyh = desk.register()
    told = desk.ok("SN01", desk.bill(jzdyh, *LINES))
    charge = desk.charge(jzdyh, told)
    made = desk.ok("SI11", charge)
    desk.ok("SN02", {**desk.card, "jzdyh": jzdyh, "mxzdh": told["mxzdh"]})
    assert "无未结算明细" in desk.no("SI12", {**charge, "jssqxh": made["jssqxh"]})
    assert "无成功交易" in desk.no(
        "SI91", {**desk.card, "jssqxh": made["jssqxh"], "totalexpense": 0}
    )


def test_a_settled_bill_cannot_be_withdrawn(desk):
    confirmed, _told = desk.settled(*LINES)
    mxzdh = confirmed["mxzdhs"][0]["mxzdh"]
    text = desk.no("SN02", {**desk.card, "jzdyh": confirmed["jzdyh"], "mxzdh": mxzdh})
    assert "已结算" in text


def test_a_registration_is_taken_back_while_it_has_no_charges(desk):
    made = desk.ok("SH01", desk.registration())
    told = desk.ok("SH02", {**desk.registration(), "jssqxh": made["jssqxh"]})
    assert desk.ok("SH02", {**desk.registration(), "jssqxh": made["jssqxh"]}) == told
    back = {**desk.card, "translsh": told["lsh"], "totalexpense": "0.00"}
    desk.ok("SK01", back)
    assert "已退号" in desk.no("SN01", desk.bill(told["jzdyh"], *LINES))


def test_a_code_is_decoded_once(desk, persons):
    who = persons.settled_in
    desk.insurer.control("shanghai/codes", [{"code": "QR1", "psn_no": who["psn_no"]}])
    asked = {"orgId": CODE, "ecQrCode": "QR1", "businessType": "01301"}
    asked |= {"operatorId": "GH0001", "operatorName": "示例收费员"}
    token = desk.ok("SE01", asked)["ecToken"]
    assert "已使用" in desk.no("SE01", asked)
    told = desk.ok("SM01", {"cardtype": "3", "carddata": token})
    assert (told["personname"], told["cardid"]) == (who["psn_name"], who["psn_no"])
    assert "无效" in desk.no("SM01", {"cardtype": "3", "carddata": "made up"})


def test_a_suspended_person_gets_nothing(insurer, persons):
    desk = Desk(insurer, persons.paused)
    assert desk.ok("SM01", desk.card)["accountattr"][4] == "1"
    assert "帐户封存" in desk.no("SH01", desk.registration())


def sums(*told, sign=1):
    def total(*names):
        return str(sum(Decimal(one[name]) for one in told for name in names) * sign)

    return {
        "daycollate": "20260302",
        "daycount": len(told),
        "totalcuraccpay": total("curaccountpay"),
        "totalhisaccpay": total("zfdlnzhzfs", "tcdzhzfs", "fjdzhzfs"),
        "totalcashpay": total("zfdxjzfs", "tcdxjzfs", "fjdxjzfs"),
        "totaltcpay": total("tczfs"),
        "totaldffjpay": total("fjzfs"),
        "totalflzf": str(Decimal(total("ybjsfwfyze")) - Decimal(total("totalexpense"))),
        "totalzfaccpay": "0.00",
        "totalfybjsfw": total("fybjsfwfyze"),
    }


def test_a_days_sums_are_compared_and_told_when_they_differ(desk):
    told = [desk.settled(*LINES)[1] for _ in range(2)]
    assert desk.ok("SL01", sums(*told))["resultcollate"] == "2"
    answer = desk.ok("SL01", sums(told[0]))
    assert answer["resultcollate"] == "1"
    assert {row["lsh"] for row in answer["mxs"]} == {one["lsh"] for one in told}
    desk.insurer.control("tamper", {"setl_id": told[0]["lsh"], "action": "amount", "delta_fen": 5})
    assert desk.ok("SL01", sums(*told))["resultcollate"] == "1"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"jgdm": "H99010000009"}, "jgdm"),
        ({"jgdm": ""}, "jgdm"),
        ({"jysj": "2026-03-02"}, "jysj"),
        ({"jysj": "2026-13-02 10:15:00"}, "jysj"),
        ({"msgid": "1"}, "msgid"),
        ({"msgid": f"{CODE}2026030200000000x"}, "msgid"),
        ({"czybm": None}, "czybm"),
        ({"xxlxm": "SX99"}, "SX99"),
        ({"xxnr": []}, "xxnr"),
    ],
)
def test_a_bad_frame_is_refused_by_name(desk, changes, named):
    assert named in desk.no("SM01", desk.card, **changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cardtype", ""),
        ("carddata", None),
        ("deptid", "1" * 11),
        ("totalexpense", "1.001"),
        ("ghf", "a lot"),
        ("yllb", 11),
    ],
)
def test_a_bad_field_is_refused_by_name(desk, name, value):
    assert name in desk.no("SH01", {**desk.registration(), name: value})


def test_no_json_is_refused(desk):
    answer = desk.insurer.client.post("/shyb/v5", content=b"\xff")
    assert json.loads(answer.content.decode("gbk"))["xxfhm"] == "F001"


def test_a_message_number_is_used_for_one_content(desk):
    jzdyh = desk.register()
    frame = desk.frame("SN01", desk.bill(jzdyh, *LINES))
    first = desk.post(frame)
    assert desk.post(frame).xxnr == first.xxnr
    other = {**frame, "xxnr": desk.bill(jzdyh, *LINES[:1])}
    assert "已用于其他内容" in desk.post(other).fhxx


def test_sums_that_are_not_the_bills_are_refused(desk):
    jzdyh = desk.register()
    bill = desk.bill(jzdyh, *LINES)
    assert "bcmxylfyze" in desk.no("SN01", {**bill, "bcmxylfyze": "1.00"})
    charge = desk.charge(jzdyh, desk.ok("SN01", bill))
    charge["mxzdhs"][0]["totalexpense"] = "1.00"
    assert "totalexpense" in desk.no("SI11", charge)


def test_who_is_stopped_for_not_paying_is_neither_counted_nor_settled(desk, persons):
    caller = Caller(desk.insurer)
    desk.insurer.control("city-apps", {"app": caller.app, "key": caller.key})
    told = {"number": 1, "id_number": persons.settled_in["certno"], "reason": "bill:1 defaulted"}
    jzdyh = desk.register()
    charge = desk.charge(jzdyh, desk.ok("SN01", desk.bill(jzdyh, *LINES)))
    made = desk.ok("SI11", charge)
    caller.post("/city/standing", {**told, "stopped": True})
    assert "SX01" in desk.no("SI11", charge)
    assert "SX01" in desk.no("SI12", {**charge, "jssqxh": made["jssqxh"]})
    caller.post("/city/standing", {**told, "number": 2, "stopped": False})
    desk.ok("SI12", {**charge, "jssqxh": made["jssqxh"]})
