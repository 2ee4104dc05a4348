"""The invented keys of a simulated installation: made once, kept in `.yifu/keys.json` (mode 0600).

They open nothing outside this machine: clients of the simulated world, and sign-ins of invented
people to a site that listens on loopback.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from yifu import postgres
from yifu.commands.installation import KEYS

_RSA_BITS = 2048
SIGN_INS = (
    *("mother", "doctor", "finance", "finance2", "office", "cashier"),
    *("city", "city2"),
)
"""Who can sign in; what needs two people has a second one."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the parties of the simulation know each other by."""

    client_id: str
    client_secret: str
    insurer_access_key: str
    insurer_secret_key: str
    merchant: str
    merchant_serial_no: str
    merchant_private_key_pem: str
    merchant_apiv3_key: str
    fiscal_app: str
    fiscal_key: str
    passwords: dict[str, str]

    @classmethod
    def load_or_make(cls, home: Path | None = None) -> Self:
        """Read the installation's keys, making them the first time."""
        path = (home or postgres.HOME) / KEYS
        if path.exists():
            return cls(**json.loads(path.read_text()))
        keys = cls._make()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(keys), file, indent=1)
        return keys

    @classmethod
    def _make(cls) -> Self:
        return cls(
            client_id=f"hospital-{secrets.token_hex(4)}",
            client_secret=secrets.token_urlsafe(24),
            insurer_access_key=secrets.token_hex(8),
            insurer_secret_key=secrets.token_hex(16),
            merchant="1900009901",
            merchant_serial_no=secrets.token_hex(20).upper(),
            merchant_private_key_pem=_private_key_pem(),
            merchant_apiv3_key=secrets.token_hex(16),
            fiscal_app="SFS990100",
            fiscal_key=secrets.token_hex(13),
            passwords={who: secrets.token_hex(4) for who in SIGN_INS},
        )

    def merchant_public_key_pem(self) -> str:
        """Give the public half of the merchant's key."""
        private = serialization.load_pem_private_key(
            self.merchant_private_key_pem.encode(), password=None
        )
        return (
            private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )


def _private_key_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
