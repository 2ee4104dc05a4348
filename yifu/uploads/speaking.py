"""One message of an upload: a message without an answer is sent again under its own number.

The insurer recognises the number (`msgid`), so nothing is taken twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from yifu.insurance import exchanges
from yifu.insurance.exchanges import Envelope, Heard
from yifu.insurance.models import Exchange, ExchangeState
from yifu.insurance.services import sign_number

UNFINISHED: Final = (ExchangeState.SENDING, ExchangeState.UNKNOWN, ExchangeState.UNSENT)
REASON_CHARACTERS: Final = 300


def deliver(
    institution_id: int,
    infno: str,
    subject: str,
    input_: Mapping[str, Any],
    *,
    insuplc_admdvs: str = "",
    now: datetime,
) -> Heard:
    """Send a message that changes something there; one that is unfinished is taken up again.

    `subject` names the thing, once. Must be called outside any transaction. Raises `NotConnected`,
    and what signing in raises.
    """
    envelope = _envelope(institution_id, infno, subject, input_, insuplc_admdvs, now)
    unfinished = Exchange.objects.filter(subject=subject, infno=infno, state__in=UNFINISHED)
    row = unfinished.order_by("-pk").first()
    if row is None:
        return exchanges.exchange(institution_id, envelope, now=now)
    pending = exchanges.again(row, envelope, now=now)
    heard = exchanges.send(pending)
    exchanges.close_exchange(pending, heard, now=now)
    return heard


def enquire(
    institution_id: int, infno: str, subject: str, input_: Mapping[str, Any], *, now: datetime
) -> Heard:
    """Send a message that only asks."""
    envelope = _envelope(institution_id, infno, subject, input_, "", now)
    return exchanges.exchange(institution_id, envelope, now=now)


def _envelope(
    institution_id: int,
    infno: str,
    subject: str,
    input_: Mapping[str, Any],
    insuplc_admdvs: str,
    now: datetime,
) -> Envelope:
    sign_no = sign_number(institution_id, now=now)
    return Envelope(infno, subject, input_, insuplc_admdvs, sign_no)


def reason_of(heard: Heard) -> str:
    """Give the insurer's own sentence, or why there is none."""
    return heard.detail[:REASON_CHARACTERS]
