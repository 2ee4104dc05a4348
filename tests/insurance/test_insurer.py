"""The whole conversation with the simulated insurer, a process of its own."""

import itertools
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from yifu.insurance import answers, files, gateway, rules
from yifu.insurance import messages as m

ROOT = Path(__file__).parents[2]
DRUG = {
    "national_code": "XA01ABD075A002010100483",
    "class": "02",
    "selfpay_prop": "0.1",
    "price_cap_fen": 1235,
}
SEQUENCE = itertools.count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Run an insurer; gives a client for its switchboard."""
    data = tmp_path_factory.mktemp("insurer")
    command = [sys.executable, "-m", "counterparts.insurer", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("listening on ").strip()
        with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
            yield client
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=10)
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def insured(office, sample, endpoint_at):
    """Make the hospital, the patient and one drug known; gives the hospital's endpoint."""
    endpoint = endpoint_at(1, base_url=str(office.base_url).rstrip("/"))
    rows = {
        "institutions": {
            "fixmedins_code": endpoint.fixmedins_code,
            "fixmedins_name": endpoint.fixmedins_name,
            "access_key": endpoint.access_key,
            "secret_key": endpoint.secret_key,
        },
        "persons": {
            "psn_no": sample.patient.psn_no,
            "certno": sample.certno,
            "psn_name": sample.patient.name,
            "gend": "2",
            "naty": "1",
            "brdy": "1988-03-12",
            "psn_type": "11",
            "insutype": "310",
            "balc_fen": 2000,
            "used": [{"year": 2026, "deductible_fen": 58000, "pool_fen": 0}],
        },
        "catalogue": DRUG,
    }
    for path, row in rows.items():
        office.post(f"/_control/{path}", json=[row]).raise_for_status()
    return endpoint


class Desk:
    """A hospital's desk: numbers its messages and talks to the insurer."""

    def __init__(self, endpoint: gateway.Endpoint, sample: Any) -> None:
        self.endpoint = endpoint
        self.sample = sample
        self.sign_no = ""

    def msgid(self) -> str:
        code = self.endpoint.fixmedins_code
        return gateway.make_msgid(fixmedins_code=code, at=self.sample.at, seq=next(SEQUENCE))

    def say(
        self, infno: str, input_: Any, *, msgid: str | None = None, area: str = "990100"
    ) -> Any:
        return gateway.call(
            self.endpoint,
            infno=infno,
            msgid=msgid or self.msgid(),
            input_=input_,
            now=self.sample.at,
            insuplc_admdvs=area,
            sign_no=self.sign_no,
            opter="001",
            opter_name="示例丙",
        ).output

    def file(self) -> dict[str, Any]:
        return {
            "now": self.sample.at,
            "opter": "001",
            "opter_name": "示例丙",
            "msgid": self.msgid(),
        }

    def batch(self) -> tuple[m.Claim, rules.Scope]:
        """Register a visit and upload ten charges; gives the claim and the lines' sums."""
        sample = self.sample
        number = next(SEQUENCE)
        where = {"department": sample.department, "doctor": sample.doctor}
        registration = m.registration(
            patient=sample.patient,
            credential=sample.credential,
            began_at=sample.at - timedelta(minutes=30),
            visit_no=f"V{number}",
            **where,
        )
        mdtrt_id = answers.read_mdtrt_id(self.say("2201", registration))
        visit = {"psn_no": sample.patient.psn_no, "mdtrt_id": mdtrt_id}
        about = {"med_type": m.OUTPATIENT, "began_at": sample.at, **where}
        diagnoses = [m.Diagnosis("J06.9", "急性上呼吸道感染")]
        self.say("2203", m.encounter(diagnoses=diagnoses, **visit, **about))
        lines = sample.fee_lines(10)
        upload = m.fee_upload(batch_no=f"B{number}", lines=lines, **visit, **where)
        split = answers.read_lines(self.say("2204", upload))
        rules.check_lines(split, {line.feedetl_sn: line.amount_fen for line in lines})
        total_fen = sum(line.amount_fen for line in lines)
        claim = replace(sample.claim, mdtrt_id=mdtrt_id, batch_no=f"B{number}", total_fen=total_fen)
        return claim, rules.sum_lines(split)

    def settle(
        self, claim: m.Claim, scope: rules.Scope, *, msgid: str | None = None
    ) -> answers.Settled:
        message = m.settle(
            patient=self.sample.patient,
            credential=self.sample.credential,
            claim=claim,
            scope=scope,
        )
        return answers.read_settled(self.say("2207", message, msgid=msgid))

    def visit(self, claim: m.Claim) -> dict[str, str]:
        return {"psn_no": self.sample.patient.psn_no, "mdtrt_id": claim.mdtrt_id}


@pytest.fixture
def desk(office, insured, sample):
    yield Desk(insured, sample)
    office.delete("/_control/faults").raise_for_status()


@pytest.fixture
def fault(office):
    """Let one message of a transaction go wrong."""

    def make(kind, infno):
        rule = {"match": {"infno": infno}, "fault": kind, "times": 1}
        office.post("/_control/faults", json={"rules": [rule]}).raise_for_status()

    return make


def test_a_visit_is_settled_queried_and_reversed(desk, sample):
    sign_in = m.sign_in(opter_no="001", mac="00-00-5E-00-53-01", ip="192.0.2.1")
    desk.sign_no = answers.read_sign_no(desk.say("9001", sign_in, area=""))
    asked = m.person_query(
        cert_type=m.IDENTITY_CARD,
        cert_no=sample.certno,
        certno=sample.certno,
        name=sample.patient.name,
    )
    insured = answers.choose_insurance(answers.read_insured(desk.say("1101", asked, area="")))
    assert insured is not None
    assert insured.patient == sample.patient
    before_fen = insured.balance_fen
    claim, scope = desk.batch()
    assert scope.over_fen > 0
    assert scope.presel_fen > 0
    preview = m.presettle(patient=sample.patient, credential=sample.credential, claim=claim)
    expected = answers.read_presettled(desk.say("2206", preview))
    msgid = desk.msgid()
    settled = desk.settle(claim, scope, msgid=msgid)
    rules.check_split(settled.split, expected_total_fen=claim.total_fen)
    assert settled.split == expected
    assert settled.split.fund_fen > 0
    assert settled.split.balance_fen == before_fen - settled.split.account_fen
    assert (settled.msgid, settled.mdtrt_id) == (msgid, claim.mdtrt_id)
    query = m.query_settlement(setl_id=settled.setl_id, **desk.visit(claim))
    assert answers.read_queried(desk.say("5203", query)) == (settled,)
    undone = answers.read_reversed(
        desk.say("2208", m.reverse(setl_id=settled.setl_id, **desk.visit(claim)))
    )
    rules.check_split(undone.split, expected_total_fen=claim.total_fen)
    assert undone.split == replace(settled.split, balance_fen=before_fen)
    assert answers.read_queried(desk.say("5203", query))[0].refunded
    desk.say("2205", m.fee_withdraw(**desk.visit(claim)))


def test_a_lost_answer_is_found_by_asking_and_given_again_to_a_resend(desk, fault):
    claim, scope = desk.batch()
    msgid = desk.msgid()
    fault("drop_answer", "2207")
    with pytest.raises(gateway.Unanswered):
        desk.settle(claim, scope, msgid=msgid)
    (found,) = answers.read_queried(desk.say("5203", m.query_settlement(**desk.visit(claim))))
    assert found.msgid == msgid
    assert desk.settle(claim, scope, msgid=msgid) == found
    desk.say("2208", m.reverse(setl_id=found.setl_id, **desk.visit(claim)))


def test_a_lost_request_is_not_found_and_after_its_undoing_never_settles(desk, fault):
    claim, scope = desk.batch()
    msgid = desk.msgid()
    fault("drop_request", "2207")
    with pytest.raises(gateway.Unanswered):
        desk.settle(claim, scope, msgid=msgid)
    with pytest.raises(gateway.Refused, match="未查询到结算信息"):
        desk.say("5203", m.query_settlement(**desk.visit(claim)))
    undo = m.undo(psn_no=desk.sample.patient.psn_no, omsgid=msgid, oinfno="2207")
    assert desk.say("2601", undo) == {}
    with pytest.raises(gateway.Refused):
        desk.settle(claim, scope, msgid=msgid)


def test_a_message_doubled_on_the_way_settles_once(desk, fault):
    claim, scope = desk.batch()
    fault("twice", "2207")
    settled = desk.settle(claim, scope)
    (found,) = answers.read_queried(desk.say("5203", m.query_settlement(**desk.visit(claim))))
    assert found.setl_id == settled.setl_id
    desk.say("2208", m.reverse(setl_id=settled.setl_id, **desk.visit(claim)))


def test_a_split_that_does_not_add_up_is_refused_and_can_be_reversed(desk, fault):
    claim, scope = desk.batch()
    fault("wrong_sum", "2207")
    settled = desk.settle(claim, scope)
    with pytest.raises(rules.SplitError):
        rules.check_split(settled.split, expected_total_fen=claim.total_fen)
    undone = desk.say("2208", m.reverse(setl_id=settled.setl_id, **desk.visit(claim)))
    assert answers.read_reversed(undone).setl_id == settled.setl_id


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("refuse", gateway.Refused),
        ("gateway_401", gateway.NotSent),
        ("nonsense", gateway.Nonsense),
        ("drop_request", gateway.Unanswered),
    ],
)
def test_each_fault_is_told_apart(desk, fault, kind, outcome):
    claim, scope = desk.batch()
    fault(kind, "2207")
    with pytest.raises(outcome) as caught:
        desk.settle(claim, scope)
    assert type(caught.value) is outcome


def test_a_wrong_key_is_turned_away_at_the_gateway(desk, sample):
    stranger = Desk(replace(desk.endpoint, secret_key="another"), sample)
    with pytest.raises(gateway.NotSent, match="签名不一致"):
        stranger.say("2205", m.fee_withdraw(psn_no="P", mdtrt_id="M"))


def test_a_days_statement_agrees_line_by_line_and_in_sum(desk, office, sample):
    claim, scope = desk.batch()
    settled = desk.settle(claim, scope)
    day = sample.at.date()
    books = office.get("/_control/books", params={"date": day.isoformat()}).json()
    lines = [
        files.StatementLine(
            row["setl_id"],
            row["mdtrt_id"],
            row["psn_no"],
            row["medfee_sumamt_fen"],
            row["fund_pay_sumamt_fen"],
            row["acct_pay_fen"],
            refund=row["refd_setl_flag"] == "1",
        )
        for row in books["settlements"]
    ]
    assert settled.setl_id in {line.setl_id for line in lines}
    sums = books["totals"]
    totals = m.Totals(
        sums["medfee_fen"], sums["fund_fen"], sums["acct_fen"], sums["cash_fen"], sums["count"]
    )
    period = {"clr_type": "11", "setl_optins": "990100", "begin": day, "end": day}
    total = m.statement_total(insutype="310", totals=totals, **period)
    assert answers.read_comparison(desk.say("3201", total)).agrees
    uploaded = gateway.upload_file(
        desk.endpoint,
        filename="明细.txt.zip",
        content=files.write_statement(lines, name="明细.txt"),
        **desk.file(),
    )
    detail = m.statement_detail(file_qury_no=uploaded.file_qury_no, totals=totals, **period)
    made = answers.read_file_reference(desk.say("3202", detail))
    content = gateway.download_file(
        desk.endpoint, file_qury_no=made.file_qury_no, filename=made.filename, **desk.file()
    )
    results = files.read_table("3202", "out", content)
    assert len(results) == len(lines)
    assert {row["stmt_rslt"] for row in results} == {"0"}
    desk.say("2208", m.reverse(setl_id=settled.setl_id, **desk.visit(claim)))


def test_a_file_that_is_not_there_is_refused(desk):
    with pytest.raises(gateway.Refused):
        gateway.download_file(desk.endpoint, file_qury_no="F0", filename="x.zip", **desk.file())
