"""The payment centre's envelope: SM4 over the data, an SM2 signature over the sorted text.

`seal` wraps what we send; `unseal` opens an answer or a callback and believes it only if it is the
centre's, fresh, and not one that was opened before. Whatever is wrong comes as one `BadEnvelope`
whose `fact` says which. The plain text of a message is never part of an error.

Signing covers what is meant, not what is sent: keys sorted, empty values out, compact JSON. Numbers
keep the digits they came with (12.30 stays 12.30), or the other side's signature could not be
checked. SM4 in ECB mode hides little of repetitions; it is the centre's choice, and what protects
a message from being changed is the signature. (Channels §2.1, the payment centre's envelope.)
"""

import base64
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

import orjson
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.padding import PKCS7

from yifu.insurance.mobile import sm2
from yifu.insurance.mobile.sm2 import PrivateKey, PublicKey

VERSION = "2.0.1"
MAX_AGE_S = 300
"""How far a message's time may be from ours, in seconds, either way."""

_UNSIGNED = frozenset({"signData", "encData", "extra"})
_BLOCK_BITS = 128
_KEY_CHARACTERS = 16
_MILLISECONDS_FROM = 10**11
"""Times are seconds, or milliseconds from this number on."""


class BadEnvelope(ValueError):
    """A message that is not to be believed; `fact` says why, in one word."""

    def __init__(self, fact: str, detail: str = "") -> None:
        super().__init__(f"{fact}: {detail}" if detail else fact)
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Keys:
    """What one application (`app_id`) and the centre know of each other.

    Raises `ValueError` for an `app_id` that is too short to make a key from.
    """

    app_id: str
    app_secret: str = field(repr=False)
    private: PrivateKey
    centre: PublicKey
    user_id: str = sm2.DEFAULT_USER_ID
    version: str = VERSION

    def __post_init__(self) -> None:
        if len(self.app_id.encode()) < _KEY_CHARACTERS or not self.app_secret:
            raise ValueError("app_id: at least sixteen characters; app_secret: at least one")


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that is the centre's. `frame` is all of it but data and signature."""

    data: dict[str, Any] = field(repr=False)
    frame: dict[str, Any]


class Seen:
    """The signatures met within the time a message is fresh: none is taken twice."""

    def __init__(self, *, max_age_s: int = MAX_AGE_S) -> None:
        self._max_age_s = max_age_s
        self._seen: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def first_time(self, signature: str, *, now_s: int) -> bool:
        """Remember a signature; False when it was met before."""
        with self._lock:
            while self._seen:
                oldest, until = next(iter(self._seen.items()))
                if until > now_s:
                    break
                del self._seen[oldest]
            if signature in self._seen:
                return False
            # Twice: a message may be as far ahead of our clock as behind it.
            self._seen[signature] = now_s + 2 * self._max_age_s
            return True


def seal(data: dict[str, Any], keys: Keys, *, trans_type: str, now_s: int) -> bytes:
    """Encrypt and sign what we send; `now_s` is real time, in seconds since 1970."""
    kept = without_empty(data)
    frame: dict[str, Any] = {
        "appId": keys.app_id,
        "transType": trans_type,
        "encType": "SM4",
        "signType": "SM2",
        "timestamp": str(now_s),
        "version": keys.version,
    }
    written = compact(kept)
    text = sign_text(frame, written, keys.app_secret)
    signature = sm2.sign(keys.private, text, user_id=keys.user_id)
    frame["encData"] = encrypt(written, keys).hex().upper()
    frame["signData"] = base64.b64encode(signature).decode()
    return orjson.dumps(frame)


def unseal(
    body: bytes,
    keys: Keys,
    *,
    now_s: int,
    seen: Seen | None = None,
    max_age_s: int = MAX_AGE_S,
) -> Opened:
    """Open a message of the centre. Raises `BadEnvelope`, whose `fact` is one of these.

    `malformed`, `foreign` (another application's), `scheme` (other ciphers than SM2 and SM4),
    `stale`, `undecipherable`, `signature`, `replayed` (only with `seen`).
    """
    frame = _read(body, "malformed")
    if frame.get("appId") != keys.app_id:
        raise BadEnvelope("foreign", "another appId")
    if (frame.get("signType"), frame.get("encType", "SM4")) != ("SM2", "SM4"):
        raise BadEnvelope("scheme", "not SM2 and SM4")
    if abs(now_s - _seconds(frame.get("timestamp"))) > max_age_s:
        raise BadEnvelope("stale", f"not of the last {max_age_s} s")
    data = _data(frame, keys)
    signature = _signature(frame)
    text = _signed(frame, data, keys)
    if not sm2.verify(keys.centre, text, signature, user_id=keys.user_id):
        raise BadEnvelope("signature", "not the centre's")
    if seen is not None and not seen.first_time(frame["signData"], now_s=now_s):
        raise BadEnvelope("replayed", "met before")
    rest = {name: value for name, value in frame.items() if name not in (*_UNSIGNED, "data")}
    return Opened(data or {}, rest)


def sign_text(frame: dict[str, Any], written: bytes, app_secret: str) -> bytes:
    """Write what is signed: the frame's values and the data by name, then the secret."""
    parts = {
        name: compact(value) if isinstance(value, dict | list) else _plain(value)
        for name, value in frame.items()
        if name not in _UNSIGNED and name != "data" and value not in (None, "")
    }
    if written:
        parts["data"] = written
    pairs = [name.encode() + b"=" + parts[name] for name in sorted(parts)]
    return b"&".join((*pairs, b"key=" + app_secret.encode()))


def without_empty(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out what has no value (null or an empty text), within lists and objects too."""
    if isinstance(value, dict):
        return {
            name: without_empty(one) if isinstance(one, dict | list) else one
            for name, one in value.items()
            if one is not None and one != ""
        }
    if isinstance(value, list):
        return [without_empty(one) for one in value]
    return value


def compact(value: object) -> bytes:
    """Write JSON as it is signed: names sorted, nothing between, numbers by their digits."""
    return orjson.dumps(value, default=_exact, option=orjson.OPT_SORT_KEYS)


def encrypt(plain: bytes, keys: Keys) -> bytes:
    """Encrypt with the application's SM4 key."""
    return _sm4(_data_key(keys.app_id, keys.app_secret), plain)


def decrypt(hidden: bytes, keys: Keys) -> bytes:
    """Show what was encrypted; raises `ValueError` for what was not."""
    decryptor = _cipher(_data_key(keys.app_id, keys.app_secret)).decryptor()
    unpadder = PKCS7(_BLOCK_BITS).unpadder()
    padded = decryptor.update(hidden) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


@lru_cache(maxsize=256)
def _data_key(app_id: str, app_secret: str) -> bytes:
    """Derive the key: the secret under the application's name, half of it, in hex."""
    hidden = _sm4(app_id.encode()[:_KEY_CHARACTERS], app_secret.encode())
    return hidden.hex().upper()[:_KEY_CHARACTERS].encode()


def _sm4(key: bytes, plain: bytes) -> bytes:
    padder = PKCS7(_BLOCK_BITS).padder()
    encryptor = _cipher(key).encryptor()
    return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(SM4(key), modes.ECB())  # noqa: S305 - the centre's protocol has no other


def _data(frame: dict[str, Any], keys: Keys) -> dict[str, Any] | None:
    """Give the data, encrypted or plain; None where there is none, as in a refusal."""
    hidden = frame.get("encData")
    if hidden in (None, ""):
        data = frame.get("data")
        if data in (None, ""):
            return None
        if not isinstance(data, dict):
            raise BadEnvelope("malformed", "data is not an object")
        return data
    try:
        plain = decrypt(bytes.fromhex(hidden), keys)
    except (TypeError, ValueError):
        raise BadEnvelope("undecipherable") from None
    return _read(plain, "undecipherable")


def _signed(frame: dict[str, Any], data: dict[str, Any] | None, keys: Keys) -> bytes:
    try:
        written = b"" if data is None else compact(without_empty(data))
        return sign_text(frame, written, keys.app_secret)
    except (TypeError, ValueError):
        raise BadEnvelope("malformed", "not to be written again") from None


def _signature(frame: dict[str, Any]) -> bytes:
    """Read the signature; one spelling only, or one could be shown twice."""
    text = frame.get("signData")
    try:
        raw = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        raw = b""
    if not raw or base64.b64encode(raw).decode() != text:
        raise BadEnvelope("signature", "none that can be read")
    return raw


def _seconds(timestamp: object) -> int:
    """Read a time as seconds since 1970; both units are met."""
    text = str(timestamp)
    if not (text.isascii() and text.isdigit() and len(text) <= 13):  # noqa: PLR2004 - milliseconds
        raise BadEnvelope("malformed", "timestamp")
    number = int(text)
    return number // 1000 if number >= _MILLISECONDS_FROM else number


def _read(body: bytes, fact: str) -> dict[str, Any]:
    """Read a JSON object; numbers with a point become Decimal, so that no digit is lost."""
    try:
        said = _JSON.decode(body.decode())
    except (ValueError, RecursionError):
        raise BadEnvelope(fact, "not JSON") from None
    if not isinstance(said, dict):
        raise BadEnvelope(fact, "not an object")
    return said


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)


def _plain(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else compact(value)


def _exact(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        text = str(value)
        return orjson.Fragment(f"{value:f}" if "E" in text else text)
    raise TypeError(f"no JSON for {type(value).__name__}")
