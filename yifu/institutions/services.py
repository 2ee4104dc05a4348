"""Idempotency keys: claimed and answered in the transaction of their effect (decision 5)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from yifu import rows
from yifu.institutions.auth import Caller
from yifu.institutions.errors import IdempotencyKeyMissing, IdempotencyKeyReused, RequestUnderWay
from yifu.institutions.models import IdempotencyRecord

_KEY = re.compile(r"[\x21-\x7e]{1,80}")

_COLUMNS = "(institution_id, key, request_hash, effect, created_at)"
_CLAIM = f"""
INSERT INTO institutions_idempotencyrecord {_COLUMNS}
VALUES (%s, %s, %s, '', %s) ON CONFLICT (institution_id, key) DO NOTHING RETURNING id
"""  # noqa: S608 - a constant of this module
KEYED = f"""
keyed AS (
    INSERT INTO institutions_idempotencyrecord {_COLUMNS}
    SELECT %(institution)s, %(key)s, %(key_hash)s, %(key_effect)s, %(now)s
    WHERE %(key)s::varchar IS NOT NULL
    ON CONFLICT (institution_id, key) DO NOTHING RETURNING id
)
"""
"""A key claimed as a part of a larger statement; `keying` gives its parameters.

It has no row when somebody has the key already, and the rest of the statement must do nothing.
"""

_ANSWER = """
UPDATE institutions_idempotencyrecord SET status = %s, body = %s::jsonb, effect = %s WHERE id = %s
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An institution's key with the hash of the request it belongs to."""

    institution_id: int
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was answered to this key before."""

    status: int
    body: dict[str, Any]


def request_key(request: HttpRequest, caller: Caller) -> RequestKey:
    """Read the key of a request that moves money; raises `IdempotencyKeyMissing`."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).digest()
    return RequestKey(caller.institution_id, key, digest)


def check_key(asked: RequestKey) -> bool:
    """Tell whether this very request was made before; claims nothing.

    Raises `IdempotencyKeyReused` when the key belongs to another request.
    """
    record = IdempotencyRecord.objects.filter(institution_id=asked.institution_id, key=asked.key)
    known = record.values_list("request_hash", flat=True).first()
    if known is not None and bytes(known) != asked.request_hash:
        raise IdempotencyKeyReused
    return known is not None


def claim_key(asked: RequestKey, *, now: datetime) -> int | Earlier:
    """Claim a key inside the effect's transaction: the record's id, or what was answered before.

    Waits for another transaction that is claiming the same key. Raises `IdempotencyKeyReused`
    (other body) and `RequestUnderWay` (claimed, not answered yet).
    """
    row = rows.one(_CLAIM, [asked.institution_id, asked.key, asked.request_hash, now])
    if row is not None:
        return int(row[0])
    return earlier(asked)


def keying(asked: RequestKey | None, *, effect: str) -> dict[str, Any]:
    """Give the parameters of `KEYED`; without a key they claim none."""
    if asked is None:
        return {"key": None, "key_hash": b"", "key_effect": ""}
    return {"key": asked.key, "key_hash": asked.request_hash, "key_effect": effect}


def earlier(asked: RequestKey) -> Earlier:
    """Give what was answered to this very request before.

    Raises `IdempotencyKeyReused`, and `RequestUnderWay` for a request that is not answered yet.
    """
    before = IdempotencyRecord.objects.get(institution_id=asked.institution_id, key=asked.key)
    if bytes(before.request_hash) != asked.request_hash:
        raise IdempotencyKeyReused
    if before.status is None:
        raise RequestUnderWay(effect=before.effect or "?")
    return Earlier(before.status, before.body or {})


def note_effect(record_id: int, effect: str) -> None:
    """Say what a claimed key is doing, e.g. `settlement:12`, so that it can be found again."""
    IdempotencyRecord.objects.filter(pk=record_id).update(effect=effect)


def answer_key(record_id: int, *, status: int, body: str, effect: str) -> None:
    """Keep the answer (JSON text) for the same request later; in the effect's transaction."""
    rows.run(_ANSWER, [status, body, effect, record_id])
