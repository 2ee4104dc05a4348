"""What a receipt must add up to, for any way of dividing any amount."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterparts.fiscal import fields
from counterparts.fiscal.app import yuan
from counterparts.fiscal.envelope import Frame, Refused, open_frame, seal, signature
from counterparts.fiscal.receipt import digest, read_receipt
from tests.counterparts.fiscal.conftest import charge, line, receipt

FEN = st.integers(0, 10**9)


@st.composite
def divided_receipts(draw):
    """Receipts of any amounts that add up."""
    fund, account, cash, other = (draw(FEN) for _ in range(4))
    lines = draw(st.lists(st.integers(1, 10**8), min_size=1, max_size=6))
    total = fund + account + cash + other
    lines[-1] += max(0, total - sum(lines))
    cash += sum(lines) - total
    own = draw(st.integers(0, account + cash))
    half = len(lines) // 2
    listed = [
        line("01" if place < half else "02", "项", yuan(fen)) for place, fen in enumerate(lines)
    ]
    groups = [charge("01", "甲", yuan(sum(lines[:half])))] if half else []
    groups.append(charge("02", "乙", yuan(sum(lines[half:]))))
    return receipt(
        "B-any",
        totalAmt=yuan(sum(lines)),
        fundPay=yuan(fund),
        accountPay=yuan(account),
        selfCashPay=yuan(cash),
        otherfundPay=yuan(other),
        ownPay=yuan(own),
        selfPayAmt=yuan(account + cash - own),
        chargeDetail=groups,
        listDetail=listed,
    )


@given(data=divided_receipts())
def test_what_adds_up_is_read_to_the_fen(data):
    assert yuan(read_receipt(data).total_fen) == data["totalAmt"]


@given(
    data=divided_receipts(),
    name=st.sampled_from(
        ["totalAmt", "fundPay", "accountPay", "selfCashPay", "otherfundPay", "ownPay"]
    ),
    delta=st.integers(1, 10**6),
)
def test_one_amount_changed_no_longer_adds_up(data, name, delta):
    changed = yuan(int(Decimal(data[name]) * 100) + delta)
    with pytest.raises(Refused) as refusal:
        read_receipt(data | {name: changed})
    assert refusal.value.code == "E1002"


@given(data=divided_receipts(), delta=st.integers(1, 10**6), which=st.integers(0, 5))
def test_one_line_changed_no_longer_adds_up(data, delta, which):
    lines = [dict(entry) for entry in data["listDetail"]]
    changed = lines[which % len(lines)]
    changed["amt"] = yuan(int(Decimal(changed["amt"]) * 100) + delta)
    with pytest.raises(Refused) as refusal:
        read_receipt(data | {"listDetail": lines})
    assert refusal.value.code == "E1002"


@given(fen=st.integers(0, 10**14 - 1))
def test_amounts_are_read_back_as_written(fen):
    assert fields.fen({"a": yuan(fen)}, "a") == fen
    assert fields.fen({"a": Decimal(yuan(fen))}, "a") == fen


@pytest.mark.parametrize("value", ["1.234", "-1", "1_0", "", "NaN", "٣", None, True, [], "1" * 13])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(Refused):
        fields.fen({"a": value}, "a")


@pytest.mark.parametrize("number", ["1e400", "1e-400", "0.001", "-0.01"])
def test_odd_numbers_are_no_amounts(number):
    with pytest.raises(Refused):
        fields.fen({"a": Decimal(number)}, "a")


@given(data=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)))
def test_the_order_of_fields_is_no_other_content(data):
    assert digest(data) == digest(dict(reversed(data.items())))


@given(message=st.binary(max_size=100), key=st.text(min_size=1, max_size=20))
def test_a_sealed_answer_opens_with_its_key_only(message, key):
    sealed = seal(message, result="S0000", appid="A", key=key)
    frame = Frame(**sealed)
    assert open_frame(frame, key)["result"] == "S0000"
    with pytest.raises(Refused):
        open_frame(frame, key + "x")


def test_the_signature_is_the_interfaces_own():
    # md5("appid=A&data=ZGF0YQ==&noise=n&key=K&version=1.0"), by another program.
    expected = signature(appid="A", data="ZGF0YQ==", noise="n", key="K")
    assert expected == EXPECTED


EXPECTED = "BFBD2FF7B3AED8E2759DD7862AF1BC33"
