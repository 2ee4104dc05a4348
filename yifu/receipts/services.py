"""Issue a receipt and cancel it: written down before the platform is asked and after it answered.

The platform issues a number once, so a missing answer is mended by asking again. A refusal stays
`requested` with the platform's reason until it is mended; asking again then is allowed too. Jobs
about one settlement should carry one procrastinate lock, so that none overtakes another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from yifu import clock
from yifu.outside import without_connection
from yifu.receipts import gateway, rules
from yifu.receipts.errors import (
    FiscalNotConnected,
    FiscalUnavailable,
    ReceiptContradiction,
    ReceiptUnderWay,
)
from yifu.receipts.models import FiscalConnection, Receipt, ReceiptState
from yifu.receipts.rules import ReceiptContent, ReceiptLine
from yifu.secrets import decrypt

__all__ = ["ReceiptContent", "ReceiptLine", "check_day", "flush", "issue"]

_DETAIL_CHARACTERS = 300
_OTHER_HAS_IT = "平台返回的票据号码已属于另一张票据"

# One statement writes the request down (or finds it) and tells how to reach the platform. While an
# answer is awaited no earlier refusal counts any more.
_BEGIN = """
WITH begun AS (
    INSERT INTO receipts_receipt AS known
           (institution_id, person_id, visit_id, settlement_id, bus_no, red_of_id, amount_fen,
            state, code, number, check_code, detail, requested_at)
    VALUES (%(institution)s, %(person)s, %(visit)s, %(settlement)s, %(bus_no)s, %(red_of)s,
            %(amount)s, 'requested', '', '', '', '', %(now)s)
    ON CONFLICT (bus_no) DO UPDATE
    SET detail = CASE known.state WHEN 'requested' THEN '' ELSE known.detail END
    RETURNING id, institution_id, state, amount_fen, requested_at
)
SELECT begun.id, begun.state, begun.amount_fen, begun.requested_at, institution.name,
       fiscal.base_url, fiscal.app, fiscal.key_cipher, fiscal.place_code
FROM begun
JOIN institutions_institution institution ON institution.id = begun.institution_id
LEFT JOIN receipts_fiscalconnection fiscal ON fiscal.institution_id = begun.institution_id
"""

_CONCRETE = Receipt._meta.concrete_fields  # noqa: SLF001 - Django's documented interface
_FIELDS = [field.attname for field in _CONCRETE]
_COLUMNS = ", ".join(f"receipt.{field.column}" for field in _CONCRETE)

# A red receipt that is issued cancels its blue one in the same step.
_ISSUED = f"""
WITH issued AS (
    UPDATE receipts_receipt receipt
    SET state = 'issued', code = %(code)s, number = %(number)s, check_code = %(check_code)s,
        detail = '', issued_at = %(now)s
    WHERE id = %(id)s AND state = 'requested'
    RETURNING {_COLUMNS}
), cancelled AS (
    UPDATE receipts_receipt blue SET state = 'flushed'
    FROM issued WHERE blue.id = issued.red_of_id
)
SELECT * FROM issued
"""  # noqa: S608 - made of the model's own columns

_REFUSED = f"""
UPDATE receipts_receipt receipt SET detail = %(detail)s WHERE id = %(id)s AND state = 'requested'
RETURNING {_COLUMNS}
"""  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class _Begun:
    """A request that is written down, and whom to ask."""

    id: int
    state: str
    issuer: rules.Issuer
    endpoint: gateway.Endpoint


@dataclass(frozen=True, slots=True)
class DayCheck:
    """A day's receipts as we and the platform count them."""

    ours: gateway.Totals
    theirs: gateway.Totals

    @property
    def agrees(self) -> bool:
        """Say whether both have the same number and the same sums."""
        return self.ours == self.theirs


def issue(content: ReceiptContent, *, now: datetime) -> Receipt:
    """Issue the receipt of a completed settlement; again gives the same receipt.

    Gives it `issued`, or `requested` with the platform's refusal in `detail`. Must be called
    outside any transaction. Raises `ReceiptContradiction` (nothing is written), and
    `FiscalUnavailable` or `FiscalNotConnected`: the receipt stays `requested`, ask again.
    """
    number = rules.bus_no(content.settlement_id)
    rules.check(content)
    begun = _begin(
        institution=content.institution_id,
        person=content.person_id,
        visit=content.visit_id,
        settlement=content.settlement_id,
        bus_no=number,
        red_of=None,
        amount=content.total_fen,
        now=now,
    )
    if begun.state != ReceiptState.REQUESTED:
        return Receipt.objects.get(pk=begun.id)
    bill = rules.outpatient_bill(content, begun.issuer)
    return _ask(begun.id, lambda: gateway.issue(begun.endpoint, bill), now=now)


def flush(settlement_id: int, *, reason: str, now: datetime) -> Receipt | None:
    """Cancel a settlement's receipt by a red one (红冲) and give the red one.

    None when there is nothing to cancel: no receipt, or one that the platform refused and that
    now never will be issued. Again gives the same red receipt. Raises `ReceiptUnderWay` while it
    is unknown whether the receipt was issued, and otherwise as `issue` does.
    """
    blue = Receipt.objects.filter(bus_no=rules.bus_no(settlement_id)).first()
    if blue is None or _cancelled_unissued(blue):
        return None
    begun = _begin(
        institution=blue.institution_id,
        person=blue.person_id,
        visit=blue.visit_id,
        settlement=settlement_id,
        bus_no=f"{blue.bus_no}R",
        red_of=blue.pk,
        amount=-blue.amount_fen,
        now=now,
    )
    if begun.state != ReceiptState.REQUESTED:
        return Receipt.objects.get(pk=begun.id)
    order = rules.write_off(
        code=blue.code,
        number=blue.number,
        reason=reason,
        issuer=begun.issuer,
    )
    return _ask(begun.id, lambda: gateway.write_off(begun.endpoint, order), now=now)


def _cancelled_unissued(blue: Receipt) -> bool:
    """Say whether a receipt never was issued and, now, never will be."""
    if blue.state == ReceiptState.REQUESTED and not blue.detail:
        raise ReceiptUnderWay(bus_no=blue.bus_no)
    if blue.state == ReceiptState.REQUESTED:
        Receipt.objects.filter(pk=blue.pk, state=ReceiptState.REQUESTED).update(
            state=ReceiptState.FLUSHED
        )
        return True
    return not blue.number


def check_day(institution_id: int, *, day: date) -> DayCheck:
    """Compare our receipts of a day with the platform's: how many, and their sums (L8).

    Must be called outside any transaction. Raises `FiscalNotConnected`, `FiscalUnavailable`.
    """
    fiscal = FiscalConnection.objects.filter(institution=institution_id).first()
    if fiscal is None:
        raise FiscalNotConnected
    endpoint = gateway.Endpoint(fiscal.base_url, fiscal.app, decrypt(fiscal.key_cipher))
    begin, end = clock.day_bounds(day)
    sums = (
        Receipt.objects.filter(
            institution=institution_id, requested_at__gte=begin, requested_at__lt=end
        )
        .exclude(number="")
        .aggregate(
            copies=Count("pk", filter=Q(red_of__isnull=True)),
            total_fen=Coalesce(Sum("amount_fen", filter=Q(red_of__isnull=True)), 0),
            red_copies=Count("pk", filter=Q(red_of__isnull=False)),
            red_total_fen=Coalesce(Sum("amount_fen", filter=Q(red_of__isnull=False)), 0),
        )
    )
    try:
        with without_connection():
            theirs = gateway.totals(endpoint, day=day, place_code=fiscal.place_code)
    except gateway.CallError as error:
        raise FiscalUnavailable(reason=str(error)[:_DETAIL_CHARACTERS]) from error
    return DayCheck(gateway.Totals(**{name: int(value) for name, value in sums.items()}), theirs)


def _begin(**parameters: Any) -> _Begun:  # noqa: ANN401 - the statement's parameters
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, parameters)
        row = cursor.fetchone()
    pk, state, amount_fen, requested_at, name, base_url, app, key_cipher, place_code = row
    if amount_fen != parameters["amount"]:
        raise ReceiptContradiction(what="it was asked for before with another amount")
    if base_url is None:
        raise FiscalNotConnected
    endpoint = gateway.Endpoint(base_url, app, decrypt(key_cipher))
    return _Begun(pk, state, rules.Issuer(name, place_code, requested_at), endpoint)


def _ask(receipt_id: int, ask: Callable[[], gateway.Issued], *, now: datetime) -> Receipt:
    try:
        with without_connection():
            issued = ask()
    except gateway.Refused as error:
        return _refused(receipt_id, f"{error.code} {error.reason}")
    except gateway.Unanswered as error:
        raise FiscalUnavailable(reason=error.reason[:_DETAIL_CHARACTERS]) from error
    try:
        return _finish(receipt_id, issued, now=now)
    except IntegrityError:
        return _refused(receipt_id, _OTHER_HAS_IT)


def _finish(receipt_id: int, issued: gateway.Issued, *, now: datetime) -> Receipt:
    parameters = {
        "id": receipt_id,
        "code": issued.code,
        "number": issued.number,
        "check_code": issued.check_code,
        "now": now,
    }
    return _changed(_ISSUED, parameters)


def _refused(receipt_id: int, reason: str) -> Receipt:
    return _changed(_REFUSED, {"id": receipt_id, "detail": reason[:_DETAIL_CHARACTERS]})


def _changed(statement: str, parameters: dict[str, Any]) -> Receipt:
    """Execute an UPDATE and give the row; the row as it is when another was faster."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    if row is None:
        return Receipt.objects.get(pk=parameters["id"])
    return Receipt.from_db(connection.alias, _FIELDS, row)
