"""A patient who does not exist, what we send about her, and an insurer's answers."""

import json
import threading
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from yifu.insurance import gateway, wire
from yifu.insurance import messages as m

CERTNO = "990100198803124025"
AT = datetime(2026, 3, 1, 1, 30, 5, tzinfo=UTC)
TOKEN = "T" * 40


def fee_lines(count: int) -> list[m.FeeLine]:
    return [
        m.FeeLine(
            feedetl_sn=str(number),
            occurred_at=AT,
            national_code="XA01ABD075A002010100483",
            local_code=f"H{number:05d}",
            amount_fen=1230 + number,
            quantity=Decimal(1),
            unit_price_fen=Decimal(1230 + number),
        )
        for number in range(1, count + 1)
    ]


PATIENT = m.Patient(
    psn_no="99010000000000000001", name="示例甲", certno=CERTNO, insutype="310", psn_type="11"
)
CREDENTIAL = m.Credential(m.TOKEN, TOKEN)
MSGID = "H99010000001202603010930050001"
DEPARTMENT = m.Department(code="D01", name="全科", caty="A02")
DOCTOR = m.Doctor(code="D990100000001", name="示例乙")
CLAIM = m.Claim(mdtrt_id="M1", batch_no="B1", med_type=m.OUTPATIENT, total_fen=10000)


@pytest.fixture(scope="session")
def sample():
    """What most tests send: persons, places and the inputs built from them."""
    return SimpleNamespace(
        at=AT,
        certno=CERTNO,
        token=TOKEN,
        msgid=MSGID,
        patient=PATIENT,
        credential=CREDENTIAL,
        department=DEPARTMENT,
        doctor=DOCTOR,
        claim=CLAIM,
        fee_lines=fee_lines,
        fee_upload=lambda count: m.fee_upload(
            psn_no=PATIENT.psn_no,
            mdtrt_id="M1",
            batch_no="B1",
            lines=fee_lines(count),
            department=DEPARTMENT,
            doctor=DOCTOR,
        ),
    )


def setlinfo(**changes: Any) -> dict[str, Any]:
    """A settlement of 100 yuan: fund 60, account 10, cash 30."""
    zero = Decimal("0.00")
    return {
        "mdtrt_id": "M1",
        "setl_id": "S1",
        "psn_no": PATIENT.psn_no,
        "psn_name": PATIENT.name,
        "psn_cert_type": "01",
        "certno": CERTNO,
        "psn_type": "11",
        "cvlserv_flag": "0",
        "setl_time": "2026-03-01 09:30:05",
        "med_type": "11",
        "medfee_sumamt": Decimal("100.00"),
        "fulamt_ownpay_amt": Decimal("5.00"),
        "overlmt_selfpay": Decimal("1.50"),
        "preselfpay_amt": Decimal("3.50"),
        "inscp_scp_amt": Decimal("90.00"),
        "act_pay_dedc": Decimal("20.00"),
        "hifp_pay": Decimal("55.00"),
        "pool_prop_selfpay": Decimal("0.8"),
        "cvlserv_pay": Decimal("5.00"),
        "hifes_pay": zero,
        "hifmi_pay": zero,
        "hifob_pay": zero,
        "maf_pay": zero,
        "oth_pay": zero,
        "fund_pay_sumamt": Decimal("60.00"),
        "psn_part_amt": Decimal("40.00"),
        "acct_pay": Decimal("10.00"),
        "psn_cash_pay": Decimal("30.00"),
        "hosp_part_amt": zero,
        "balc": Decimal("190.00"),
        "acct_mulaid_pay": zero,
        "medins_setl_id": MSGID,
        "clr_type": "11",
        "hifdm_pay": zero,
        **changes,
    }


def setldetail() -> list[dict[str, Any]]:
    shared = {"inscp_scp_amt": Decimal("90.00"), "crt_payb_lmt_amt": Decimal("90.00")}
    paid = (("310102", "55.00"), ("320100", "5.00"), ("310200", "10.00"))
    return [
        {"fund_pay_type": kind, "fund_payamt": Decimal(amount), **shared} for kind, amount in paid
    ]


@pytest.fixture(scope="session")
def settled():
    """Builds the output of a 2207 that adds up, with changes to its `setlinfo`."""
    return lambda **changes: {"setlinfo": setlinfo(**changes), "setldetail": setldetail()}


@pytest.fixture(autouse=True)
def _no_connections_left():
    yield
    wire.POOL.close()


def endpoint(port: int, **changes: Any) -> gateway.Endpoint:
    return gateway.Endpoint(
        **{
            "base_url": f"http://127.0.0.1:{port}",
            "access_key": "AK1",
            "secret_key": "SK1",
            "fixmedins_code": "H99010000001",
            "fixmedins_name": "示范市第一人民医院",
            "mdtrtarea_admvs": "990100",
            "recer_sys_code": "MBS_LOCAL",
            "infver": "V1.0",
            "timeout_s": 5.0,
            **changes,
        }
    )


class Insurer(ThreadingHTTPServer):
    """Answers every request by `reply(handler, body)`, and keeps what it was asked."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply: Any = None
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.connections = 0

    def says(self, body, **how):
        """Answer every request with this body, written as JSON unless it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.reply = lambda handler, _: handler.answer(content, **how)


class Handler(BaseHTTPRequestHandler):
    server: Insurer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((dict(self.headers.items()), body))
        self.server.reply(self, body)

    def answer(self, body, *, status=200, kind="application/json", length=None):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="session")
def endpoint_at():
    """Builds an endpoint at a port of this machine."""
    return endpoint


@pytest.fixture
def insurer():
    server = Insurer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def ask(insurer, sample):
    """Make a call to the insurer in this test; 2205 by default, which answers without output."""

    def make(*, infno="2205", input_=None, **changes):
        at = changes.pop("at", None) or endpoint(insurer.server_port)
        how = {"msgid": MSGID, "now": sample.at, "opter": "001", "opter_name": "示例丙"}
        how |= {"insuplc_admdvs": "990100"} | changes
        message = input_ or m.fee_withdraw(psn_no="P1", mdtrt_id="M1")
        return gateway.call(at, infno=infno, input_=message, **how)

    return make
