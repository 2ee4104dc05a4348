"""The insurer's interface: a message encoded, checked and signed; its envelopes, files and books.

Four figures: 2204 with fifty lines beside bare `json.dumps` and HMAC; the payment centre's sealed
envelope beside bare AES and JSON; a day's statement file beside the csv module; and what the
simulated insurer can do on one core, so that it never is the bottleneck of a bench.
"""

import base64
import gc
import hmac
import json
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bench.report import Measured, machine, peak_mb, percentile
from yifu.insurance import gateway, messages
from yifu.insurance.fields import layout

LINES = 50
WANTED_MS = 3.0
SIMULATED = 3_000
WANTED_PER_SECOND = 800
_TURNS = 20


def run(*, size: int, now: datetime) -> list[Measured]:
    """Measure what is installed of the four."""
    measured = [_encoding(size, now=now)]
    if find_spec("yifu.insurance.mobile") is not None:
        measured.append(import_module("bench.sealed_envelope").measured(size, now=now))
    if find_spec("bench.statement_files") is not None:
        measured.append(_statement_files())
    measured.append(_simulated())
    return measured


def _encoding(size: int, *, now: datetime) -> Measured:
    """Write, check and sign a 2204 of fifty lines; by turns with the reference, for both alike."""
    endpoint, envelope = _endpoint(), _envelope(now)
    input_ = _fee_upload(now)

    def ours() -> None:
        gateway.encode(envelope, infno="2204", input_=input_)
        gateway.gateway_headers(endpoint, infno="2204", timestamp_ms=1_772_414_000_000)

    def bare() -> None:
        body = json.dumps(envelope | {"input": input_}, ensure_ascii=False, default=float).encode()
        text = f"_api_access_key=ak&_api_name=2204&_api_timestamp={len(body)}&_api_version=1.0.0"
        base64.b64encode(hmac.digest(b"sk", text.encode(), "sha1"))

    durations, reference = by_turns(ours, bare, size)
    return timed("insurer: 2204 of 50 lines", durations, ("json.dumps and HMAC", reference))


def by_turns(
    ours: Callable[[], None], bare: Callable[[], None], size: int
) -> tuple[list[float], list[float]]:
    """Time both by turns: a shared machine's speed changes within seconds. Seconds of each call."""
    durations: list[float] = []
    reference: list[float] = []
    ours()
    bare()
    gc.disable()
    try:
        for _ in range(_TURNS):
            for what, taken in ((ours, durations), (bare, reference)):
                for _ in range(max(1, size // _TURNS)):
                    began = time.perf_counter()
                    what()
                    taken.append(time.perf_counter() - began)
            gc.collect()
    finally:
        gc.enable()
    return durations, reference


def timed(name: str, durations: list[float], reference: tuple[str, list[float]]) -> Measured:
    """Give a figure of single calls: their median is what is wanted to be short."""
    label, theirs = reference
    median_ms, bare_ms = percentile(durations, 0.5), percentile(theirs, 0.5)
    return Measured(
        name=name,
        size=len(durations),
        seconds=round(sum(durations), 3),
        per_second=round(len(durations) / sum(durations), 1),
        p50_ms=median_ms,
        p99_ms=percentile(durations, 0.99),
        peak_mb=peak_mb(),
        reference={
            "name": label,
            "per_second": round(len(theirs) / sum(theirs), 1),
            "p50_ms": bare_ms,
        },
        ratio=round(median_ms / bare_ms, 4),
        wanted=0.0,
        machine=machine(),
        more={"wanted_ms": WANTED_MS},
        kept=median_ms < WANTED_MS,
    )


def _statement_files() -> Measured:
    """A statement of 100,000 rows (NHSA 3202), written and compared."""
    told: dict[str, Any] = import_module("bench.statement_files").measure()
    each_ms = round(told["seconds"] * 1000, 3)
    reference = told["reference"]
    return Measured(
        name="insurer: statement files",
        size=told["size"],
        seconds=told["seconds"],
        per_second=told["per_second"],
        p50_ms=each_ms,
        p99_ms=each_ms,
        peak_mb=told["peak_mb"],
        reference={**reference, "per_second": round(told["size"] / reference["seconds"], 1)},
        ratio=told["ratio"],
        wanted=0.0,
        machine=told["machine"],
        more={"wanted_seconds": 5.0, "wanted_mb": 200.0, "found": told["found"]},
        kept=told["reached"],
    )


def _simulated() -> Measured:
    """What the simulated insurer's own processor time lets one core do."""
    told: dict[str, float] = import_module("bench.simulated_insurer").measure(SIMULATED)
    each_ms = round(told["cpu_seconds_each"] * 1000, 3)
    return Measured(
        name="insurer: simulated, one core",
        size=int(told["transactions"]),
        seconds=round(told["seconds"], 3),
        per_second=round(told["per_cpu_second"], 1),
        p50_ms=each_ms,
        p99_ms=each_ms,
        peak_mb=round(told["memory_mb"], 1),
        reference={"name": "what is wanted of it", "per_second": WANTED_PER_SECOND},
        ratio=round(told["per_cpu_second"] / WANTED_PER_SECOND, 4),
        wanted=1.0,
        machine=machine(),
        more={"by_wall_clock": round(told["per_second"], 1)},
    )


def _endpoint() -> gateway.Endpoint:
    return gateway.Endpoint(
        base_url="http://127.0.0.1:1",
        access_key="ak",
        secret_key="sk",  # noqa: S106 - opens nothing
        fixmedins_code="H99010000001",
        fixmedins_name="示范市第一人民医院",
        mdtrtarea_admvs="990100",
        recer_sys_code="HIS",
        infver="V1.0",
        timeout_s=1,
    )


def _envelope(now: datetime) -> dict[str, Any]:
    """Give the frame around a 2204, every field of the table's own list."""
    (frame,) = layout("*", "in")
    said = {
        "infno": "2204",
        "msgid": "H99010000001202603021015000001",
        "mdtrtarea_admvs": "990100",
        "insuplc_admdvs": "990100",
        "recer_sys_code": "HIS",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": "yifu",
        "opter_name": "医付平台",
        "inf_time": f"{now:%Y-%m-%d %H:%M:%S}",
        "fixmedins_code": "H99010000001",
        "fixmedins_name": "示范市第一人民医院",
    }
    return {name: said.get(name, "") for name in frame.fields if name != "input"}


def _fee_upload(now: datetime) -> messages.Input:
    lines = [
        messages.FeeLine(
            feedetl_sn=str(number),
            occurred_at=now,
            national_code="XA01ABD075A002010100483",
            local_code=f"H{number:05d}",
            amount_fen=1230 + number,
            quantity=Decimal(1),
            unit_price_fen=Decimal(1230 + number),
        )
        for number in range(1, LINES + 1)
    ]
    return messages.fee_upload(
        psn_no="99010000000000000001",
        mdtrt_id="99010020260302100000001",
        batch_no="B1",
        lines=lines,
        department=messages.Department("D01", "全科", "A02"),
        doctor=messages.Doctor("D990100000001", "示例医生"),
    )
