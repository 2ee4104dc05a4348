"""Shanghai's segments become the national split: whatever the amounts, every fen is somewhere."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yifu.insurance.gateway import Nonsense, Refused
from yifu.insurance.regions.shanghai import amounts, frame
from yifu.insurance.regions.shanghai.amounts import segments, setldetail, setlinfo, sums
from yifu.insurance.rules import SplitError, check_split, parse_split, yuan

IN_FEE = (*amounts.OWN_ACCOUNTS, *amounts.SHARED_ACCOUNTS, *amounts.CASH, *amounts.FUNDS)
BESIDES = (*amounts.OWN_BESIDES, *amounts.SHARED_BESIDES)
FEN = st.integers(0, 10**7)


@st.composite
def told(draw):
    """What an insurer may answer: any split of any fee that keeps the interface's identity."""
    parts = {name: draw(FEN) for name in IN_FEE}
    expense = sum(parts.values())
    borne_first, outside = draw(FEN), draw(FEN)
    besides = {}
    left = {"flz": borne_first, "z": outside}
    for name in BESIDES:
        pot = "flz" if name.startswith("flz") else "z"
        besides[name] = draw(st.integers(0, left[pot]))
        left[pot] -= besides[name]
    fens = {
        **parts,
        **besides,
        "totalexpense": expense,
        "ybjsfwfyze": expense + borne_first,
        "fybjsfwfyze": outside,
        "curaccountamt": draw(FEN),
        "hisaccountamt": draw(FEN),
        "jfje": draw(FEN),
    }
    write = draw(st.sampled_from([str, lambda value: value]))
    return {name: write(yuan(fen)) for name, fen in fens.items()}


def split_of(content, insutype="310"):
    found = segments(content)
    return parse_split(setlinfo(found, insutype=insutype), setldetail(found, insutype=insutype))


def fen_sum(content, *names):
    return sum(int(Decimal(str(content.get(name, 0))) * 100) for name in names)


@settings(deadline=None)
@given(told(), st.sampled_from(["310", "390"]))
def test_every_split_passes_the_national_identities(content, insutype):
    split = split_of(content, insutype)
    check_split(split, expected_total_fen=fen_sum(content, "ybjsfwfyze", "fybjsfwfyze"))
    assert split.fund_fen == fen_sum(content, *amounts.FUNDS)
    accounts = (*amounts.OWN_ACCOUNTS, *amounts.SHARED_ACCOUNTS, *BESIDES)
    assert split.account_fen == fen_sum(content, *accounts)
    assert split.inscp_fen == fen_sum(content, "totalexpense")
    assert segments(content).adds_up


@settings(deadline=None)
@given(told(), st.sampled_from(IN_FEE), st.integers(1, 100))
def test_one_fen_more_in_any_part_is_noticed(content, name, more):
    wrong = {**content, name: str(yuan(fen_sum(content, name) + more))}
    assert not segments(wrong).adds_up
    with pytest.raises(SplitError):
        check_split(split_of(wrong), expected_total_fen=segments(content).total_fen)


@settings(deadline=None)
@given(told(), st.sampled_from(["totalexpense", "ybjsfwfyze", "fybjsfwfyze"]), st.integers(1, 100))
def test_one_fen_more_in_any_total_is_noticed(content, name, more):
    wrong = {**content, name: str(yuan(fen_sum(content, name) + more))}
    with pytest.raises(SplitError):
        check_split(split_of(wrong), expected_total_fen=segments(content).total_fen)


@settings(deadline=None)
@given(told())
def test_what_undoes_it_is_its_negative_with_the_balance_as_it_is(content):
    found = segments(content)
    back = found.negated()
    assert back.total_fen == -found.total_fen
    assert back.balance_fen == found.balance_fen
    assert replace(back.negated(), balance_fen=0) == replace(found, balance_fen=0)


@settings(deadline=None)
@given(told())
def test_a_refund_gives_back_what_was_taken(content):
    back: dict[str, object] = {}
    for name, taken in amounts._BACK.items():
        back[name] = str(yuan(fen_sum(content, *taken)))
    if fen_sum(content, "qfdzhzfs", "qfdxjzfs", "qfdgjzhzfs") == 0:
        assert sum(fen_sum(back, name) for name in back) == fen_sum(content, "totalexpense")
    amounts.check_refund(back, content)
    back["tc"] = str(yuan(fen_sum(content, "tczfs") + 1))
    with pytest.raises(Nonsense, match="tc"):
        amounts.check_refund(back, content)


@settings(deadline=None)
@given(st.lists(told(), max_size=4))
def test_a_days_sums_cancel_when_everything_is_refunded(day):
    booked = [(1, one) for one in day] + [(-1, one) for one in day]
    found = sums(booked)
    assert found.pop("daycount") == 2 * len(day)
    assert set(found.values()) <= {Decimal("0.00")}


@settings(deadline=None)
@given(told())
def test_a_days_sums_are_the_whole_of_its_fees(content):
    found = sums([(1, content)])
    inpatient = fen_sum(content, "qfdzhzfs", "qfdxjzfs", "qfdgjzhzfs")
    parts = ("totalcuraccpay", "totalhisaccpay", "totalcashpay", "totaltcpay", "totaldffjpay")
    whole = fen_sum(found, *parts, "totalflzf", "totalfybjsfw") + inpatient
    assert whole == segments(content).total_fen


@pytest.mark.parametrize("name", ["totalexpense", "ybjsfwfyze", "fybjsfwfyze", "tczfs"])
@pytest.mark.parametrize("value", ["1.001", "NaN", "one", True, [], {}])
def test_what_is_not_money_is_refused_by_name(name, value):
    good = {"totalexpense": "1.00", "ybjsfwfyze": "1.00", "fybjsfwfyze": "0.00", "tczfs": "1.00"}
    with pytest.raises(SplitError, match=name):
        segments({**good, name: value})


# --- the frame ------------------------------------------------------------------------------------

SM01 = {
    "cardtype": "2",
    "cardid": "990100198803124025",
    "personname": "示例甲",
    "accountattr": "1" + "0" * 15,
    "curaccountamt": "1.00",
    "hisaccountamt": "2.00",
}


def answer(content, **changes):
    body = {"xxlxm": "SM01", "xxfhm": "P001", "fhxx": "", "xxnr": content, **changes}
    return json.dumps(body, ensure_ascii=False).encode("gbk")


def test_an_answer_in_gbk_is_read():
    content, _numbers = frame.read("SM01", answer(SM01), encoding="gbk")
    assert content["personname"] == "示例甲"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        "系统繁忙".encode(),
        answer(SM01)[:-20],
        answer(SM01, xxlxm="SI12"),
        answer(SM01, xxfhm=""),
        answer([]),
        answer({**SM01, "accountattr": ""}),
        answer({**SM01, "accountattr": "1" * 17}),
        answer({**SM01, "curaccountamt": "1.001"}),
        answer({**SM01, "curaccountamt": "much"}),
        answer({**SM01, "personname": 1.5}),
    ],
)
def test_an_answer_that_cannot_be_believed_is_nonsense(body):
    with pytest.raises(Nonsense):
        frame.read("SM01", body, encoding="gbk")


def test_a_refusal_is_the_insurers_own_sentence():
    with pytest.raises(Refused, match="凭证无效"):
        frame.read("SM01", answer({}, xxfhm="F001", fhxx="凭证无效"), encoding="gbk")


def test_what_is_stored_has_no_credential_and_no_name():
    kept = frame.mask("SM01", {"cardtype": "3", "carddata": "T" * 32}, answer=False)
    assert kept == {"cardtype": "3", "carddata": "***"}
    told_ = frame.mask("SM01", {**SM01, "surprise": "personal"}, answer=True)
    assert (told_["personname"], told_["cardid"][:14]) == ("示**", "*" * 14)
    assert "surprise" not in told_


def every_field(direction):
    return [
        (kind, node, field)
        for (kind, way), nodes in frame._layouts().items()
        if way == direction and kind != "*"
        for node, fields in nodes.items()
        for field in fields.values()
    ]


@given(st.data())
def test_every_required_field_that_is_missing_is_named(data):
    kind, node, field = data.draw(
        st.sampled_from([one for one in every_field("in") if one[2].required])
    )
    content: dict[str, object] = {node: [{}]} if node else {}
    places = [one.place for one in frame.problems(kind, "in", content) if one.rule == "required"]
    assert (f"{node}[0].{field.name}" if node else field.name) in places


@given(st.data())
def test_every_field_that_is_too_long_or_no_number_is_named(data):
    kind, node, field = data.draw(st.sampled_from(every_field("in")))
    bad = "x" * (field.size + 1) if field.kind == "s" else "x"
    content = {node: [{field.name: bad}]} if node else {field.name: bad}
    rules = {one.place: one.rule for one in frame.problems(kind, "in", content)}
    wanted = "length" if field.kind == "s" else "type"
    assert rules[f"{node}[0].{field.name}" if node else field.name] == wanted
