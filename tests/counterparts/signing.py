"""Signing requests as a platform of care does, for the counterparts that check it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from tests.counterparts.conftest import Counterpart


@dataclass
class Caller:
    """A party's caller: its app and key."""

    counterpart: Counterpart
    app: str = "yifu-990100"
    key: str = "a key of the area"

    def post(self, path: str, body: Any, **changed: str) -> httpx.Response:
        """POST a signed body; ``changed`` are headers that replace the right ones."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self.headers("POST", path, content) | changed
        return self.counterpart.client.post(path, content=content, headers=headers)

    def get(self, path: str, **changed: str) -> httpx.Response:
        """GET an address with its query, signed."""
        headers = self.headers("GET", path, b"") | changed
        return self.counterpart.client.get(path, headers=headers)

    def headers(
        self, method: str, target: str, body: bytes, *, at: float | None = None, nonce: str = ""
    ) -> dict[str, str]:
        """The four headers of a request."""
        timestamp, nonce = str(int(at or time.time())), nonce or uuid.uuid4().hex
        lines = [method, target, timestamp, nonce, hashlib.sha256(body).hexdigest()]
        digest = hmac.new(self.key.encode(), "\n".join(lines).encode(), hashlib.sha256).digest()
        return {
            "X-App": self.app,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": base64.b64encode(digest).decode(),
        }
