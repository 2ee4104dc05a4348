"""What the payment centre tells of its own accord: verify, open, and write each content down once.

A notice is never believed for what it says of money. It is a reason to ask (6301); only the right
to reverse is taken from it. So a notice that comes twice, late or after a refund does no harm.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from django.db.models import F

from yifu.insurance.fields import Violation, check, layout
from yifu.insurance.gateway import mask_for_trace
from yifu.insurance.mobile import answers, client, envelope, orders
from yifu.insurance.mobile.envelope import BadEnvelope
from yifu.insurance.mobile.models import CentreConnection, Notice, PayOrder

NOTICES = ("6204", "6302")
_PAID = "6"
_LONGEST_APP_ID = 64


class BadNotice(ValueError):
    """A notice of the centre's that breaks the field table; names the field."""

    def __init__(self, found: list[Violation]) -> None:
        super().__init__("; ".join(map(str, found))[:1000])


class UnknownOrder(LookupError):
    """A notice of an order that is not ours."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that was written down: of which order, and whether it says anything new."""

    subject: str
    first: bool


def take(infno: str, body: bytes, *, now: datetime, now_s: int) -> Taken:
    """Take a notice, in the caller's transaction; `now_s` is real time, in seconds since 1970.

    Raises `BadEnvelope` (forged, stale, unreadable), `BadNotice`, `UnknownOrder`; then nothing is
    written down.
    """
    connection = _connection(body)
    keys = client.keys_of(connection)
    opened = envelope.unseal(body, keys, now_s=now_s)
    if str(opened.frame.get("transType", infno)) != infno:
        raise BadEnvelope("foreign", "another transaction")
    data = _table_values(infno, opened.data)
    if found := check(infno, "in", {"data": data}):
        raise BadNotice(found)
    order = PayOrder.objects.filter(
        institution_id=connection.institution_id, pay_ord_id=data["payOrdId"]
    ).first()
    if order is None or order.med_org_ord != data["medOrgOrd"]:
        raise UnknownOrder(data["payOrdId"])
    first = _write(infno, order, data, now=now)
    if first and infno == "6302":
        paid = answers.read_paid({"data": data}, ord_stas=_PAID)
        orders.keep_right(order, paid, now=now)
    return Taken(order.subject, first)


def _connection(body: bytes) -> CentreConnection:
    """Find whose application a message names; whether it may is another question."""
    try:
        frame = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadEnvelope("malformed", "not JSON") from None
    app_id = frame.get("appId") if isinstance(frame, dict) else None
    if not isinstance(app_id, str) or not app_id or len(app_id) > _LONGEST_APP_ID or "\0" in app_id:
        raise BadEnvelope("malformed", "no appId")
    connection = CentreConnection.objects.filter(app_id=app_id).first()
    if connection is None:
        raise BadEnvelope("foreign", "no such appId")
    return connection


def _table_values(infno: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the fields of the table, amounts as numbers also where they came as texts."""
    (node,) = layout(infno, "in")
    kept = {name: data[name] for name in node.fields if name in data}
    for name, value in kept.items():
        if node.fields[name].kind == "n" and isinstance(value, str):
            kept[name] = _number(value)
    return kept


def _number(text: str) -> object:
    try:
        return Decimal(text) if text.isascii() and "_" not in text else text
    except InvalidOperation:
        return text


def _write(infno: str, order: PayOrder, data: dict[str, Any], *, now: datetime) -> bool:
    """Write a notice down; False when the same content came before."""
    content_hash = hashlib.sha256(envelope.compact(data)).digest()
    row, first = Notice.objects.get_or_create(
        institution_id=order.institution_id,
        infno=infno,
        pay_ord_id=order.pay_ord_id,
        call_type=str(data.get("callType") or ""),
        content_hash=content_hash,
        defaults={
            "content": mask_for_trace(infno, {"data": data}),
            "received_at": now,
        },
    )
    if not first:
        Notice.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return first
