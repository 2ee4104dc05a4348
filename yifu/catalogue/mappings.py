"""Which items of a price list the insurer knows under which national code, and what is to be told.

What was last told of a local code stands in `models.Mapping`; what is due follows from comparing it
with the price list. `insurance/mapping.py` does the telling.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from yifu.catalogue.models import Mapping, MappingState

FOR_EVER: Final = date(2099, 12, 31)
"""`enddate` of a mapping that holds until it is withdrawn."""

_OPEN: Final = (MappingState.SENDING, MappingState.WITHDRAWING, MappingState.UNKNOWN)


class Mapped(NamedTuple):
    """A local code and the national code it is, as the insurer is told; dates included."""

    local_code: str
    national_code: str
    list_type: str
    name: str
    unit: str
    begins_on: date
    ends_on: date


_KINDS = """
CASE WHEN item.kind = 'service' THEN '201' WHEN item.kind = 'consumable' THEN '301'
     WHEN item.national_code LIKE 'T%%' THEN '102' WHEN item.kind = 'drug' THEN '101'
     ELSE '105' END
"""
"""`list_type` of an item: drugs and Chinese patent medicine, decoction pieces, services …"""

# Refused or withdrawn items are due again only when the price list says something else of them.
_DUE = f"""
SELECT item.local_code, item.national_code, {_KINDS}, item.name, item.unit,
       CASE WHEN told.state = 'uploaded' THEN told.begins_on ELSE %(on)s END, %(for_ever)s
FROM catalogue_item item
LEFT JOIN catalogue_mapping told
       ON told.institution_id = item.institution_id AND told.local_code = item.local_code
WHERE item.institution_id = %(institution)s AND item.national_code <> ''
  AND (told.id IS NULL OR told.state = 'pending'
       OR (told.state = 'uploaded' AND told.national_code = item.national_code
           AND (NOT told.confirmed OR (told.name, told.unit) <> (item.name, item.unit)))
       OR (told.state IN ('refused', 'withdrawn')
           AND (told.national_code, told.name, told.unit)
            <> (item.national_code, item.name, item.unit)))
ORDER BY item.local_code
"""  # noqa: S608 - made of constants

_STALE = """
SELECT told.local_code, told.national_code, told.list_type, told.name, told.unit, told.begins_on,
       told.ends_on
FROM catalogue_mapping told
LEFT JOIN catalogue_item item
       ON item.institution_id = told.institution_id AND item.local_code = told.local_code
WHERE told.institution_id = %(institution)s AND told.state = 'uploaded'
  AND item.national_code IS DISTINCT FROM told.national_code
ORDER BY told.local_code
"""

_BEGIN = """
INSERT INTO catalogue_mapping AS told
       (institution_id, local_code, national_code, list_type, name, unit, begins_on, ends_on,
        state, reason, undoing, confirmed, changed_at)
SELECT %(institution)s, row.*, %(state)s, '', %(undoing)s, false, %(now)s
FROM unnest(%(local_code)s::text[], %(national_code)s::text[], %(list_type)s::text[],
            %(name)s::text[], %(unit)s::text[], %(begins_on)s::date[], %(ends_on)s::date[]) AS row
ON CONFLICT (institution_id, local_code) DO UPDATE
SET national_code = excluded.national_code, list_type = excluded.list_type, name = excluded.name,
    unit = excluded.unit, begins_on = excluded.begins_on, ends_on = excluded.ends_on,
    state = excluded.state, reason = '', undoing = excluded.undoing,
    changed_at = excluded.changed_at
"""


def due(institution_id: int, *, on: date) -> list[Mapped]:
    """Give what of the price list the insurer is to be told: new, changed or not confirmed."""
    return _rows(_DUE, institution=institution_id, on=on, for_ever=FOR_EVER)


def stale(institution_id: int) -> list[Mapped]:
    """Give what the insurer knows of items that are gone or have another national code now."""
    return _rows(_STALE, institution=institution_id)


def uploaded(institution_id: int, local_codes: Sequence[str]) -> list[Mapped]:
    """Give those of some local codes that the insurer knows."""
    return _kept(institution_id, state=MappingState.UPLOADED, local_code__in=list(local_codes))


def unknown(institution_id: int) -> list[Mapped]:
    """Give those of which the last message may or may not have arrived."""
    return _kept(institution_id, state__in=_OPEN)


def _rows(statement: str, **parameters: int | date) -> list[Mapped]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Mapped(*row) for row in cursor.fetchall()]


def _kept(institution_id: int, **which: object) -> list[Mapped]:
    found = Mapping.objects.filter(institution=institution_id, **which).order_by("local_code")
    return [Mapped(*row) for row in found.values_list(*Mapped._fields)]


def begin(
    institution_id: int, told: Sequence[Mapped], *, state: MappingState, now: datetime
) -> None:
    """Write down what is being sent; in the transaction that writes the message down."""
    columns: dict[str, Any] = {
        name: [getattr(one, name) for one in told] for name in Mapped._fields
    }
    about = {"institution": institution_id, "state": state, "now": now}
    about["undoing"] = state == MappingState.WITHDRAWING
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, columns | about)


def conclude(
    institution_id: int,
    told: Sequence[Mapped],
    *,
    state: MappingState,
    reason: str,
    now: datetime,
) -> None:
    """Write down what the insurer said of some items; `reason` is its sentence, if it refused."""
    sent = Mapping.objects.filter(
        institution=institution_id, local_code__in=[one.local_code for one in told]
    )
    changes: dict[str, Any] = {"state": state, "reason": reason[:300], "changed_at": now}
    sent.filter(undoing=False).update(**changes, confirmed=state == MappingState.UPLOADED)
    sent.filter(undoing=True).update(**changes)


def take_up_again(institution_id: int, told: Sequence[Mapped], *, now: datetime) -> None:
    """Put items back to where they were before a message that was surely not sent."""
    sent = Mapping.objects.filter(
        institution=institution_id, local_code__in=[one.local_code for one in told]
    )
    sent.filter(undoing=False).update(state=MappingState.PENDING, changed_at=now)
    sent.filter(undoing=True).update(state=MappingState.UPLOADED, changed_at=now)


def settle_unknown(institution_id: int, one: Mapped, *, found: str | None, now: datetime) -> None:
    """Write down what the insurer's list says of an unknown item: `found`, a national code or none.

    A mapping that is there counts as uploaded, to be renewed in case its name is the old one; one
    that is not there was withdrawn if that was asked, and is to be sent otherwise.
    """
    kept = Mapping.objects.filter(institution=institution_id, local_code=one.local_code)
    if found is not None:
        state, changes = MappingState.UPLOADED, {"national_code": found, "confirmed": False}
        kept.update(state=state, changed_at=now, **changes)
        return
    kept.filter(undoing=True).update(state=MappingState.WITHDRAWN, changed_at=now)
    kept.filter(undoing=False).update(state=MappingState.PENDING, changed_at=now)


def forget_refusals(institution_id: int, *, now: datetime) -> int:
    """Have what was refused sent again; gives how many items."""
    refused = Mapping.objects.filter(institution=institution_id, state=MappingState.REFUSED)
    return refused.update(state=MappingState.PENDING, changed_at=now)


class Shown(NamedTuple):
    """An item with the state of its mapping; an item that nobody was told of is pending."""

    local_code: str
    name: str
    national_code: str
    told_code: str
    list_type: str
    state: str
    reason: str
    begins_on: date | None
    ends_on: date | None
    changed_at: datetime | None


_SHOWN = f"""
SELECT coalesce(item.local_code, told.local_code), coalesce(item.name, told.name),
       coalesce(item.national_code, ''), coalesce(told.national_code, ''),
       coalesce(told.list_type, {_KINDS}), coalesce(told.state, 'pending'),
       coalesce(told.reason, ''), told.begins_on, told.ends_on, told.changed_at
FROM (SELECT * FROM catalogue_item WHERE institution_id = %(institution)s) item
FULL JOIN (SELECT * FROM catalogue_mapping WHERE institution_id = %(institution)s) told
       ON told.local_code = item.local_code
WHERE coalesce(item.local_code, told.local_code) > %(after)s
  AND (%(state)s = '' OR coalesce(told.state, 'pending') = %(state)s)
ORDER BY 1 LIMIT %(limit)s
"""  # noqa: S608 - made of constants


def shown(institution_id: int, *, state: str = "", after: str = "", limit: int) -> list[Shown]:
    """List an institution's items with the state of their mapping, by local code after `after`."""
    about: dict[str, int | str] = {"institution": institution_id, "limit": limit}
    about |= {"state": state, "after": after}
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, about)
        return [Shown(*row) for row in cursor.fetchall()]


def counts(institution_id: int) -> dict[str, int]:
    """Count an institution's items by the state of their mapping."""
    found: dict[str, int] = dict.fromkeys(MappingState.values, 0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"institution": institution_id})
        found.update(dict(cursor.fetchall()))
    return found


_COUNTS = """
SELECT coalesce(told.state, 'pending'), count(*)
FROM (SELECT local_code FROM catalogue_item WHERE institution_id = %(institution)s) item
FULL JOIN (SELECT local_code, state FROM catalogue_mapping
           WHERE institution_id = %(institution)s) told USING (local_code)
GROUP BY 1
"""
