"""What an order's state means, and for how long a reversal right lasts. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal

VERSION: Final = "2.0.1"
EC_QR_FIELD: Final = "ecQrCode"
"""What 6101 calls the text of the code. The table has no field for it: a reader's own software
adds it (certainty D, hence a column of the connection)."""

REVERSAL_RIGHT: Final = timedelta(hours=1)
"""How long `revsToken` lasts (NHSA 6301, 6302)."""

TOKENS_FOR: Final = timedelta(days=180)
"""So long after its opening an order is asked about; then its `payToken` goes too."""

WHOLE, CASH, INSURED = "ALL", "CASH", "HI"
"""`refdType` and `setlType`: all of an order, its cash, its insured part."""

Meaning = Literal["paid", "nothing", "under_way", "refunded", "half"]

_MEANINGS: Final[dict[str, Meaning]] = {
    "0": "nothing",
    "1": "nothing",
    "2": "under_way",
    "3": "half",
    "4": "half",
    "5": "paid",
    "6": "paid",
    "7": "refunded",
    "8": "half",
    "9": "half",
    "10": "half",
    "11": "half",
    "12": "nothing",
    "13": "nothing",
    "14": "half",
    "15": "nothing",
    "16": "half",
}

TAKEN_BACK: Final = "12"
"""The state of an order whose upload was withdrawn."""

WITHDRAWN: Final = frozenset({TAKEN_BACK, "13", "15"})
"""States in which an order can never be paid any more."""

CASH_STANDS: Final = frozenset({"3", "8", "16"})
"""States in which the insurer has nothing and the patient's cash is with the centre."""

INSURED_STANDS: Final = frozenset({"4", "9"})
"""States in which the insurer has paid and the patient's cash is not with the centre."""


def meaning(ord_stas: str) -> Meaning:
    """Say what an order's state means for a settlement (code table `ordStas`).

    `paid`: both parts are settled; `nothing`: no money moved; `under_way`: ask again; `refunded`:
    all went back; `half`: one part stands without the other. A state nobody has heard of is
    `under_way`: it decides nothing.
    """
    return _MEANINGS.get(ord_stas, "under_way")


def may_reverse(*, until: datetime | None, now: datetime) -> bool:
    """Say whether the hour in which `revsToken` is a right has not passed."""
    return until is not None and now < until


def refund_type(ord_stas: str) -> str:
    """Give the `refdType` that takes back what stands of an order."""
    if ord_stas in CASH_STANDS:
        return CASH
    return INSURED if ord_stas in INSURED_STANDS else WHOLE
