"""How a service gateway knows its caller: one function by scheme, chosen per endpoint.

The national scheme is `gateway.gateway_headers`. What a gateway wants differs by region
(`regions/*/region.toml`); the messages behind it do not.
"""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Final

from yifu.insurance.gateway import Endpoint, NotSent, Scheme, gateway_headers

_NONCE_BYTES = 8
_MS_PER_S = 1000


def api_key(endpoint: Endpoint, *, infno: str, timestamp_ms: int) -> Mapping[str, str]:
    """Give one header with the key, no signature (Henan [C])."""
    del infno, timestamp_ms
    return {endpoint.header: endpoint.access_key}


def nonce_sha256(endpoint: Endpoint, *, infno: str, timestamp_ms: int) -> Mapping[str, str]:
    """Sign timestamp, secret and a number used once with SHA-256 (headers `x-tif-*` [B]).

    The timestamp is in seconds. The signature covers neither name nor body of the message.
    """
    del infno
    at = str(timestamp_ms // _MS_PER_S)
    nonce = secrets.token_hex(_NONCE_BYTES)
    signed = hashlib.sha256(f"{at}{endpoint.secret_key}{nonce}{at}".encode()).hexdigest()
    return {
        "x-tif-paasid": endpoint.access_key,
        "x-tif-timestamp": at,
        "x-tif-nonce": nonce,
        "x-tif-signature": signed,
    }


def not_spoken(endpoint: Endpoint, *, infno: str, timestamp_ms: int) -> Mapping[str, str]:
    """Keep a national message back where the insurer speaks a dialect. Raises `NotSent`."""
    del timestamp_ms
    raise NotSent(f"{endpoint.mdtrtarea_admvs}: {infno} is not spoken there")


SCHEMES: Final[Mapping[str, Scheme]] = {
    "hmac": gateway_headers,
    "apikey": api_key,
    "tif": nonce_sha256,
    "dialect": not_spoken,
}
