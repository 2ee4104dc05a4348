"""The payment centre's envelope: a message of fifty lines sealed by SM4 and SM2, and opened again.

The reference does the bare minimum with the same data: JSON, AES and an HMAC, both ways.
"""

import hmac
import json
from datetime import datetime
from importlib import import_module
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bench.report import Measured

LINES = 50
_APP_SECRET = "4117E877F5FA0A0188891283E4B617D5"  # noqa: S105 - opens nothing
_AES_KEY, _BLOCK = b"0123456789abcdef", 16


def measured(size: int, *, now: datetime) -> Measured:
    """Measure sealing and opening together."""
    envelope: Any = import_module("yifu.insurance.mobile.envelope")
    sm2: Any = import_module("yifu.insurance.mobile.sm2")
    bench: Any = import_module("bench.insurer")
    private = sm2.PrivateKey.generate()
    keys = envelope.Keys("19E179E5DC29C05E65B90CDE57A1C7E5", _APP_SECRET, private, private.public())
    data, now_s = _data(), int(now.timestamp())

    def ours() -> None:
        sealed = envelope.seal(data, keys, trans_type="ehc.ampc.fee.upload", now_s=now_s)
        envelope.unseal(sealed, keys, now_s=now_s)

    def bare() -> None:
        written = json.dumps(data, ensure_ascii=False).encode()
        padded = written + b" " * (-len(written) % _BLOCK)
        cipher = Cipher(algorithms.AES(_AES_KEY), modes.ECB())  # noqa: S305 - as the centre's SM4
        hidden = cipher.encryptor().update(padded)
        hmac.digest(b"sk", written, "sha256")
        json.loads(cipher.decryptor().update(hidden))

    durations, reference = bench.by_turns(ours, bare, size)
    figure: Measured = bench.timed(
        "insurer: envelope sealed, opened", durations, ("JSON, AES and HMAC", reference)
    )
    return figure


def _data() -> dict[str, Any]:
    line = {
        "mdtrtId": "99010020260302100000001",
        "psnNo": "99010000000000000001",
        "medListCodg": "XA01ABD075A002010100483",
        "medinsListCodg": "H00001",
        "detItemFeeSumamt": "12.30",
        "cnt": "1",
        "pric": "12.30",
        "bilgDeptCodg": "D01",
        "bilgDeptName": "全科",
        "bilgDrName": "示例医生",
    }
    lines = [line | {"feedetlSn": str(number)} for number in range(1, LINES + 1)]
    return {"orgCodg": "H99010000001", "medfeeSumamt": "615.00", "feedetailList": lines}
