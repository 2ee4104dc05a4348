"""Every transaction over a socket: what the console can write is checked, sent, answered and read.

The simulated insurer reads the table by code of its own: where the two sides understood it
differently, a message would be refused for its form, or an answer not believed.
"""

import itertools
from datetime import datetime

import pytest

from counterparts.insurer.spoken import answered
from tests.counterparts.conftest import running_counterpart
from yifu.insurance import fields, gateway
from yifu.insurance.drafting import draft
from yifu.insurance.reading import lines

AT = datetime(2026, 3, 2, 10, 15, tzinfo=fields.CHINA)
PERSON = {
    "psn_no": "99010000000000000001",
    "psn_name": "示例甲",
    "psn_cert_type": "01",
    "certno": "990100198803124025",
    "mdtrt_cert_type": "02",
    "mdtrt_cert_no": "990100198803124025",
    "inv_data_type": "1",
}
FILES = {"9101", "9102"}
SEQUENCE = itertools.count(1)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    with running_counterpart("insurer", tmp_path_factory.mktemp("insurer")) as counterpart:
        keys = {"access_key": "ak", "secret_key": "sk"}
        about = {"fixmedins_code": "H99010000001", "fixmedins_name": "示范市第一人民医院"}
        counterpart.control("institutions", [about | keys])
        yield gateway.Endpoint(
            base_url=counterpart.url,
            mdtrtarea_admvs="990100",
            recer_sys_code="HIS",
            infver="V1.0",
            timeout_s=10,
            fixmedins_code=about["fixmedins_code"],
            fixmedins_name=about["fixmedins_name"],
            access_key=keys["access_key"],
            secret_key=keys["secret_key"],
        )


def say(endpoint, infno, **facts):
    known = PERSON | {"fixmedins_code": endpoint.fixmedins_code} | facts
    input_ = draft(infno, facts=known, now=AT, fill=True)
    msgid = gateway.make_msgid(
        fixmedins_code=endpoint.fixmedins_code, at=AT, seq=next(SEQUENCE) % 10_000
    )
    return gateway.call(
        endpoint,
        infno=infno,
        msgid=msgid,
        input_=input_,
        now=AT,
        opter="001",
        opter_name="示例丙",
        insuplc_admdvs="990100",
    )


def test_every_transaction_is_sent_and_what_comes_back_is_believed(endpoint):
    prescription = say(endpoint, "7101").output["data"]["hiRxno"]
    refused, remarks = {}, {}
    for infno in sorted(fields.transactions().keys() - FILES - {"7101"}):
        try:
            answer = say(endpoint, infno, hiRxno=prescription)
        except gateway.Refused as no:
            refused[infno] = no.err_msg
        else:
            remarks[infno] = [str(one) for one in answer.remarks]
            assert lines(infno, "out", answer.output) or not any(answer.output.values()), infno
    assert {infno: said for infno, said in remarks.items() if said} == {}
    # A refusal for its form begins with the message's number and the field's place.
    assert {infno: said for infno, said in refused.items() if said.startswith(infno)} == {}
    # The rest needs a visit, a person, a file: those are refused where nobody knows of one.
    plausible = {infno for infno, how in answered().items() if how == "plausible"}
    after_its_withdrawal = {"7105", "7106", "7107", "7108", "7109"} | {
        infno for infno in plausible if infno.startswith("72")
    }
    assert refused.keys() & plausible <= after_its_withdrawal | {"3401A"}


@pytest.mark.parametrize("infno", ["3605", "4301", "7211"])
def test_a_field_too_many_is_refused_before_it_leaves(endpoint, infno):
    input_ = draft(infno, facts=PERSON, now=AT, fill=True)
    first = next(iter(input_.values()))
    (first[0] if isinstance(first, list) else first)["nothing"] = "1"
    with pytest.raises(gateway.Malformed, match="nothing"):
        gateway.call(
            endpoint,
            infno=infno,
            msgid="H99010000001202603021015000001",
            input_=input_,
            now=AT,
            opter="001",
            opter_name="示例丙",
            insuplc_admdvs="990100",
        )
