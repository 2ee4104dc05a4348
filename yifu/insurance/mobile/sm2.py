"""SM2 signatures (GB/T 32918.2, with SM3) on Python's integers.

Points are multiplied by tables of their multiples: G's, and one for each public key that is met,
made at its first use. A signature takes about half a millisecond, as does its check.

Python's integers do not take constant time. A nonce is therefore multiplied in two random shares,
so that the time tells nothing about it, and is never chosen by randomness alone: a bad generator
cannot repeat one for two texts.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from functools import cache, lru_cache

from cryptography.hazmat.primitives.hashes import SM3, Hash

DEFAULT_USER_ID = "1234567812345678"
"""What the standard's own examples sign as, and everybody who was told nothing else."""

SIGNATURE_BYTES = 64

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_BYTES = 32
_WINDOW_BITS = 4
_WINDOWS = 256 // _WINDOW_BITS
_DIGITS = 2**_WINDOW_BITS

Point = tuple[int, int]
Jacobian = tuple[int, int, int]
"""x/z², y/z³; z = 0 is the point at infinity."""

Table = tuple[tuple[Point, ...], ...]
"""For each window of four bits the multiples 1 to 15 of the point at that place."""

_INFINITY: Jacobian = (1, 1, 0)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point on the curve. Raises `ValueError` for one that is not."""

    x: int
    y: int

    def __post_init__(self) -> None:
        within = 0 <= self.x < _P and 0 <= self.y < _P
        if not within or (self.y * self.y - self.x**3 - _A * self.x - _B) % _P:
            raise ValueError("not a point of the SM2 curve")

    @classmethod
    def from_hex(cls, text: str) -> "PublicKey":
        """Read x‖y in hex, with or without the leading 04. Raises `ValueError`."""
        raw = bytes.fromhex(text)
        if len(raw) == 2 * _BYTES + 1 and raw[0] == 4:  # noqa: PLR2004 - uncompressed, SEC 1
            raw = raw[1:]
        if len(raw) != 2 * _BYTES:
            raise ValueError("a public key is 64 bytes, x and y")
        return cls(int.from_bytes(raw[:_BYTES]), int.from_bytes(raw[_BYTES:]))

    def to_hex(self) -> str:
        """Write 04‖x‖y in hex."""
        return "04" + (_bytes(self.x) + _bytes(self.y)).hex()


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A number between 1 and n − 2. Raises `ValueError` for any other."""

    d: int = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.d <= _N - 2:
            raise ValueError("not a private key of the SM2 curve")

    @classmethod
    def from_hex(cls, text: str) -> "PrivateKey":
        """Read 32 bytes in hex. Raises `ValueError`."""
        if len(text) != 2 * _BYTES:
            raise ValueError("a private key is 32 bytes")
        return cls(int.from_bytes(bytes.fromhex(text)))

    @classmethod
    def generate(cls) -> "PrivateKey":
        """Draw a key."""
        return cls(secrets.randbelow(_N - 2) + 1)

    def to_hex(self) -> str:
        """Write it in hex."""
        return _bytes(self.d).hex()

    def public(self) -> PublicKey:
        """Give the key that checks what this one signs."""
        return _public(self)


def sign(key: PrivateKey, text: bytes, *, user_id: str = DEFAULT_USER_ID) -> bytes:
    """Sign a text (SM3withSM2); r‖s, 64 bytes, another one each time."""
    digest = digest_of(_public(key), text, user_id=user_id)
    while True:
        signature = sign_digest(key, digest, nonce=_nonce(key, digest))
        if signature is not None:
            return signature


def sign_digest(key: PrivateKey, digest: int, *, nonce: int) -> bytes | None:
    """Sign with a given nonce; None for the few in 2²⁵⁶ with which nothing may be signed."""
    share = secrets.randbelow(_N)
    x, _ = _affine(_sum(_table(_G), share, _sum(_table(_G), (nonce - share) % _N)))
    r = (digest + x) % _N
    if r == 0 or r + nonce == _N:
        return None
    s = _inverse_of(key) * (nonce - r * key.d) % _N
    return _bytes(r) + _bytes(s) if s else None


def verify(
    key: PublicKey, text: bytes, signature: bytes, *, user_id: str = DEFAULT_USER_ID
) -> bool:
    """Say whether a signature is the key owner's for this text."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:_BYTES]), int.from_bytes(signature[_BYTES:])
    if not (1 <= r < _N and 1 <= s < _N):
        return False
    t = (r + s) % _N
    if t == 0:
        return False
    point = _sum(_table((key.x, key.y)), t, _sum(_table(_G), s))
    if point[2] == 0:
        return False
    return (digest_of(key, text, user_id=user_id) + _affine(point)[0]) % _N == r


def digest_of(key: PublicKey, text: bytes, *, user_id: str = DEFAULT_USER_ID) -> int:
    """Digest a text together with who signs it, as the standard wants (e)."""
    return int.from_bytes(_sm3(_identity(key, user_id) + text))


@lru_cache(maxsize=256)
def _identity(key: PublicKey, user_id: str) -> bytes:
    name = user_id.encode()
    parts = (_A, _B, *_G, key.x, key.y)
    return _sm3((8 * len(name)).to_bytes(2) + name + b"".join(map(_bytes, parts)))


def _sm3(text: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(text)
    return digest.finalize()


def _nonce(key: PrivateKey, digest: int) -> int:
    """Draw a nonce out of key, text and randomness; 512 bits leave no measurable bias."""
    drawn = hmac.digest(_bytes(key.d), _bytes(digest) + secrets.token_bytes(_BYTES), "sha512")
    return int.from_bytes(drawn) % (_N - 1) + 1


def _bytes(number: int) -> bytes:
    return number.to_bytes(_BYTES)


@cache
def _public(key: PrivateKey) -> PublicKey:
    return PublicKey(*_affine(_sum(_table(_G), key.d)))


@cache
def _inverse_of(key: PrivateKey) -> int:
    return pow(1 + key.d, -1, _N)


def _double(point: Jacobian) -> Jacobian:
    x, y, z = point
    delta, gamma = z * z % _P, y * y % _P
    beta = x * gamma % _P
    alpha = 3 * (x - delta) * (x + delta) % _P
    doubled = (alpha * alpha - 8 * beta) % _P
    height = (alpha * (4 * beta - doubled) - 8 * gamma * gamma) % _P
    return doubled, height, 2 * y * z % _P


def _add(point: Jacobian, other: Point) -> Jacobian:
    x1, y1, z1 = point
    x2, y2 = other
    if not z1:
        return x2, y2, 1
    square = z1 * z1 % _P
    h = (x2 * square - x1) % _P
    r = (y2 * square * z1 - y1) % _P
    if not h:
        return _INFINITY if r else _double(point)
    h2 = h * h % _P
    h3, v = h * h2 % _P, x1 * h2 % _P
    x3 = (r * r - h3 - 2 * v) % _P
    return x3, (r * (v - x3) - y1 * h3) % _P, z1 * h % _P


def _affine(point: Jacobian) -> Point:
    x, y, z = point
    inverse = pow(z, -1, _P)
    square = inverse * inverse % _P
    return x * square % _P, y * square * inverse % _P


def _sum(table: Table, times: int, start: Jacobian = _INFINITY) -> Jacobian:
    """Add `times` the table's point to `start`."""
    for row in table:
        digit = times % _DIGITS
        times >>= _WINDOW_BITS
        if digit:
            start = _add(start, row[digit - 1])
    return start


@lru_cache(maxsize=64)
def _table(point: Point) -> Table:
    """Work out a point's multiples; about 10 ms, so they are kept."""
    base: Jacobian = (*point, 1)
    flat: list[Jacobian] = []
    for _ in range(_WINDOWS):
        corner = _affine(base)
        multiple: Jacobian = _INFINITY
        for _ in range(1, _DIGITS):
            multiple = _add(multiple, corner)
            flat.append(multiple)
        base = _add(multiple, corner)
    points = _all_affine(flat)
    step = _DIGITS - 1
    return tuple(tuple(points[at : at + step]) for at in range(0, len(points), step))


def _all_affine(points: list[Jacobian]) -> list[Point]:
    """Divide all of them by their z with one inversion; none is infinity."""
    products, product = [], 1
    for _, _, z in points:
        products.append(product)
        product = product * z % _P
    inverse = pow(product, -1, _P)
    found: list[Point] = []
    for (x, y, z), before in zip(reversed(points), reversed(products), strict=True):
        one = inverse * before % _P
        inverse = inverse * z % _P
        square = one * one % _P
        found.append((x * square % _P, y * square * one % _P))
    return found[::-1]
