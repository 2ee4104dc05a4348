"""The gateways that stand in front of insurers: each at its address, each with its own check.

``hmac`` is the national one (``gateway``). ``apikey`` wants one header with the key and nothing
else. ``tif`` wants ``x-tif-paasid``, ``x-tif-timestamp`` (seconds), ``x-tif-nonce``, used once, and
``x-tif-signature``, the SHA-256 of timestamp, secret key, nonce and timestamp. ``shanghai`` has no
gateway: its messages come through a closed network at an address of their own
(``shanghai_front``). An institution comes through one of them, and is unknown to the others.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counterparts.insurer import gateway
from counterparts.insurer.gateway import SKEW_MILLISECONDS, GatewayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from counterparts.insurer.books import Books
    from counterparts.insurer.records import Institution

DEFAULT = "hmac"
SCHEMES = ("hmac", "apikey", "tif", "shanghai")
ADDRESSES: Mapping[str, str] = {
    "/fsi/api/rsfComIfsService/callService": "hmac",
    "/hss-call-service-interface": "apikey",
    "/ebus/fsi/callService": "tif",
}
_TIF = ("x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature")
_LONGEST_NONCE = 64
_MISSING, _STALE, _UNKNOWN, _WRONG, _REPLAYED = (
    "缺少服务网关的请求头!",
    "签名时间戳超时!",
    "非法用户!",
    "签名不一致!",
    "随机数重复!",
)


@dataclass(slots=True)
class Gateways:
    """Who may call through which gateway, and which numbers have been used."""

    default: str = DEFAULT
    by_access_key: dict[str, Institution] = field(default_factory=dict)
    by_code: dict[str, Institution] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)
    nonces: dict[str, int] = field(default_factory=dict)

    def reload(self, books: Books) -> None:
        """Take notice of changed institutions."""
        institutions = books.institutions()
        self.by_access_key = {one.access_key: one for one in institutions}
        self.by_code = {one.fixmedins_code: one for one in institutions}
        self.schemes = schemes_of(books)

    def scheme_of(self, institution: Institution) -> str:
        """Return which gateway an institution comes through."""
        return self.schemes.get(institution.fixmedins_code, self.default)

    def check(
        self, scheme: str, headers: Mapping[str, str], *, now_ms: int
    ) -> tuple[Institution, str]:
        """Return who calls and the transaction they announced ("" where a gateway has none).

        Raises GatewayError.
        """
        if scheme == "hmac":
            key, name = gateway.check(headers, self._secret_key_of, now_ms=now_ms)
        elif scheme == "apikey":
            key, name = _api_key(headers), ""
        else:
            key, name = self._tif(headers, now_ms=now_ms), ""
        institution = self.by_access_key.get(key)
        if institution is None or self.scheme_of(institution) != scheme:
            raise GatewayError(_UNKNOWN)
        if scheme == "tif":
            self._use_once(key, headers["x-tif-nonce"], now_ms=now_ms)
        return institution, name

    def _secret_key_of(self, access_key: str) -> bytes | None:
        institution = self.by_access_key.get(access_key)
        return None if institution is None else institution.secret_key.encode()

    def _tif(self, headers: Mapping[str, str], *, now_ms: int) -> str:
        try:
            key, at, nonce, signed = (headers[name] for name in _TIF)
        except KeyError as error:
            raise GatewayError(_MISSING) from error
        if not (at.isascii() and at.isdigit()) or abs(int(at) * 1000 - now_ms) > SKEW_MILLISECONDS:
            raise GatewayError(_STALE)
        secret = self._secret_key_of(key)
        if secret is None:
            raise GatewayError(_UNKNOWN)
        text = at.encode() + secret + nonce.encode() + at.encode()
        wanted = hashlib.sha256(text).hexdigest()
        if not hmac.compare_digest(wanted.encode(), signed.lower().encode()):
            raise GatewayError(_WRONG)
        return key

    def _use_once(self, key: str, nonce: str, *, now_ms: int) -> None:
        """Remember a number for as long as its timestamp would pass."""
        mark = f"{key} {nonce}"
        if not 0 < len(nonce) <= _LONGEST_NONCE:
            raise GatewayError(_MISSING)
        if now_ms - self.nonces.get(mark, -SKEW_MILLISECONDS * 3) <= 2 * SKEW_MILLISECONDS:
            raise GatewayError(_REPLAYED)
        self.nonces[mark] = now_ms
        oldest = next(iter(self.nonces))
        if now_ms - self.nonces[oldest] > 2 * SKEW_MILLISECONDS:
            del self.nonces[oldest]


def _api_key(headers: Mapping[str, str]) -> str:
    try:
        return headers["apikey"]
    except KeyError as error:
        raise GatewayError(_MISSING) from error


def schemes_of(books: Books) -> dict[str, str]:
    """Return the gateways of institutions that said which is theirs."""
    return dict(books.db.execute("SELECT fixmedins_code, scheme FROM gateway_schemes").fetchall())


def put_schemes(books: Books, rows: Iterable[tuple[str, str]]) -> None:
    """Say which gateway institutions come through; "" leaves it to the default."""
    for code, scheme in rows:
        if scheme:
            query = "INSERT OR REPLACE INTO gateway_schemes VALUES (?, ?)"
            books.db.execute(query, (code, scheme))
        else:
            books.db.execute("DELETE FROM gateway_schemes WHERE fixmedins_code = ?", (code,))
