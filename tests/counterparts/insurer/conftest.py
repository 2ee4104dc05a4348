"""A hospital that speaks the national interface, written from the specification alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import itertools
import json
import time
import zipfile
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from counterparts.population import make_id_number

ADDRESS = "/fsi/api/rsfComIfsService/callService"
AREA = "990100"
CODE = "H99010000001"
KEYS = {"access_key": "ak-demo", "secret_key": "sk-demo"}
CATALOGUE = [
    {"national_code": "A1", "class": "01", "chrgitm_type": "09"},
    {"national_code": "B1", "class": "02", "selfpay_prop": "0.10", "chrgitm_type": "03"},
    {"national_code": "C1", "class": "03", "chrgitm_type": "08"},
    {"national_code": "CAP", "class": "01", "price_cap_fen": 5000, "chrgitm_type": "09"},
]
AMOUNTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")


def born(day, sequence):
    return make_id_number(region="990100", born=day, sequence=sequence)


class Hospital:
    """One institution's interface client; amounts come back as Decimal yuan."""

    def __init__(self, insurer, *, code=CODE, keys=KEYS, name="示范市第一人民医院"):
        self.insurer = insurer
        self.code, self.name, self.keys = code, name, keys
        self.day = "2026-03-02"
        self._numbers = itertools.count(1)

    def msgid(self):
        return f"{self.code}{self.day.replace('-', '')}101500{next(self._numbers):04d}"

    def headers(self, infno, *, at_ms=None, secret_key=None):
        values = {
            "_api_access_key": self.keys["access_key"],
            "_api_name": infno,
            "_api_timestamp": str(at_ms or time.time_ns() // 1_000_000),
            "_api_version": "1.0.0",
        }
        text = "&".join(f"{name}={values[name]}" for name in sorted(values))
        secret = (secret_key or self.keys["secret_key"]).encode()
        digest = hmac.new(secret, text.encode(), hashlib.sha1).digest()
        return {**values, "_api_signature": base64.b64encode(digest).decode()}

    def envelope(self, infno, input_, /, **changes):
        return {
            "infno": infno,
            "msgid": changes.pop("msgid", None) or self.msgid(),
            "mdtrtarea_admvs": AREA,
            "insuplc_admdvs": AREA,
            "recer_sys_code": "HIS",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "C001",
            "opter_name": "示例收费员",
            "inf_time": f"{self.day} 10:15:00",
            "fixmedins_code": self.code,
            "fixmedins_name": self.name,
            "input": input_,
            **changes,
        }

    def post(self, infno, body, **headers):
        return self.insurer.client.post(
            ADDRESS, content=orjson.dumps(body), headers=self.headers(infno, **headers)
        )

    def call(self, infno, input_, **changes):
        answer = self.post(infno, self.envelope(infno, input_, **changes))
        assert answer.status_code == 200
        # Decimal in, so that what is compared is the text of the answer.
        return SimpleNamespace(**_exactly(answer.text))

    def ok(self, infno, input_, **changes):
        answer = self.call(infno, input_, **changes)
        assert answer.infcode == 0, answer.err_msg
        return answer.output

    def error(self, infno, input_, **changes):
        answer = self.call(infno, input_, **changes)
        assert answer.infcode == -1
        return answer.err_msg

    # --- the messages of a visit -------------------------------------------------------------

    def register(self, person, number, **changes):
        return self.ok("2201", registration(person, number), **changes)["data"]["mdtrt_id"]

    def describe(self, person, mdtrt_id, med_type="11"):
        return self.ok("2203", description(person, mdtrt_id, med_type))

    def upload(self, person, mdtrt_id, batch, lines, **changes):
        return self.ok("2204", charges(person, mdtrt_id, batch, lines), **changes)["result"]

    def settle(self, person, mdtrt_id, batch, results, **changes):
        input_ = settling(person, mdtrt_id, batch, results)
        return self.ok("2207", input_, **changes)["setlinfo"]

    def visit(self, person, number, lines, *, batch="1", med_type="11"):
        """Return (mdtrt_id, results of 2204) of a visit that only has to be settled."""
        mdtrt_id = self.register(person, number)
        self.describe(person, mdtrt_id, med_type)
        return mdtrt_id, self.upload(person, mdtrt_id, batch, lines)

    def whole_visit(self, person, number, lines):
        """Return (mdtrt_id, setlinfo) of a visit settled in one batch."""
        mdtrt_id, results = self.visit(person, number, lines)
        return mdtrt_id, self.settle(person, mdtrt_id, "1", results)

    def undo(self, person, setlinfo):
        names = ("setl_id", "mdtrt_id")
        data = {name: setlinfo[name] for name in names} | {"psn_no": person["psn_no"]}
        return self.ok("2208", {"data": data})

    # --- statements ----------------------------------------------------------------------------

    def send_file(self, rows, name="detail.txt"):
        text = "".join("\t".join(row) + "\n" for row in rows)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, text)
        return self.send_content(packed.getvalue(), name)

    def send_content(self, content, name="detail.txt"):
        about = {"filename": f"{name}.zip", "fixmedins_code": self.code}
        body = self.envelope("9101", {"fsUploadIn": about})
        answer = self.insurer.client.post(
            ADDRESS,
            data={"jsonStr": orjson.dumps(body).decode()},
            files={"file": (f"{name}.zip", content, "application/zip")},
            headers=self.headers("9101"),
        )
        return answer.json()

    def match(self, rows):
        """Return the rows of 3202's result for the hospital's ``rows``."""
        uploaded = self.send_file(rows)["output"]
        result = self.ok("3202", statement(self.day, rows, uploaded["file_qury_no"]))["fileinfo"]
        about = {name: result[name] for name in ("file_qury_no", "filename")}
        body = self.envelope("9102", {"fsDownloadIn": {**about, "fixmedins_code": "plc"}})
        answer = self.post("9102", body)
        assert answer.headers["content-type"] == "application/octet-stream"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            text = archive.read(archive.namelist()[0]).decode()
        return [line.split("\t") for line in text.splitlines()]


def _exactly(text):
    return json.loads(text, parse_float=Decimal)


def certificate(person):
    return {"mdtrt_cert_type": "02", "mdtrt_cert_no": person["certno"]}


def registration(person, number, **changes):
    data = {
        "psn_no": person["psn_no"],
        "insutype": person["insutype"],
        "begntime": "2026-03-02 09:00:00",
        **certificate(person),
        "psn_cert_type": "01",
        "certno": person["certno"],
        "psn_type": person["psn_type"],
        "psn_name": person["psn_name"],
        "ipt_otp_no": number,
        "dept_code": "D01",
        "dept_name": "全科",
        "caty": "A02",
        **changes,
    }
    return {"data": data}


def description(person, mdtrt_id, med_type="11"):
    about = {
        "mdtrt_id": mdtrt_id,
        "psn_no": person["psn_no"],
        "med_type": med_type,
        "begntime": "2026-03-02 09:10:00",
        "dise_codg": "J06",
        "dise_name": "急性上呼吸道感染",
    }
    diagnosis = {
        "diag_type": "1",
        "diag_srt_no": 1,
        "diag_code": "J06",
        "diag_name": "急性上呼吸道感染",
        "diag_dept": "全科",
        "dise_dor_no": "D990100000001",
        "dise_dor_name": "示例医生",
        "diag_time": "2026-03-02 09:10:00",
        "vali_flag": "1",
    }
    return {"mdtrtinfo": about, "diseinfo": [diagnosis]}


def charges(person, mdtrt_id, batch, lines):
    """Return 2204's input; a line is (feedetl_sn, code, quantity, price, amount) in yuan."""
    return {
        "feedetail": [
            {
                "feedetl_sn": str(number),
                "mdtrt_id": mdtrt_id,
                "psn_no": person["psn_no"],
                "chrg_bchno": batch,
                "rx_circ_flag": "0",
                "fee_ocur_time": "2026-03-02 10:00:00",
                "med_list_codg": code,
                "medins_list_codg": f"L-{code}",
                "det_item_fee_sumamt": amount,
                "cnt": quantity,
                "pric": price,
                "bilg_dept_codg": "D01",
                "bilg_dept_name": "全科",
                "bilg_dr_codg": "D990100000001",
                "bilg_dr_name": "示例医生",
                "hosp_appr_flag": "0",
            }
            for number, code, quantity, price, amount in lines
        ]
    }


def settling(person, mdtrt_id, batch, results, /, **changes):
    """Return 2207's input, its sums taken from the results of 2204."""
    sums = {
        name: float(sum(result[name] for result in results))
        for name in ("det_item_fee_sumamt", "overlmt_amt", *AMOUNTS)
        if name in results[0]
    }
    data = {
        "psn_no": person["psn_no"],
        **certificate(person),
        "psn_cert_type": "01",
        "certno": person["certno"],
        "med_type": "11",
        "medfee_sumamt": sums.pop("det_item_fee_sumamt"),
        "psn_setlway": "01",
        "mdtrt_id": mdtrt_id,
        "chrg_bchno": batch,
        "insutype": person["insutype"],
        "acct_used_flag": "1",
        "overlmt_selfpay": sums.pop("overlmt_amt"),
        **sums,
        **changes,
    }
    return {"data": data}


def row_of(setlinfo, *, negative=False):
    """Return the hospital's row of a settlement for 3202."""
    sign = -1 if negative else 1
    amounts = [f"{sign * setlinfo[name]:.2f}" for name in STATED]
    ids = [setlinfo[name] for name in ("setl_id", "mdtrt_id", "psn_no")]
    return [*ids, *amounts, "1" if negative else "0"]


STATED = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")


def statement(day, rows, file_qury_no):
    return {
        "data": {
            "setl_optins": AREA,
            "file_qury_no": file_qury_no,
            "stmt_begndate": day,
            "stmt_enddate": day,
            "medfee_sumamt": float(sum(Decimal(row[3]) for row in rows)),
            "fund_pay_sumamt": float(sum(Decimal(row[4]) for row in rows)),
            "cash_payamt": 0,
            "fixmedins_setl_cnt": len(rows),
            "clr_type": "11",
            "fixmedins_refd_setl_flag": "0",
        }
    }


def _person(number, day, **changes) -> dict[str, Any]:
    return {
        "psn_no": f"99010000000000{number:06d}",
        "certno": born(day, number),
        "psn_name": f"示例{number}",
        "gend": "1" if number % 2 else "2",
        "brdy": day.isoformat(),
        **changes,
    }


@pytest.fixture(scope="session")
def persons():
    """Invented insured persons by what they stand for."""
    employee = {"psn_type": "11", "insutype": "310"}
    return SimpleNamespace(
        employee=_person(1, date(1988, 3, 12), **employee, balc_fen=30_000),
        settled_in=_person(
            2,
            date(1979, 5, 20),
            **employee,
            balc_fen=10_000,
            used=[{"year": 2026, "deductible_fen": 60_000, "pool_fen": 0}],
        ),
        retired=_person(3, date(1955, 8, 1), psn_type="12", insutype="310", balc_fen=0),
        resident=_person(4, date(1990, 1, 2), psn_type="15", insutype="390", balc_fen=0),
        paused=_person(5, date(1991, 4, 4), **employee, balc_fen=0, psn_insu_stas="2"),
    )


@pytest.fixture(scope="session")
def speak():
    """Return the builders of messages, for tests that change a part of one."""
    return SimpleNamespace(
        registration=registration,
        description=description,
        charges=charges,
        settling=settling,
        statement=statement,
        row_of=row_of,
        code=CODE,
        area=AREA,
        hospital=Hospital,
    )


@pytest.fixture(scope="module")
def process(start_counterpart_for_module, tmp_path_factory):
    """Start one insurer for a module; its tests take turns with ``insurer``."""
    return start_counterpart_for_module("insurer", tmp_path_factory.mktemp("insurer"))


@pytest.fixture
def insurer(process, persons):
    """Return an insurer that knows only the hospital, the persons and four kinds of item."""
    process.control("faults", method="DELETE")
    process.control("books", method="DELETE")
    furnish(process, persons)
    return process


def furnish(insurer, persons):
    institution = {"fixmedins_code": CODE, "fixmedins_name": "示范市第一人民医院", **KEYS}
    insurer.control("institutions", [institution])
    insurer.control("persons", list(vars(persons).values()))
    insurer.control("catalogue", CATALOGUE)


@pytest.fixture
def hospital(insurer):
    """Return the hospital of this insurer."""
    return Hospital(insurer)


@pytest.fixture
def own_hospital(start_counterpart, tmp_path, persons):
    """Return the hospital of an insurer that the test may kill; its storage is ``tmp_path``."""
    insurer = start_counterpart("insurer", tmp_path)
    furnish(insurer, persons)
    return Hospital(insurer)
