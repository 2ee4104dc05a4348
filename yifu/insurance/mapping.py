"""Tell the insurer which national code each local code of a price list is (目录对照; 3301, 3302).

`upload` is the main function: what is new or changed goes up in batches, and every item ends with
the insurer's own word about it. A batch is refused as a whole, so a refused one is halved until the
refused items stand alone. What was sent without an answer is unknown until the insurer's own list
(1317) has been asked; nothing is sent again before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from yifu import clock
from yifu.catalogue import mappings
from yifu.catalogue.mappings import Mapped
from yifu.catalogue.models import MappingState
from yifu.insurance.errors import InsurerNonsense
from yifu.insurance.exchanges import close_exchange, endpoint_of, open_exchange, send
from yifu.insurance.filing import Errand
from yifu.insurance.models import ExchangeState
from yifu.insurance.services import sign_number

BATCH: Final = 50
"""Fifty rows keep well below the 40,000 characters that an input may have."""

_SINCE: Final = "2000-01-01"
_PAGE_SIZE: Final = 100

Progress = Callable[[int, int], None]


def _no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Uploaded:
    """What a run came to: items by what became of them."""

    uploaded: int = 0
    refused: int = 0
    withdrawn: int = 0
    resolved: int = 0
    unknown: int = 0

    @property
    def handled(self) -> int:
        """Items that have been dealt with."""
        return self.uploaded + self.refused + self.unknown


def upload(institution_id: int, *, now: datetime, progress: Progress = _no_progress) -> Uploaded:
    """Upload what of the price list is new or changed, and undo what is mapped otherwise now.

    First what is unknown is asked about. Stops at the first batch without an answer, whose items
    are unknown then. Must be called outside any transaction. Raises `NotConnected`,
    `InsurerUnavailable`, `InsurerNonsense`, `InsurerRefused` when 1317 is.
    """
    errand = _errand(institution_id, now)
    done = Uploaded(resolved=resolve(institution_id, now=now))
    for stale in mappings.stale(institution_id):
        done.withdrawn += _withdraw(errand, stale)
    due = mappings.due(institution_id, on=clock.business_date(now))
    for start in range(0, len(due), BATCH):
        _send_batch(errand, due[start : start + BATCH], done)
        progress(done.handled, len(due))
        if done.unknown:
            break
    return done


def withdraw(institution_id: int, local_codes: Sequence[str], *, now: datetime) -> Uploaded:
    """Undo the mapping of some local codes (NHSA 3302) until their items change.

    Codes that are not mapped at the insurer are passed over. Raises as `upload` does, and
    `InsurerRefused` when the insurer refuses one; those before it are withdrawn.
    """
    errand = _errand(institution_id, now)
    done = Uploaded(resolved=resolve(institution_id, now=now))
    for one in mappings.uploaded(institution_id, local_codes):
        done.withdrawn += _withdraw(errand, one)
    return done


def resolve(institution_id: int, *, now: datetime) -> int:
    """Ask the insurer's own list (NHSA 1317) about what is unknown; gives how many that were."""
    errand = _errand(institution_id, now)
    unknown = mappings.unknown(institution_id)
    for one in unknown:
        found = _mapped_there(errand, one.local_code)
        mappings.settle_unknown(institution_id, one, found=found, now=now)
    return len(unknown)


def _errand(institution_id: int, now: datetime) -> Errand:
    return Errand(institution_id, "mapping", sign_number(institution_id, now=now), now)


def _mapped_there(errand: Errand, local_code: str) -> str | None:
    """Ask which national code a local code is mapped to at the insurer; None: to none."""
    data = {
        "fixmedins_code": endpoint_of(errand.institution_id).fixmedins_code,
        "medins_list_codg": local_code,
        "vali_flag": "1",
        "updt_time": _SINCE,
        "page_num": 1,
        "page_size": _PAGE_SIZE,
    }
    envelope = errand.envelope("1317", {"data": data})
    pending = open_exchange(errand.institution_id, envelope, now=errand.now)
    heard = send(pending)
    close_exchange(pending, heard, now=errand.now)
    rows = heard.output_or_raise().get("data") or []
    codes = {
        str(row["med_list_codg"])
        for row in (rows if isinstance(rows, list) else [rows])
        if row.get("medins_list_codg") == local_code and row.get("vali_flag") == "1"
    }
    if len(codes) > 1:
        raise InsurerNonsense(message=f"1317: {local_code} is mapped to {len(codes)} codes")
    return codes.pop() if codes else None


def _send_batch(errand: Errand, batch: Sequence[Mapped], done: Uploaded) -> None:
    """Send some mappings (NHSA 3301); a refused batch is halved until it is one item."""
    state, reason = _tell(
        errand, "3301", {"data": [_row(one) for one in batch]}, batch, MappingState.SENDING
    )
    if state == ExchangeState.REFUSED and len(batch) > 1:
        middle = len(batch) // 2
        _send_batch(errand, batch[:middle], done)
        if not done.unknown:
            _send_batch(errand, batch[middle:], done)
        return
    outcome = _OUTCOMES[state]
    mappings.conclude(errand.institution_id, batch, state=outcome, reason=reason, now=errand.now)
    if outcome == MappingState.UPLOADED:
        done.uploaded += len(batch)
    elif outcome == MappingState.REFUSED:
        done.refused += 1
    else:
        done.unknown += len(batch)


_OUTCOMES: Final = {
    ExchangeState.ANSWERED: MappingState.UPLOADED,
    ExchangeState.REFUSED: MappingState.REFUSED,
    ExchangeState.UNKNOWN: MappingState.UNKNOWN,
}


def _withdraw(errand: Errand, one: Mapped) -> int:
    """Undo one mapping (NHSA 3302); gives 1 when it is undone."""
    row = {
        "fixmedins_code": endpoint_of(errand.institution_id).fixmedins_code,
        "fixmedins_hilist_id": one.local_code,
        "list_type": one.list_type,
        "med_list_codg": one.national_code,
    }
    state, reason = _tell(errand, "3302", {"data": row}, [one], MappingState.WITHDRAWING)
    outcome = {
        ExchangeState.ANSWERED: MappingState.WITHDRAWN,
        # It stands as it was; why the insurer keeps it is written beside it.
        ExchangeState.REFUSED: MappingState.UPLOADED,
    }.get(state, MappingState.UNKNOWN)
    mappings.conclude(errand.institution_id, [one], state=outcome, reason=reason, now=errand.now)
    return outcome == MappingState.WITHDRAWN


def _tell(
    errand: Errand,
    infno: str,
    input_: dict[str, Any],
    told: Sequence[Mapped],
    meanwhile: MappingState,
) -> tuple[ExchangeState, str]:
    """Write down what is sent with the message itself, send it, write down what became of it.

    Raises `InsurerUnavailable` for a message that was surely not sent; all is then as before.
    """
    with transaction.atomic():
        envelope = errand.envelope(infno, input_)
        pending = open_exchange(errand.institution_id, envelope, now=errand.now)
        mappings.begin(errand.institution_id, told, state=meanwhile, now=errand.now)
    heard = send(pending)
    close_exchange(pending, heard, now=errand.now)
    if heard.state == ExchangeState.UNSENT:
        mappings.take_up_again(errand.institution_id, told, now=errand.now)
        heard.output_or_raise()
    return heard.state, heard.detail


def _row(one: Mapped) -> dict[str, Any]:
    """Write a mapping as 3301 wants it."""
    return {
        "fixmedins_hilist_id": one.local_code,
        "fixmedins_hilist_name": one.name,
        "list_type": one.list_type,
        "med_list_codg": one.national_code,
        "begndate": one.begins_on.isoformat(),
        "enddate": one.ends_on.isoformat(),
        "prcunt": one.unit,
    }
