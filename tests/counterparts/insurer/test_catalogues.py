"""Catalogues: versions as files (1301 and its kin, 9102), pages (1312 and kin), codes (1901)."""

import io
import zipfile
from decimal import Decimal

import pytest

DOWNLOADED = [
    *("1301", "1302", "1303", "1305", "1306", "1306A", "1307", "1308", "1309", "1310", "1311"),
    *("1313", "1314", "1315", "1320", "1321", "1322", "1323", "1324", "1325", "1326", "1327"),
]
WIDTHS = {"1301": 97, "1305": 19, "1307": 24}


def ask(hospital, infno, ver="v0000"):
    return hospital.ok(infno, {"data": {"ver": ver}})


def wanted(offered, **changes):
    about = {name: offered[name] for name in ("file_qury_no", "filename")}
    return {"fsDownloadIn": {**about, "fixmedins_code": "plc", **changes}}


def rows_of(hospital, offered):
    answer = hospital.post("9102", hospital.envelope("9102", wanted(offered)))
    assert answer.headers["content-type"] == "application/octet-stream"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    return [line.split("\t") for line in text.splitlines()]


def page(hospital, infno, number=1, size=100, **changes):
    about = {"updt_time": "2020-01-01", "page_num": number, "page_size": size, **changes}
    return hospital.ok(infno, {"data": about})


@pytest.mark.parametrize("infno", DOWNLOADED)
def test_every_catalogue_begins_with_a_file_of_as_many_rows_as_announced(hospital, infno):
    offered = ask(hospital, infno)
    rows = rows_of(hospital, offered)
    assert len(rows) == offered["data_cnt"] > 0
    assert {len(row) for row in rows} == {WIDTHS.get(infno, 6)}


def test_versions_follow_each_other_until_there_is_nothing_new(hospital):
    ver, versions, codes = "v0000", [], set()
    while (offered := ask(hospital, "1301", ver))["data_cnt"]:
        rows = rows_of(hospital, offered)
        (ver,) = {row[82] for row in rows}
        versions.append(ver)
        codes |= {row[0] for row in rows}
    assert versions == ["v0001", "v0002", "v0003", "v0004"]
    assert len(codes) == 13_738
    assert {row[78] for row in rows} == {"0"}
    assert rows_of(hospital, offered) == []


def test_values_stand_where_the_specification_names_them(hospital):
    drug = rows_of(hospital, ask(hospital, "1301"))[0]
    assert (drug[78], drug[82], drug[53]) == ("1", "v0001", "示例制药有限公司")
    assert drug[1] == drug[96] == "null"
    service = rows_of(hospital, ask(hospital, "1305"))[0]
    assert (service[1], service[6], service[14]) == ("次", "1", "v0001")
    disease = {row[10]: row[11] for row in rows_of(hospital, ask(hospital, "1307"))}
    assert disease["A00"] == "霍乱"


def test_a_version_published_later_comes_last(hospital):
    row = {"code": "C990199999", "name": "示例新耗材", "spec": "大号", "vali_flag": "1"}
    order = {"infno": "1306", "rows": [row]}
    ver = hospital.insurer.control("catalogue-versions", order)["ver"]
    offered = ask(hospital, "1306", f"v{int(ver[1:]) - 1:04d}")
    assert offered["data_cnt"] == 1
    assert rows_of(hospital, offered) == [["C990199999", "示例新耗材", "大号", "次", "1", ver]]


def test_what_the_price_list_uses_is_not_withdrawn(hospital):
    hospital.insurer.control("catalogue", [{"national_code": "D99010020", "class": "01"}])
    (row,) = rows_of(hospital, ask(hospital, "1308", "v0001")) or [["none"]]
    assert row[0] == "99.010020"
    hospital.insurer.control("catalogue", [{"national_code": "99.010020", "class": "01"}])
    assert rows_of(hospital, ask(hospital, "1308", "v0001")) == []


def test_a_version_nobody_gave_is_refused(hospital):
    assert hospital.error("1301", {"data": {"ver": "v0999"}}).startswith("ver ")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"fixmedins_code": "H99010000001"}, "fixmedins_code"),
        ({"filename": "1301_v0002.txt.zip"}, "不存在"),
        ({"file_qury_no": "99010020260302C1301v0002"}, "不存在"),
    ],
)
def test_a_file_is_given_by_its_own_number_name_and_owner(hospital, changes, told):
    offered = ask(hospital, "1301")
    assert told in hospital.error("9102", wanted(offered, **changes))


def test_a_file_is_kept_thirty_days(hospital):
    offered = ask(hospital, "1305")
    assert offered["dld_end_time"] == "2026-04-01"
    last, late = "2026-04-01 23:59:59", "2026-04-02 00:00:00"
    assert hospital.post("9102", hospital.envelope("9102", wanted(offered), inf_time=last)).content
    assert "截止" in hospital.error("9102", wanted(offered), inf_time=late)


def test_class_cap_and_share_are_what_charges_are_split_by(hospital):
    (b1,) = page(hospital, "1312", hilist_code="B1")["data"]
    assert (b1["chrgitm_lv"], b1["med_chrgitm_type"], b1["begndate"]) == ("02", "03", "2026-01-01")
    caps = page(hospital, "1318", hilist_code="CAP")["data"]
    assert {(row["hilist_lmtpric_type"], row["hilist_pric_uplmt_amt"]) for row in caps} == {
        (level, Decimal("50.0")) for level in ("1", "2", "3")
    }
    shares = {code: page(hospital, "1319", hilist_code=code)["data"] for code in ("A1", "B1", "C1")}
    assert {code: rows[0]["selfpay_prop"] for code, rows in shares.items()} == {
        "A1": 0, "B1": Decimal("0.1"), "C1": 1,
    }  # fmt: skip
    assert {row["selfpay_prop_psn_type"] for row in shares["B1"]} == {"310", "390"}


def test_pages_are_parts_of_the_whole(hospital):
    whole = page(hospital, "1312", size=1000, list_type="101")
    parts = [page(hospital, "1312", at, 300, list_type="101") for at in (1, 2, 3)]
    assert [row for part in parts for row in part["data"]] == whole["data"]
    assert whole["recordCounts"] == len(whole["data"]) == 851
    assert (parts[0]["pages"], len(parts[2]["data"])) == (3, 251)


def test_what_changed_is_asked_by_its_day(hospital):
    insurer = hospital.insurer
    insurer.control("clock", {"now": "2026-05-06T08:00:00+08:00"})
    insurer.control("catalogue", [{"national_code": "NEW1", "class": "02", "selfpay_prop": "0.2"}])
    insurer.control("clock", {"now": None})
    changed = page(hospital, "1319", updt_time="2026-05-06")["data"]
    assert "NEW1" in {row["hilist_code"] for row in changed}
    assert "001102000010000" not in {row["hilist_code"] for row in changed}
    before = page(hospital, "1312", query_date="2025-12-31")
    assert before["data"] == []


@pytest.mark.parametrize("infno", ["1304", "1316"])
def test_the_other_paged_queries_answer_too(hospital, infno):
    assert page(hospital, infno, size=5)["data"][4]["med_list_codg"]


@pytest.mark.parametrize("changes", [{"page_num": 0}, {"page_size": 1001}])
def test_a_page_that_cannot_be_is_refused(hospital, changes):
    data = {"updt_time": "2026-01-01", "page_num": 1, "page_size": 10, **changes}
    assert next(iter(changes)) in hospital.error("1312", {"data": data})


def test_a_dictionary_table_is_given_with_its_labels(hospital):
    data = {
        "type": "chrgitm_lv",
        "parent_value": "0",
        "admdvs": "990100",
        "date": "2026-03-02",
        "Vali_Flag": "1",
    }
    found = hospital.ok("1901", {"data": data})["list"]
    assert {row["value"]: row["label"] for row in found} == {
        "01": "甲类",
        "02": "乙类",
        "03": "丙类",
    }
    assert "type" in hospital.error("1901", {"data": data | {"type": "colours"}})


@pytest.mark.parametrize(
    "order",
    [
        {"infno": "1312", "rows": [{"code": "1", "name": "x"}]},
        {"infno": "1301", "rows": []},
        {"infno": "1301", "rows": [{"code": "1"}]},
        {"infno": "1301", "rows": [{"code": "1", "name": "x", "colour": "red"}]},
    ],
)
def test_a_version_that_cannot_be_published_is_refused(insurer, order):
    answer = insurer.client.post("/_control/catalogue-versions", json=order)
    assert answer.status_code == 400
