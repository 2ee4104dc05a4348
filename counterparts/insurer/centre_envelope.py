"""The payment centre's own envelope: SM2 and SM4 as its specification has them.

Points are homogeneous (X : Y : Z, x = X/Z, y = Y/Z) and are multiplied bit by bit, from the lowest,
with the point's doubles worked out beforehand. Nonces are random.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

USER_ID = b"1234567812345678"
VERSION = "2.0.1"
SKEW_SECONDS = 300

PRIME = 2**256 - 2**224 - 2**96 + 2**64 - 1
ORDER = int("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123", 16)
CONSTANT = int("28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93", 16)
GENERATOR = (
    int("32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7", 16),
    int("BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0", 16),
)
_BITS = 256
_OCTETS = 32
_HEX_KEY = 128

Place = tuple[int, int]
Homogeneous = tuple[int, int, int]
NOWHERE: Homogeneous = (0, 1, 0)


class EnvelopeError(Exception):
    """A message that the centre does not take; ``str()`` is the sentence it answers."""


# --- the curve --------------------------------------------------------------------------------


def on_curve(place: Place) -> bool:
    """Say whether a place lies on y² = x³ − 3x + b."""
    x, y = place
    return (y * y - (x * x - 3) * x - CONSTANT) % PRIME == 0


def slope_sum(one: Place, other: Place) -> Place | None:
    """Return the sum of two places by the slope between them; None is the point at infinity."""
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % PRIME == 0:
            return None
        slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, PRIME)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, PRIME)
    x3 = (slope * slope - x1 - x2) % PRIME
    return x3, (slope * (x1 - x3) - y1) % PRIME


@lru_cache(maxsize=128)
def doubles(place: Place) -> tuple[Place, ...]:
    """Return 1, 2, 4, … times a place. The order is a prime: none of them is infinity."""
    found = [place]
    for _ in range(_BITS - 1):
        twice = slope_sum(found[-1], found[-1])
        assert twice is not None  # noqa: S101 - a point of prime order
        found.append(twice)
    return tuple(found)


def plus(sum_: Homogeneous, place: Place) -> Homogeneous:
    """Add a place to a sum."""
    x1, y1, z1 = sum_
    x2, y2 = place
    if z1 == 0:
        return x2, y2, 1
    u = (y2 * z1 - y1) % PRIME
    v = (x2 * z1 - x1) % PRIME
    if v == 0:
        if u:
            return NOWHERE
        twice = slope_sum(place, place)
        return NOWHERE if twice is None else (*twice, 1)
    vv = v * v % PRIME
    vvv, common = v * vv % PRIME, vv * x1 % PRIME
    rest = (u * u * z1 - vvv - 2 * common) % PRIME
    return v * rest % PRIME, (u * (common - rest) - vvv * y1) % PRIME, vvv * z1 % PRIME


def times(number: int, place: Place, onto: Homogeneous = NOWHERE) -> Homogeneous:
    """Return ``onto`` and ``number`` times a place more."""
    for double in doubles(place):
        if number & 1:
            onto = plus(onto, double)
        number >>= 1
    return onto


def abscissa(sum_: Homogeneous) -> int:
    """Return x of a sum that is not infinity."""
    return sum_[0] * pow(sum_[2], -1, PRIME) % PRIME


def located(sum_: Homogeneous) -> Place:
    """Return a sum as a place."""
    inverse = pow(sum_[2], -1, PRIME)
    return sum_[0] * inverse % PRIME, sum_[1] * inverse % PRIME


# --- keys and signatures ------------------------------------------------------------------------


def new_secret() -> int:
    """Return a new private key."""
    return secrets.randbelow(ORDER - 2) + 1


def public_of(secret: int) -> str:
    """Return the public key of a private one: 04, x, y in hex."""
    x, y = located(times(secret, GENERATOR))
    return f"04{x:064x}{y:064x}"


def place_of(public: str) -> Place:
    """Return the place a public key names.

    Raises ValueError if it names none on the curve.
    """
    digits = public[2:] if len(public) == _HEX_KEY + 2 and public.startswith("04") else public
    if len(digits) != _HEX_KEY:
        raise ValueError("a public key: 04 and 128 hexadecimal digits")
    place = int(digits[:64], 16), int(digits[64:], 16)
    if max(place) >= PRIME or not on_curve(place):
        raise ValueError("a public key: not a point of the curve")
    return place


def sm3(content: bytes) -> bytes:
    """Return the SM3 digest."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


@lru_cache(maxsize=128)
def signer_digest(place: Place, user_id: bytes) -> bytes:
    """Return ZA: who signs, on which curve, with which key."""
    numbers = (PRIME - 3, CONSTANT, GENERATOR[0], GENERATOR[1], place[0], place[1])
    octets = b"".join(number.to_bytes(_OCTETS, "big") for number in numbers)
    return sm3(len(user_id * 8).to_bytes(2, "big") + user_id + octets)


def signature_of(content: bytes, secret: int, *, user_id: bytes = USER_ID) -> bytes:
    """Return r and s, 32 bytes each."""
    place = place_of(public_of(secret)) if secret not in _PLACES else _PLACES[secret]
    _PLACES[secret] = place
    digest = int.from_bytes(sm3(signer_digest(place, user_id) + content), "big")
    while True:
        nonce = secrets.randbelow(ORDER - 1) + 1
        r = (digest + abscissa(times(nonce, GENERATOR))) % ORDER
        s = pow(1 + secret, ORDER - 2, ORDER) * (nonce - r * secret) % ORDER
        if r and s and r + nonce != ORDER:
            return r.to_bytes(_OCTETS, "big") + s.to_bytes(_OCTETS, "big")


_PLACES: dict[int, Place] = {}


def is_signed(content: bytes, signature: bytes, place: Place, *, user_id: bytes = USER_ID) -> bool:
    """Say whether a signature of ``content`` was made with the private key of ``place``."""
    if len(signature) != 2 * _OCTETS:
        return False
    r, s = (int.from_bytes(part, "big") for part in (signature[:_OCTETS], signature[_OCTETS:]))
    if not (0 < r < ORDER and 0 < s < ORDER) or (r + s) % ORDER == 0:
        return False
    where = times((r + s) % ORDER, place, times(s, GENERATOR))
    if where[2] == 0:
        return False
    digest = int.from_bytes(sm3(signer_digest(place, user_id) + content), "big")
    return (digest + abscissa(where)) % ORDER == r


# --- the envelope -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An application of a hospital at the centre, and the centre's key towards it."""

    app_id: str
    app_secret: str = field(repr=False)
    place: Place
    secret: int = field(repr=False)


def sealed(
    app: App, content: dict[str, Any] | None, *, timestamp: int, **frame: object
) -> dict[str, Any]:
    """Return an envelope with ``content`` encrypted and all of it signed."""
    message: dict[str, Any] = {
        "appId": app.app_id,
        "encType": "SM4",
        "signType": "SM2",
        "timestamp": str(timestamp),
        "version": VERSION,
        **frame,
    }
    if content is not None:
        message["data"] = content
    signature = signature_of(to_sign(message, app.app_secret), app.secret)
    message["signData"] = base64.b64encode(signature).decode()
    if content is not None:
        del message["data"]
        message["encData"] = hidden(as_json(pruned(content)).encode(), app).hex().upper()
    return message


def opened(app: App, message: dict[str, Any], *, now: int) -> dict[str, Any]:
    """Return the data of a hospital's message.

    Raises EnvelopeError naming what is wrong: time, cipher text, or signature.
    """
    timestamp = str(message.get("timestamp", ""))
    if not timestamp.isdigit() or not timestamp.isascii():
        raise EnvelopeError("timestamp 格式错误")
    seconds = int(timestamp) // (1000 if len(timestamp) == 13 else 1)  # noqa: PLR2004 - ms
    if abs(seconds - now) > SKEW_SECONDS:
        raise EnvelopeError("timestamp 报文已过期")
    try:
        data = read_json(shown(bytes.fromhex(message["encData"]), app))
        signature = base64.b64decode(message["signData"], validate=True)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise EnvelopeError("encData 解密失败") from error
    if not isinstance(data, dict):
        raise EnvelopeError("encData 应为对象")
    if not is_signed(to_sign({**message, "data": data}, app.app_secret), signature, app.place):
        raise EnvelopeError("signData 验签失败")
    return data


def to_sign(message: dict[str, Any], app_secret: str) -> bytes:
    """Return the text under a signature: what has a value, by name, and the secret at the end."""
    said = pruned(
        {key: one for key, one in message.items() if key not in {"signData", "encData", "extra"}}
    )
    lines = []
    for key in sorted(said):
        value = said[key]
        lines.append(f"{key}={value if isinstance(value, str) else as_json(value)}")
    lines.append(f"key={app_secret}")
    return "&".join(lines).encode()


def pruned(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value without what is null or an empty text."""
    match value:
        case dict():
            return {key: pruned(one) for key, one in value.items() if one not in (None, "")}
        case list():
            return list(map(pruned, value))
    return value


class _Digits(float):
    """A number that is written as it was read."""

    text: str

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        made.text = text
        return made


def read_json(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return JSON whose numbers remember how they were written."""
    return json.loads(content.decode(), parse_float=_Digits)


def as_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return compact JSON with sorted names; numbers keep their digits."""
    match value:
        case dict():
            inner = ",".join(f"{as_json(key)}:{as_json(value[key])}" for key in sorted(value))
            return "{" + inner + "}"
        case list():
            return "[" + ",".join(map(as_json, value)) + "]"
        case _Digits():
            return value.text
        case Decimal():
            return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


def data_key(app: App) -> bytes:
    """Return the SM4 key of an application."""
    return _derived(app.app_id, app.app_secret)


@lru_cache(maxsize=128)
def _derived(app_id: str, app_secret: str) -> bytes:
    content = _crypt(app_id[:16].encode(), _padded(app_secret.encode()), encrypting=True)
    return content.hex().upper().encode()[:16]


def hidden(content: bytes, app: App) -> bytes:
    """Return content encrypted for an application."""
    return _crypt(data_key(app), _padded(content), encrypting=True)


def shown(content: bytes, app: App) -> bytes:
    """Return what an application encrypted.

    Raises ValueError if it did not.
    """
    plain = _crypt(data_key(app), content, encrypting=False)
    remover = padding.PKCS7(128).unpadder()
    return remover.update(plain) + remover.finalize()


def _padded(content: bytes) -> bytes:
    adder = padding.PKCS7(128).padder()
    return adder.update(content) + adder.finalize()


def _crypt(key: bytes, content: bytes, *, encrypting: bool) -> bytes:
    cipher = Cipher(algorithms.SM4(key), modes.ECB())  # noqa: S305 - as specified
    work = cipher.encryptor() if encrypting else cipher.decryptor()
    return work.update(content) + work.finalize()
