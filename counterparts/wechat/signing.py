"""API v3's signatures and encryption.

A request's ``Authorization`` signs method, URL, timestamp, nonce and body with the merchant's key;
an answer's or notification's ``Wechatpay-*`` headers sign timestamp, nonce and body with the
platform's. Notifications carry their content under AES-256-GCM with the merchant's APIv3 key.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from counterparts.wechat.errors import sign_error

if TYPE_CHECKING:
    from pathlib import Path

SCHEME = "WECHATPAY2-SHA256-RSA2048"
LONGEST_AGE_SECONDS = 300
_PARTS = ("mchid", "nonce_str", "timestamp", "serial_no", "signature")
_PART = re.compile(r'(\w+)="([^"]*)"')
_KEY_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What a request says of its sender, and its signature."""

    mchid: str
    nonce_str: str
    timestamp: str
    serial_no: str
    signature: str


def read_authorization(header: str) -> Authorization:
    """Return the parts of an ``Authorization`` header.

    Raises:
        V3Error: ``SIGN_ERROR`` if it is of another scheme or lacks a part.

    """
    scheme, _, rest = header.partition(" ")
    parts = dict(_PART.findall(rest))
    if scheme != SCHEME or any(not parts.get(name) for name in _PARTS):
        raise sign_error("Authorization")
    return Authorization(**{name: parts[name] for name in _PARTS})


def check_request(
    authorization: Authorization,
    public_key: rsa.RSAPublicKey,
    *,
    signed: tuple[str, str, bytes],
    now: int,
) -> None:
    """Check the signature over ``signed`` = (method, path with query, body) at ``now`` (seconds).

    Raises:
        V3Error: ``SIGN_ERROR`` if it is older than five minutes or does not fit.

    """
    stamp = authorization.timestamp
    if not stamp.isdecimal() or abs(now - int(stamp)) > LONGEST_AGE_SECONDS:
        raise sign_error("时间戳已过期")
    method, url, body = signed
    head = f"{method}\n{url}\n{stamp}\n{authorization.nonce_str}\n".encode()
    try:
        signature = b64decode(authorization.signature, validate=True)
        public_key.verify(signature, head + body + b"\n", PKCS1v15(), SHA256())
    except (Base64Error, InvalidSignature) as error:
        raise sign_error("验签失败") from error


def read_public_key(pem: str) -> rsa.RSAPublicKey:
    """Return the RSA public key in ``pem``, or raise ValueError."""
    key = load_pem_public_key(pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("an RSA public key is wanted")  # noqa: TRY004 - a wrong value in a text
    return key


class PlatformKey:
    """The platform's own key pair, made at the first start and kept in its folder."""

    def __init__(self, folder: Path) -> None:
        file = folder / "platform.pem"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            made = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            file.touch(mode=0o600)
            file.write_bytes(pem)
        key = load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(f"{file} holds no RSA key")
        self._key = key
        public = key.public_key()
        self.public_pem = public.public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ).decode()
        digest = Hash(SHA256())
        digest.update(self.public_pem.encode())
        self.key_id = f"PUB_KEY_ID_{digest.finalize().hex()[:40].upper()}"

    def headers(self, body: bytes, *, now: int) -> dict[str, str]:
        """Return the headers that sign ``body`` at ``now`` (seconds since the epoch)."""
        nonce = secrets.token_hex(16)
        message = f"{now}\n{nonce}\n".encode() + body + b"\n"
        signature = self._key.sign(message, PKCS1v15(), SHA256())
        return {
            "Wechatpay-Timestamp": str(now),
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": b64encode(signature).decode(),
            "Wechatpay-Signature-Type": SCHEME,
            "Wechatpay-Serial": self.key_id,
        }


def encrypt_resource(plain: bytes, *, apiv3_key: str, kind: str) -> dict[str, str]:
    """Return the ``resource`` of a notification; ``kind`` is authenticated along with it."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), plain, kind.encode())
    return {
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": b64encode(sealed).decode(),
        "associated_data": kind,
        "nonce": nonce,
    }
