"""A message of any transaction from facts, settings and a file; and how a message reads."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.insurance import codes, fields
from yifu.insurance.drafting import Setting, UnknownPlace, draft, plain
from yifu.insurance.kinds import Kind, listed
from yifu.insurance.labels import english
from yifu.insurance.reading import as_text, lines
from yifu.insurance.transactions import TRANSACTIONS

AT = datetime(2026, 3, 2, 10, 15, tzinfo=fields.CHINA)
ALL = sorted(fields.transactions())


def drafted(infno, *settings, facts=None, **more):
    asked = [Setting.read(text) for text in settings]
    return draft(infno, facts=facts or {}, now=AT, settings=asked, **more)


def test_facts_go_where_the_table_has_their_fields_in_any_spelling():
    facts = {"psn_no": "P1", "psn_name": "示例甲", "nothing_like_it": "x"}
    assert drafted("2208", facts=facts) == {"data": {"psn_no": "P1"}}
    assert drafted("7105", facts=facts)["data"]["psnName"] == "示例甲"


def test_nothing_is_guessed():
    assert drafted("2207") == {"data": {}}


def test_settings_count_most_and_are_of_the_tables_type():
    input_ = drafted(
        "2204",
        "feedetail[1].cnt=2.50",
        "feedetail[1].feedetl_sn=7",
        "psn_no=P2",
        facts={"psn_no": "P1", "mdtrt_id": "M1"},
    )
    first, second = input_["feedetail"]
    assert first == {"psn_no": "P2", "mdtrt_id": "M1"} | {
        name: first[name] for name in first if name == "fee_ocur_time"
    }
    assert second["cnt"] == Decimal("2.50")
    assert (second["feedetl_sn"], second["mdtrt_id"], second["psn_no"]) == ("7", "M1", "P1")


def test_a_node_within_a_node_is_reached_by_its_place():
    input_ = drafted("3101", "data.patient_dtos[0].fsi_encounter_dtos[0].mdtrt_id=M1")
    encounter = input_["data"]["patient_dtos"][0]["fsi_encounter_dtos"][0]
    assert encounter["mdtrt_id"] == "M1"


@pytest.mark.parametrize(
    "place", ["nothing", "data.nothing", "nowhere.psn_no", "data.psn_no.more", "data[x].psn_no"]
)
def test_a_place_that_there_is_not_is_refused_by_name(place):
    with pytest.raises(UnknownPlace, match=r".+"):
        drafted("2208", f"{place}=1")


@pytest.mark.parametrize("text", ["psn_no", "=1", ""])
def test_a_setting_without_a_place_or_a_value_is_refused(text):
    with pytest.raises(ValueError, match=r"node\.field=value"):
        Setting.read(text)


def test_what_is_given_stays_and_is_not_changed_itself():
    given_ = {"data": {"setl_id": "S1"}}
    made = drafted("2208", given=given_, facts={"setl_id": "S2", "psn_no": "P1"})
    assert made == {"data": {"setl_id": "S1", "psn_no": "P1"}}
    assert given_ == {"data": {"setl_id": "S1"}}


@given(infno=st.sampled_from(ALL), name=st.text(max_size=10), value=st.text(max_size=10))
def test_whatever_is_set_a_draft_is_made_or_the_place_is_refused(infno, name, value):
    try:
        input_ = draft(
            infno, facts={}, now=AT, settings=[Setting(name, value), Setting("psn_no", value)]
        )
    except UnknownPlace:
        return
    fields.check(infno, "in", input_)


@given(name=st.sampled_from(["psn_no", "mdtrt_cert_type", "insuplc_admdvs"]))
def test_all_spellings_of_a_name_are_one(name):
    head, *rest = name.split("_")
    assert plain(name) == plain(head + "".join(part.title() for part in rest))


def test_an_english_label_is_made_of_the_pieces():
    assert english("psn_cert_type") == "person certificate type"
    assert english("hiRxno") == "insurance prescription number"
    assert english("zzqx") == "zzqx"


def test_a_message_reads_with_labels_and_what_codes_mean():
    shown = lines("2208", "in", {"data": {"psn_no": "P1", "setl_id": "S1", "memo": ""}})
    assert [(one.depth, one.name, one.value) for one in shown] == [
        (0, "data", None),
        (1, "setl_id", "S1"),
        (1, "psn_no", "P1"),
    ]
    (_, certificate) = lines("1101", "in", {"data": {"mdtrt_cert_type": "02"}})
    assert (certificate.zh, certificate.en) == ("就诊凭证类型", "visit certificate type")
    assert certificate.meaning == codes.label("mdtrt_cert_type", "02", "zh") == "居民身份证"
    assert certificate.meaning_en == codes.label("mdtrt_cert_type", "02", "en")
    assert "mdtrt_cert_type: 02 = 居民身份证 · " in as_text([certificate])


def test_rows_are_numbered_and_what_the_table_lacks_is_shown_by_its_own_name():
    shown = lines("2204", "in", {"feedetail": [{"cnt": 1}, {"zzqx": True}], "extra": "x"})
    assert [(one.name, one.value) for one in shown] == [
        ("feedetail[0]", None),
        ("cnt", "1"),
        ("feedetail[1]", None),
        ("zzqx", "true"),
        ("extra", "x"),
    ]
    assert lines("0000", "in", {"a": {"b": 1}})[1].value == "1"
    assert lines("2204", "in", None) == []


def test_every_listed_kind_is_of_a_transaction_and_what_moves_money_is_money():
    for kind in (Kind.MONEY, Kind.QUERY):
        assert set(listed(kind)) <= set(ALL)
    changing = {infno for infno, one in TRANSACTIONS.items() if one.changes}
    assert set(listed(Kind.MONEY)) <= changing
    assert not set(listed(Kind.QUERY)) & changing
    assert {"2207", "2102", "2304", "2208", "2601"} <= set(listed(Kind.MONEY))
