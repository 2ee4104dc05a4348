"""Transactions a second of the simulated insurer, one process, over real HTTP.

The mix is visits (1101, 2201, 2203, 2204 with ten lines, 2206, 2207, 5203) and, one in ten, a stay
(2401, 2301 with ten lines, 2303, 2402, 2304). It has to stay out of the way of every other bench:
what counts is its own processor time, because the load shares the machine with it.
"""

import base64
import hashlib
import hmac
import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import psutil

from yifu.insurance.wire import POOL, Target

WANTED_PER_SECOND = 800
LINES = 10
STAYS_EVERY = 10
CLIENTS = 4
ADDRESS = "/fsi/api/rsfComIfsService/callService"
AREA, CODE = "990100", "H99010000001"
KEYS = {"access_key": "ak-bench", "secret_key": "sk-bench"}
OTHER_CERTIFICATE = "99"
NOW = "2026-03-02 10:15:00"
_OK = 200
_DOCTOR = {"dise_dor_no": "D990100000001", "dise_dor_name": "示例医生", "diag_dept": "全科"}
_ORDERED = {
    "bilg_dept_codg": "D01",
    "bilg_dept_name": "全科",
    "bilg_dr_codg": "D990100000001",
    "bilg_dr_name": "示例医生",
    "hosp_appr_flag": "0",
}


def measure(size: int) -> dict[str, float]:
    """Send about ``size`` transactions; tell how many a second, by wall clock and processor time.

    ``per_cpu_second`` is what one core could do that had nothing else to do.
    """
    with tempfile.TemporaryDirectory() as folder, _insurer(Path(folder)) as (url, process):
        persons = _furnish(url, max(size // 14, CLIENTS))
        clients = [_Client(url, n) for n in range(CLIENTS)]
        cpu_before = process.cpu_times()
        began = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            parts = [persons[n::CLIENTS] for n in range(CLIENTS)]
            sent = sum(
                pool.map(lambda pair: pair[0].treat(pair[1]), zip(clients, parts, strict=True))
            )
        seconds = time.perf_counter() - began
        cpu = process.cpu_times()
        cpu_seconds = cpu.user + cpu.system - cpu_before.user - cpu_before.system
        memory_mb = process.memory_info().rss / 1_000_000
    return {
        "transactions": sent,
        "seconds": seconds,
        "per_second": sent / seconds,
        "cpu_seconds_each": cpu_seconds / sent,
        "per_cpu_second": sent / cpu_seconds,
        "memory_mb": memory_mb,
    }


@contextmanager
def _insurer(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    command = [sys.executable, "-m", "counterparts.insurer", "--port", "0", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            line = started.stdout.readline() if started.stdout else ""
            yield line.removeprefix("listening on ").strip(), psutil.Process(started.pid)
        finally:
            started.terminate()


def _furnish(url: str, count: int) -> list[dict[str, Any]]:
    persons = [
        {
            "psn_no": f"99010000000000{number:06d}",
            "psn_cert_type": OTHER_CERTIFICATE,
            "certno": f"BENCH{number:013d}",
            "psn_name": f"示例{number}",
            "gend": "1",
            "brdy": "1988-03-12",
            "psn_type": "11",
            "insutype": "310",
            "balc_fen": 100_000_00,
        }
        for number in range(count)
    ]
    institution = {"fixmedins_code": CODE, "fixmedins_name": "示范市第一人民医院", **KEYS}
    items = [{"national_code": f"A{n}", "class": "02", "selfpay_prop": "0.1"} for n in range(LINES)]
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        for path, rows in (
            ("institutions", [institution]),
            ("catalogue", items),
            ("persons", persons),
        ):
            client.post(f"/_control/{path}", json=rows).raise_for_status()
    return persons


class _Client:
    """One caller: it signs, sends and expects success."""

    def __init__(self, url: str, number: int) -> None:
        self.target = Target.of(url)
        self.number = number
        self.messages = itertools.count(1)
        self.sent = 0

    def treat(self, persons: list[dict[str, Any]]) -> int:
        """Give every person a visit and some of them a stay; return the messages sent."""
        for at, person in enumerate(persons):
            self.visit(person, f"V{person['psn_no']}")
            self.visit(person, f"W{person['psn_no']}")
            if not at % STAYS_EVERY:
                self.stay(person, f"S{person['psn_no']}")
        return self.sent

    def call(self, infno: str, input_: dict[str, Any]) -> dict[str, Any]:
        """Return the output of one transaction."""
        seq = next(self.messages)
        body = {
            "infno": infno,
            "msgid": f"{CODE}{20_260_302_000_000 + seq}{self.number:04d}",
            "mdtrtarea_admvs": AREA,
            "insuplc_admdvs": AREA,
            "recer_sys_code": "HIS",
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "C001",
            "opter_name": "示例收费员",
            "inf_time": NOW,
            "fixmedins_code": CODE,
            "fixmedins_name": "示范市第一人民医院",
            "input": input_,
        }
        reply = POOL.post(
            self.target,
            ADDRESS,
            headers=_signed(infno),
            body=orjson.dumps(body),
            timeout_s=60,
            max_bytes=1_000_000,
        )
        self.sent += 1
        answer: dict[str, Any] = orjson.loads(reply.body)
        if reply.status != _OK or answer.get("infcode") != 0:
            raise RuntimeError(f"{infno}: {reply.status} {reply.body[:300]!r}")
        output: dict[str, Any] = answer["output"]
        return output

    def visit(self, person: dict[str, Any], number: str) -> None:
        """Register, describe, charge, preview, settle and ask."""
        who = _who(person)
        self.call(
            "1101",
            {"data": {**who, "psn_cert_type": OTHER_CERTIFICATE, "psn_name": person["psn_name"]}},
        )
        told = {
            "psn_no": person["psn_no"],
            "insutype": "310",
            "begntime": NOW,
            **who,
            "psn_cert_type": OTHER_CERTIFICATE,
            "psn_type": "11",
            "psn_name": person["psn_name"],
            "ipt_otp_no": number,
            "dept_code": "D01",
            "dept_name": "全科",
            "caty": "A02",
        }
        mdtrt_id = self.call("2201", {"data": told})["data"]["mdtrt_id"]
        about = {
            "mdtrt_id": mdtrt_id,
            "psn_no": person["psn_no"],
            "med_type": "11",
            "begntime": NOW,
            "dise_codg": "J06",
            "dise_name": "急性上呼吸道感染",
        }
        self.call("2203", {"mdtrtinfo": about, "diseinfo": [_diagnosis(vali_flag="1")]})
        lines = _lines(person, mdtrt_id, chrg_bchno="1", rx_circ_flag="0")
        results = self.call("2204", {"feedetail": lines})["result"]
        settling = _settling(person, mdtrt_id, results, chrg_bchno="1", med_type="11")
        more = {"psn_type": "11", "psn_name": person["psn_name"]}
        self.call(
            "2206", {"data": {k: v for k, v in (settling | more).items() if k not in _NOT_2206}}
        )
        setl_id = self.call("2207", {"data": settling})["setlinfo"]["setl_id"]
        ids = {"psn_no": person["psn_no"], "setl_id": setl_id, "mdtrt_id": mdtrt_id}
        self.call("5203", {"data": ids})

    def stay(self, person: dict[str, Any], number: str) -> None:
        """Admit, charge, preview, discharge and settle."""
        areas = {"insuplc_admdvs": AREA, "mdtrtarea_admvs": AREA}
        who = _who(person)
        told = {
            "psn_no": person["psn_no"],
            "insutype": "310",
            "begntime": NOW,
            **who,
            "cert_type": OTHER_CERTIFICATE,
            "med_type": "2101",
            "ipt_no": number,
            "atddr_no": "D990100000001",
            "chfpdr_name": "示例医生",
            "adm_diag_dscr": "肺炎",
            "adm_dept_codg": "D02",
            "adm_dept_name": "内科",
            "adm_bed": "12",
            "dscg_maindiag_code": "J18.9",
            "dscg_maindiag_name": "肺炎",
            **areas,
        }
        sick = _diagnosis(psn_no=person["psn_no"], maindiag_flag="1")
        admitted = self.call("2401", {"mdtrtinfo": told, "diseinfo": [sick]})
        mdtrt_id = admitted["result"]["mdtrt_id"]
        lines = _lines(person, mdtrt_id, med_type="2101")
        results = self.call("2301", {"feedetail": lines})["result"]
        settling = _settling(person, mdtrt_id, results, mid_setl_flag="0", **areas)
        settling |= {"psn_type": "11", "psn_name": person["psn_name"]}
        self.call("2303", {"data": settling})
        left = {
            "mdtrt_id": mdtrt_id,
            "psn_no": person["psn_no"],
            "insutype": "310",
            "endtime": NOW,
            "dscg_dept_codg": "D02",
            "dscg_dept_name": "内科",
            "dscg_way": "1",
        }
        self.call("2402", {"dscginfo": left, "diseinfo": [sick | {"mdtrt_id": mdtrt_id}]})
        self.call("2304", {"data": settling})


_NOT_2206 = ("invono", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")


def _signed(infno: str) -> dict[str, str]:
    values = {
        "_api_access_key": KEYS["access_key"],
        "_api_name": infno,
        "_api_timestamp": str(time.time_ns() // 1_000_000),
        "_api_version": "1.0.0",
    }
    text = "&".join(f"{name}={values[name]}" for name in sorted(values))
    digest = hmac.new(KEYS["secret_key"].encode(), text.encode(), hashlib.sha1).digest()
    return {**values, "_api_signature": base64.b64encode(digest).decode()}


def _who(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person["certno"],
        "certno": person["certno"],
    }


def _diagnosis(**more: str) -> dict[str, Any]:
    return {
        "diag_type": "1",
        "diag_srt_no": 1,
        "diag_code": "J18.9",
        "diag_name": "肺炎",
        "diag_time": NOW,
        **_DOCTOR,
        **more,
    }


def _lines(person: dict[str, Any], mdtrt_id: str, **more: str) -> list[dict[str, Any]]:
    return [
        {
            "feedetl_sn": str(number + 1),
            "mdtrt_id": mdtrt_id,
            "psn_no": person["psn_no"],
            "fee_ocur_time": NOW,
            "med_list_codg": f"A{number}",
            "medins_list_codg": f"L{number}",
            "det_item_fee_sumamt": 61.5,
            "cnt": 3,
            "pric": 20.5,
            **_ORDERED,
            **more,
        }
        for number in range(LINES)
    ]


def _settling(
    person: dict[str, Any], mdtrt_id: str, results: list[dict[str, Any]], **more: str
) -> dict[str, Any]:
    def total(name: str) -> float:
        return round(float(sum(row[name] for row in results)), 2)

    return {
        "psn_no": person["psn_no"],
        **_who(person),
        "psn_cert_type": OTHER_CERTIFICATE,
        "medfee_sumamt": total("det_item_fee_sumamt"),
        "psn_setlway": "01",
        "mdtrt_id": mdtrt_id,
        "insutype": "310",
        "acct_used_flag": "1",
        "fulamt_ownpay_amt": total("fulamt_ownpay_amt"),
        "overlmt_selfpay": total("overlmt_amt"),
        "preselfpay_amt": total("preselfpay_amt"),
        "inscp_scp_amt": total("inscp_scp_amt"),
        **more,
    }
