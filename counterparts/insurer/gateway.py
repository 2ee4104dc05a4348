"""The service gateway in front of the insurer: who calls, and is the signature theirs.

The signature is Base64(HMAC-SHA1(secret key, the other four headers as ``name=value`` joined by
``&`` in the order of their names)). The timestamp is compared with real time even when the day is
simulated, because gateways do not know about simulations.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIGNED_HEADERS = ("_api_access_key", "_api_name", "_api_timestamp", "_api_version")
SIGNATURE_HEADER = "_api_signature"
SKEW_MILLISECONDS = 30 * 60 * 1000
_TIMESTAMP_DIGITS = 13


class GatewayError(Exception):
    """The gateway sends the caller away; ``str()`` is the message it gives."""


def signature(values: tuple[str, ...], secret_key: bytes) -> bytes:
    """Return the signature of the values of :data:`SIGNED_HEADERS`."""
    pairs = zip(SIGNED_HEADERS, values, strict=True)
    text = "&".join(f"{name}={value}" for name, value in pairs)
    return base64.b64encode(hmac.digest(secret_key, text.encode(), "sha1"))


def check(
    headers: Mapping[str, str], secret_key_of: Callable[[str], bytes | None], *, now_ms: int
) -> tuple[str, str]:
    """Return (access key, transaction name) of a caller whose signature is right.

    Raises GatewayError.
    """
    try:
        values = tuple(headers[name] for name in SIGNED_HEADERS)
        signed = headers[SIGNATURE_HEADER]
    except KeyError as error:
        raise GatewayError("缺少服务网关的请求头!") from error
    access_key, name, timestamp, _version = values
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == _TIMESTAMP_DIGITS):
        raise GatewayError("签名时间戳超时!")
    if abs(int(timestamp) - now_ms) > SKEW_MILLISECONDS:
        raise GatewayError("签名时间戳超时!")
    secret_key = secret_key_of(access_key)
    if secret_key is None:
        raise GatewayError("非法用户!")
    if not hmac.compare_digest(signature(values, secret_key), signed.encode()):
        raise GatewayError("签名不一致!")
    return access_key, name
