"""What becomes of bad debt when a written-off bill is paid after all, or lowered (P4.6).

Everything here runs in the caller's transaction, which holds the locks of the bills: by them an
approved write-off is locked too.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from yifu.collection.rules import BillValue
from yifu.ledger import services as ledger
from yifu.ledger.models import Posting
from yifu.ledger.rules import Move

# The bearer of each written-off bill.
_BORNE = """
SELECT bill_id, bearer FROM collection_writeoff
WHERE bill_id = ANY(%(bills)s::bigint[]) AND state = 'approved'
"""

_RECOVERED = """
UPDATE collection_writeoff write_off
SET recovered_fen = write_off.recovered_fen + back.fen
FROM unnest(%(bills)s::bigint[], %(fens)s::bigint[]) AS back (bill_id, fen)
WHERE write_off.bill_id = back.bill_id AND write_off.state = 'approved'
"""

_LOWERED = """
UPDATE collection_writeoff SET lowered_fen = lowered_fen + %(fen)s
WHERE bill_id = %(bill)s AND state = 'approved' RETURNING id, bearer
"""


def account(bearer: str) -> str:
    """Name the account that a bearer's bad debt is on."""
    return f"baddebt:{bearer}"


def posting_key(write_off_id: int) -> str:
    """Name the posting that writes a bill off."""
    return f"writeoff:{write_off_id}"


def accounts_of(bills: Mapping[int, BillValue]) -> dict[int, str]:
    """Tell on which account the bad debt of those bills is that are written off."""
    written_off = [pk for pk, bill in bills.items() if bill.state == "written_off"]
    if not written_off:
        return {}
    rows = _rows(_BORNE, bills=written_off)
    return {bill_id: account(bearer) for bill_id, bearer in rows}


def note_recovered(recovered: Iterable[tuple[int, int]]) -> None:
    """Count what was paid after all, given as (bill, fen); the payments' postings say the rest."""
    fens: dict[int, int] = {}
    for bill_id, fen in recovered:
        fens[bill_id] = fens.get(bill_id, 0) + fen
    fens = {bill_id: fen for bill_id, fen in fens.items() if fen}
    if not fens:
        return
    with connection.cursor() as cursor:
        cursor.execute(_RECOVERED, {"bills": list(fens), "fens": list(fens.values())})


def take_back(*, bill_id: int, owed_on: str, amount_fen: int, left_fen: int, now: datetime) -> None:
    """Undo a part of a write-off, because the bill is not owed after all: it was lowered.

    The debt goes back from the bearer to the account it was owed on, where the reversal that
    lowers the bill ends it. `left_fen` is the bill's amount afterwards; it only ever falls, so the
    posting's key is new.
    """
    ((write_off_id, bearer),) = _rows(_LOWERED, bill=bill_id, fen=amount_fen)
    key = posting_key(write_off_id)
    ledger.post(
        key=f"{key}:lowered:{left_fen}",
        kind="write_off_lowered",
        moves=[Move(owed_on, account(bearer), amount_fen)],
        now=now,
        corrects=Posting.objects.values_list("pk", flat=True).get(key=key),
    )


def _rows(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
