"""Encryption at rest for identity numbers, phones and keys, with a blind index for look-up.

AES-256-GCM with a random nonce hides the value; HMAC-SHA256 under another key gives equal values
equal fingerprints, so that a person is found again without decrypting anybody (decision 11).
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


@cache
def _key(purpose: str) -> bytes:
    """Derive a key for one purpose from the installation's master secret."""
    secret = settings.YIFU_DATA_KEY.encode()
    return hmac.new(secret, f"yifu:{purpose}".encode(), hashlib.sha256).digest()


@cache
def _cipher() -> AESGCM:
    return AESGCM(_key("encryption"))


def encrypt(plain: str) -> bytes:
    """Hide a text; every call gives other bytes."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, plain.encode(), None)


def decrypt(hidden: bytes | memoryview) -> str:
    """Show a hidden text; `InvalidTag` (cryptography) when it was changed or the key is another."""
    raw = bytes(hidden)
    return _cipher().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()


def fingerprint(plain: str, *, kind: str) -> bytes:
    """Give 32 bytes that are equal for equal texts of one kind and tell nothing else."""
    return hmac.new(_key(f"index:{kind}"), plain.encode(), hashlib.sha256).digest()
