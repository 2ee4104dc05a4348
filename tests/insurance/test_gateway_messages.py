"""What goes over the wire, down to the byte, and what of it may be stored."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifu.insurance import gateway
from yifu.insurance import messages as m
from yifu.insurance.fields import CHINA

MSGID = "H99010000001202603010930050001"
YES = {"infcode": 0, "inf_refmsgid": "990100202603010930050000000001", "err_msg": ""}


def test_the_envelope_and_the_headers_are_the_specifications(insurer, ask):
    insurer.says(YES)
    before = time.time_ns() // 1_000_000
    ask(sign_no="N1")
    (headers, body) = insurer.asked[0]
    assert json.loads(body) == {
        "infno": "2205",
        "msgid": MSGID,
        "mdtrtarea_admvs": "990100",
        "insuplc_admdvs": "990100",
        "recer_sys_code": "MBS_LOCAL",
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": "001",
        "opter_name": "示例丙",
        "inf_time": "2026-03-01 09:30:05",
        "fixmedins_code": "H99010000001",
        "fixmedins_name": "示范市第一人民医院",
        "sign_no": "N1",
        "input": {"data": {"mdtrt_id": "M1", "chrg_bchno": "0000", "psn_no": "P1"}},
    }
    stamp = headers["_api_timestamp"]
    assert len(stamp) == 13
    assert before <= int(stamp) <= time.time_ns() // 1_000_000
    text = f"_api_access_key=AK1&_api_name=2205&_api_timestamp={stamp}&_api_version=1.0.0"
    expected = b64encode(hmac.new(b"SK1", text.encode(), hashlib.sha1).digest()).decode()
    assert headers["_api_signature"] == expected


def test_the_signature_agrees_with_one_computed_by_hand(endpoint_at):
    endpoint = endpoint_at(1, access_key="test-access-key", secret_key="test-secret-key")
    headers = gateway.gateway_headers(endpoint, infno="1101", timestamp_ms=1772328605000)
    # printf '%s' '_api_access_key=test-access-key&_api_name=1101&_api_timestamp=1772328605000
    # &_api_version=1.0.0' | openssl dgst -sha1 -hmac test-secret-key -binary | base64
    assert headers["_api_signature"] == "JtQ+z4YRbw0/FO2hFjJRSCjxy8A="


def test_the_signature_is_over_the_headers_by_name():
    headers = {"_api_version": "1", "_api_access_key": "2", "_api_timestamp": "3", "_api_name": "4"}
    ordered = dict(sorted(headers.items()))
    assert gateway.sign("key", headers) == gateway.sign("key", ordered)


def test_amounts_are_written_digit_by_digit(insurer, ask, sample):
    insurer.says(b'{"infcode": 0, "output": {"result": []}}')
    message = sample.fee_upload(1)
    row = message["feedetail"][0]
    row |= {"cnt": Decimal("1E+2"), "pric": Decimal("0.000001")}
    row["det_item_fee_sumamt"] = Decimal("90071992547409.93")
    ask(infno="2204", input_=message)
    body = insurer.asked[0][1]
    for text in (b'"cnt":100,', b'"pric":0.000001,', b'"det_item_fee_sumamt":90071992547409.93,'):
        assert text in body


def test_a_message_that_breaks_the_table_is_kept_back(insurer, ask, sample):
    message = sample.fee_upload(2)
    message["feedetail"][1]["cnt"] = None
    with pytest.raises(gateway.Malformed) as caught:
        ask(infno="2204", input_=message)
    assert str(caught.value) == "2204 in feedetail[1].cnt (数量): required"
    assert insurer.asked == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"insuplc_admdvs": ""}, "insuplc_admdvs"),
        ({"opter": ""}, "opter"),
        ({"opter_name": "名" * 51}, "opter_name"),
        ({"msgid": "1" * 31}, "msgid"),
        ({"infno": "9999"}, "infno"),
        ({"input_": {"data": {"mdtrt_id": "\ud800", "chrg_bchno": "1", "psn_no": "P"}}}, "input"),
    ],
)
def test_a_frame_that_breaks_the_table_is_kept_back(insurer, ask, changes, place):
    with pytest.raises(gateway.Malformed) as caught:
        ask(**changes)
    assert place in {one.place for one in caught.value.violations}
    assert insurer.asked == []


def test_an_input_over_forty_thousand_characters_is_kept_back(insurer, ask, sample):
    with pytest.raises(gateway.Malformed, match="40000 characters"):
        ask(infno="2204", input_=sample.fee_upload(200))
    assert insurer.asked == []


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "127.0.0.1:80"},
        {"base_url": "http://127.0.0.1/x"},
        {"access_key": "a\r\nb"},
        {"access_key": ""},
        {"path": "/a b"},
    ],
)
def test_an_endpoint_that_cannot_be_reached_is_not_made(changes, endpoint_at):
    with pytest.raises(ValueError, match=r"address|header"):
        endpoint_at(1, **changes)


def test_the_secret_key_does_not_show_when_an_endpoint_is_printed(endpoint_at):
    assert "SK1" not in repr(endpoint_at(1))


INSTANTS = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2099, 12, 31),  # noqa: DTZ001 - the zone is drawn
    timezones=st.timezones(),
)


@given(INSTANTS, st.integers(0, 9999))
def test_a_message_number_is_institution_time_and_sequence(at, seq):
    msgid = gateway.make_msgid(fixmedins_code="H99010000001", at=at, seq=seq)
    assert len(msgid) == 30
    assert (msgid[:12], msgid[26:]) == ("H99010000001", f"{seq:04d}")
    assert msgid[12:26] == at.astimezone(CHINA).strftime("%Y%m%d%H%M%S")


@pytest.mark.parametrize(
    "changes",
    [{"fixmedins_code": "H9901"}, {"fixmedins_code": "H9901000000-"}, {"seq": -1}, {"seq": 10000}],
)
def test_a_message_number_that_would_not_fit_is_not_made(sample, changes):
    with pytest.raises(ValueError, match=r"fixmedins_code|msgid"):
        gateway.make_msgid(
            **{"fixmedins_code": "H99010000001", "at": sample.at, "seq": 1} | changes
        )


def test_a_message_number_needs_a_time_with_an_offset(sample):
    naive = sample.at.replace(tzinfo=None)
    with pytest.raises(ValueError, match="msgid"):
        gateway.make_msgid(fixmedins_code="H99010000001", at=naive, seq=1)


def upload(endpoint: Any, sample: Any, content: Any = b"\x00\r\n--x") -> gateway.Uploaded:
    return gateway.upload_file(
        endpoint,
        msgid=MSGID,
        filename='明细"1".txt.zip',
        content=content,
        now=sample.at,
        opter="001",
        opter_name="示例丙",
    )


def test_a_file_travels_beside_its_envelope(insurer, sample, endpoint_at):
    kept = {"file_qury_no": "F1", "filename": "x.zip", "fixmedins_code": "H99010000001"}
    insurer.says(YES | {"output": kept})
    uploaded = upload(endpoint_at(insurer.server_port), sample)
    assert (uploaded.file_qury_no, uploaded.dld_endtime) == ("F1", "")
    headers, body = insurer.asked[0]
    boundary = headers["Content-Type"].partition("boundary=")[2].encode()
    opening, text, file, closing = body.split(b"--" + boundary)
    assert (opening, closing) == (b"", b"--\r\n")
    envelope = json.loads(text.partition(b"\r\n\r\n")[2])
    assert envelope["infno"] == "9101"
    assert envelope["input"]["fsUploadIn"] == {
        "filename": '明细"1".txt.zip',
        "fixmedins_code": "H99010000001",
    }
    assert b'name="jsonStr"' in text
    assert 'filename="明细_1_.txt.zip"'.encode() in file
    assert file.partition(b"\r\n\r\n")[2] == b"\x00\r\n--x\r\n"


def test_a_file_must_have_content(insurer, sample, endpoint_at):
    with pytest.raises(gateway.Malformed):
        upload(endpoint_at(insurer.server_port), sample, content="text")
    assert insurer.asked == []


def download(endpoint: Any, sample: Any) -> bytes:
    return gateway.download_file(
        endpoint,
        msgid=MSGID,
        file_qury_no="F1",
        filename="x.zip",
        now=sample.at,
        opter="001",
        opter_name="示例丙",
    )


def test_a_download_gives_the_bytes(insurer, sample, endpoint_at):
    insurer.says(b"PK\x00\xff", kind="application/octet-stream")
    assert download(endpoint_at(insurer.server_port), sample) == b"PK\x00\xff"


def test_a_download_may_be_refused(insurer, sample, endpoint_at):
    insurer.says({"infcode": -1, "err_msg": "文件不存在"})
    with pytest.raises(gateway.Refused, match="文件不存在"):
        download(endpoint_at(insurer.server_port), sample)


def test_a_download_without_a_file_is_nonsense(insurer, sample, endpoint_at):
    insurer.says(YES)
    with pytest.raises(gateway.Nonsense):
        download(endpoint_at(insurer.server_port), sample)


def test_a_stored_trace_holds_no_credential_and_no_whole_identity(sample):
    message = m.presettle(patient=sample.patient, credential=sample.credential, claim=sample.claim)
    trace = gateway.mask_for_trace("2206", message)
    text = json.dumps(trace, ensure_ascii=False)
    for secret in (sample.token, sample.certno, sample.patient.name, sample.certno[6:14]):
        assert secret not in text
    data = trace["data"]
    assert (data["mdtrt_cert_no"], data["psn_name"]) == ("***", "示**")
    assert data["certno"] == "*" * 14 + "4025"
    assert (data["medfee_sumamt"], data["psn_no"]) == ("100.00", sample.patient.psn_no)
    assert message["data"]["certno"] == sample.certno, "the message itself is not changed"


def test_an_identity_number_shown_as_credential_keeps_its_tail(sample):
    message = m.person_query(cert_type="02", cert_no=sample.certno, certno=sample.certno, name="甲")
    assert gateway.mask_for_trace("1101", message)["data"]["mdtrt_cert_no"].endswith("*4025")


def test_card_numbers_and_their_codes_are_dropped():
    message = m.person_query(
        cert_type="03", cert_no="C12345678", card_sn="K12345678", certno="1", name="甲"
    )
    data = gateway.mask_for_trace("1101", message)["data"]
    assert (data["mdtrt_cert_no"], data["card_sn"], data["certno"]) == ("***", "***", "*")


def test_an_answers_trace_is_plain_json_and_masked(settled, sample):
    output = settled(secret_extra="x")
    trace = gateway.mask_for_trace("2207", output, direction="out")
    text = json.dumps(trace, ensure_ascii=False)
    assert sample.certno not in text
    assert "secret_extra" not in text
    assert trace["setldetail"][0]["fund_payamt"] == "55.00"


def test_an_identity_number_is_masked_even_when_written_as_a_number(sample):
    for certno in (int(sample.certno), Decimal(sample.certno)):
        trace = gateway.mask_for_trace("1101", {"data": {"certno": certno}})
        assert trace == {"data": {"certno": "*" * 14 + "4025"}}


@given(st.decimals())
def test_a_decimal_is_written_digit_by_digit(value):
    assert gateway._digits(value) == f"{value:f}"


def test_a_file_is_traced_by_its_size():
    trace = gateway.mask_for_trace("9101", {"fsUploadIn": {"in": b"12345", "filename": "x"}})
    assert trace == {"fsUploadIn": {"in": "5 bytes", "filename": "x"}}


def test_a_ten_line_upload_is_checked_written_and_signed_in_time(sample, endpoint_at):
    endpoint = endpoint_at(1)
    message = sample.fee_upload(10)

    def prepare() -> tuple[bytes, dict[str, str]]:
        envelope = gateway._envelope(
            endpoint, "2204", MSGID, sample.at, "001", "示例丙", "990100", ""
        )
        body = gateway.encode(envelope, infno="2204", input_=message)
        return body, gateway.gateway_headers(endpoint, infno="2204", timestamp_ms=1)

    prepare()
    times = []
    for _ in range(30):
        began = time.process_time()
        prepare()
        times.append(time.process_time() - began)
    assert min(times) < 0.0015


def test_endpoints_differ_only_in_what_they_say(insurer, ask, endpoint_at):
    insurer.says(YES)
    ask(at=endpoint_at(insurer.server_port, path="/hss-call-service-interface"))
    assert insurer.connections == 1
