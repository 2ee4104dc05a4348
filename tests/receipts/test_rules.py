"""What a receipt says: parts, groups and lines add up to the fen, whatever was settled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.money import to_fen
from yifu.receipts import rules
from yifu.receipts.errors import ReceiptContradiction
from yifu.receipts.rules import CATEGORIES, Issuer, ReceiptContent, ReceiptLine

AT = datetime(2026, 3, 1, 1, 30, 5, 123456, tzinfo=UTC)
ISSUER = Issuer("示范市第一人民医院", "P01", AT)
AMOUNTS = st.integers(0, 10**9)


@st.composite
def receipt_lines(draw):
    amount = draw(AMOUNTS)
    return ReceiptLine(
        local_code=draw(st.text("ABC123", min_size=1, max_size=10)),
        name=draw(st.sampled_from(["挂号费", "阿莫西林胶囊", "血常规"])),
        category=draw(st.sampled_from(["", "99", *CATEGORIES])),
        quantity=draw(st.decimals("0.0001", "9999", places=4)),
        unit=draw(st.sampled_from(["", "盒", "次"])),
        amount_fen=amount,
        own_fen=draw(st.integers(0, amount)),
    )


@st.composite
def contents(draw):
    lines = tuple(draw(st.lists(receipt_lines(), min_size=1, max_size=12)))
    total = sum(line.amount_fen for line in lines)
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=3, max_size=3)))
    return ReceiptContent(
        settlement_id=draw(st.integers(1, 10**12)),
        institution_id=1,
        person_id=2,
        visit_id=3,
        payer_name="示例甲",
        department="全科",
        visit_no="V20260301001",
        happened_at=AT,
        total_fen=total,
        fund_fen=cuts[0],
        account_fen=cuts[1] - cuts[0],
        personal_fen=cuts[2] - cuts[1],
        insutype=draw(st.sampled_from(["", "310", "390", "999"])),
        balanced_number="990100202603010000000001",
        lines=lines,
        paid_by=draw(st.sampled_from(["", rules.CASH, rules.WECHAT, rules.INSURER])),
    )


def fen(bill, *names):
    return sum(to_fen(bill[name]) for name in names)


@given(contents())
def test_who_pays_adds_up_to_the_total(content):
    bill = rules.outpatient_bill(content, ISSUER)
    assert fen(bill, "fundPay", "otherfundPay", "accountPay", "selfCashPay") == content.total_fen
    assert fen(bill, "totalAmt") == content.total_fen
    borne = fen(bill, "ownPay", "selfConceitedAmt", "selfPayAmt")
    assert borne == content.account_fen + content.personal_fen


@given(contents())
def test_groups_hold_every_line_once_and_their_own_parts(content):
    bill = rules.outpatient_bill(content, ISSUER)
    groups, lines = bill["chargeDetail"], bill["listDetail"]
    assert sum(fen(group, "amt") for group in groups) == content.total_fen
    assert len({group["chargeCode"] for group in groups}) == len(groups)
    assert [group["sortNo"] for group in groups] == list(range(1, len(groups) + 1))
    assert [line["listDetailNo"] for line in lines] == list(range(1, len(content.lines) + 1))
    for group in groups:
        members = [line for line in lines if line["chargeCode"] == group["chargeCode"]]
        assert fen(group, "amt") == sum(fen(line, "amt") for line in members)
        assert fen(group, "selfAmt") == sum(fen(line, "selfAmt") for line in members)
    own = sum(line.own_fen for line in content.lines) if content.insutype else content.total_fen
    assert sum(fen(line, "selfAmt") for line in lines) == own


@given(contents())
def test_channels_hold_what_is_paid_and_nothing_that_is_owed(content):
    bill = rules.outpatient_bill(content, ISSUER)
    paid = sum(fen(channel, "payChannelValue") for channel in bill["payChannelDetail"])
    settled = bool(content.paid_by) or content.personal_fen == 0
    assert bill["isArrears"] == ("1" if settled else "0")
    assert paid == content.total_fen - (0 if settled else content.personal_fen)
    codes = [channel["payChannelCode"] for channel in bill["payChannelDetail"]]
    assert len(set(codes)) == len(codes)
    assert "" not in codes


@given(contents())
def test_the_same_settlement_always_says_the_same(content):
    assert rules.outpatient_bill(content, ISSUER) == rules.outpatient_bill(content, ISSUER)


CONTENT = ReceiptContent(
    settlement_id=12,
    institution_id=1,
    person_id=2,
    visit_id=3,
    payer_name="示例甲",
    department="全科",
    visit_no="V1",
    happened_at=AT,
    total_fen=1000,
    fund_fen=600,
    account_fen=100,
    personal_fen=300,
    insutype="310",
    balanced_number="S1",
    lines=(
        ReceiptLine("A", "诊察费", "02", Decimal(1), "次", 400),
        ReceiptLine("B", "阿莫西林胶囊", "09", Decimal(3), "盒", 600, 50),
    ),
)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"total_fen": 1001, "personal_fen": 301}, "the lines are not the total"),
        ({"fund_fen": 601}, "a part is negative"),
        ({"personal_fen": -1}, "a part is negative"),
        ({"lines": ()}, "no lines"),
        ({"lines": (replace(CONTENT.lines[0], amount_fen=1000, own_fen=1001),)}, "within its"),
        ({"lines": (replace(CONTENT.lines[0], amount_fen=1000, own_fen=-1),)}, "within its"),
        ({"lines": (replace(CONTENT.lines[0], amount_fen=1000, quantity=Decimal(0)),)}, "quantity"),
    ],
)
def test_a_contradiction_is_named(changes, what):
    with pytest.raises(ReceiptContradiction, match=what):
        rules.outpatient_bill(replace(CONTENT, **changes), ISSUER)


def test_the_patients_own_part_is_within_what_the_patient_pays():
    free = replace(CONTENT, fund_fen=980, account_fen=0, personal_fen=20)
    bill = rules.outpatient_bill(free, ISSUER)
    assert fen(bill, "ownPay") == 20
    assert fen(bill, "selfPayAmt") == 0


def test_times_are_chinas_to_the_millisecond():
    assert rules.write_time(AT) == "20260301093005123"
    late = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    bill = rules.outpatient_bill(replace(CONTENT, happened_at=late), ISSUER)
    assert bill["consultationDate"] == "20260302"


def test_a_price_is_what_one_unit_cost():
    bill = rules.outpatient_bill(CONTENT, ISSUER)
    assert bill["listDetail"][1]["std"] == Decimal("2.0000")


def test_who_is_not_insured_pays_every_line_himself():
    bill = rules.outpatient_bill(
        replace(CONTENT, insutype="", fund_fen=0, account_fen=0, personal_fen=1000), ISSUER
    )
    assert bill["medCareTypeCode"] == "07"
    assert fen(bill, "ownPay") == 1000
    assert [fen(group, "selfAmt") for group in bill["chargeDetail"]] == [400, 600]


@pytest.mark.parametrize("reason", ["", "  ", "错" * 300])
def test_a_cancellation_has_a_reason_of_allowed_length(reason):
    issuer = replace(ISSUER, requested_at=AT + timedelta(days=1))
    order = rules.write_off(code="99010001", number="1", reason=reason, issuer=issuer)
    assert 1 <= len(order["reason"]) <= 200
    assert order["busDateTime"] == "20260302093005123"
