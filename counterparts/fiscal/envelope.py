"""The platform's frame: Base64 of JSON, signed by MD5 with a shared key. Pure but for the noise."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from base64 import b64decode, b64encode
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

VERSION = "1.0"
YES = "S0000"
_PARTS = ("appid", "data", "noise", "sign", "version")


class Refused(Exception):
    """A request that the platform does not carry out."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class UnknownCaller(Exception):
    """The frame names no registered ``appid``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame as it comes in."""

    appid: str
    data: str
    noise: str
    sign: str
    version: str


def signature(*, appid: str, data: str, noise: str, key: str, version: str = VERSION) -> str:
    """Return the signature of a frame."""
    text = f"appid={appid}&data={data}&noise={noise}&key={key}&version={version}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def read_frame(body: bytes) -> Frame:
    """Return the frame in a request body, or raise UnknownCaller if it is none."""
    try:
        parts = json.loads(body)
    except ValueError as error:
        raise UnknownCaller from error
    if not isinstance(parts, dict) or any(not isinstance(parts.get(p), str) for p in _PARTS):
        raise UnknownCaller
    return Frame(**{part: parts[part] for part in _PARTS})


def open_frame(frame: Frame, key: str) -> dict[str, Any]:
    """Return the data of a frame; decimal numbers become Decimal.

    Raises:
        Refused: ``E0001`` for a false signature, ``E0002`` for data that is no JSON object.

    """
    expected = signature(
        appid=frame.appid, data=frame.data, noise=frame.noise, key=key, version=frame.version
    )
    if not hmac.compare_digest(expected.encode(), frame.sign.encode()):
        raise Refused("E0001", "签名验证失败")
    try:
        data = json.loads(
            b64decode(frame.data, validate=True),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
        )
        # What cannot be written down again (half a character) is no text either.
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        raise Refused("E0002", "data 不是 Base64 编码的 JSON") from error
    if not isinstance(data, dict):
        raise Refused("E0002", "data 不是 JSON 对象")
    return data


def seal(message: bytes, *, result: str, appid: str, key: str) -> dict[str, str]:
    """Return the frame that answers ``result`` with ``message``."""
    answer = {"result": result, "message": b64encode(message).decode()}
    data = b64encode(json.dumps(answer).encode()).decode()
    noise = uuid.uuid4().hex
    return {
        "appid": appid,
        "data": data,
        "noise": noise,
        "sign": signature(appid=appid, data=data, noise=noise, key=key),
        "version": VERSION,
    }


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
