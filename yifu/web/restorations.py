"""Restorations and how long they took: from a payment to every party's acknowledgement (P4.5).

The service itself is back in the paying transaction; the insurer and the credit platform are told
and acknowledge, each measured by the database's own clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from yifu.collection import tellings
from yifu.collection.tellings import Waits
from yifu.credit.models import Standing
from yifu.rows import run

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Heard:
    """What one party was told about a restoration, and when it acknowledged."""

    party: str
    seconds: float | None
    """None while it has not acknowledged."""
    waited: float
    tries: int
    code: str
    superseded: bool
    heard_at: datetime | None
    """When it acknowledged: so many seconds after the payment."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A person whose good standing came back."""

    id: int
    name: str
    paid_at: datetime
    before: str
    reason: str
    rule: str
    heard: Sequence[Heard]

    @property
    def before_label(self) -> str:
        """Name the standing before it, in Chinese."""
        return str(Standing(self.before).label)

    def late(self, promised: int) -> bool:
        """Tell whether it took, or takes by now, longer than promised (seconds)."""
        return any(
            (one.waited if one.seconds is None else one.seconds) > promised
            for one in self.heard
            if not one.superseded
        )


@dataclass(frozen=True, slots=True)
class Band:
    """So many acknowledgements between these seconds, and their share of all, per cent."""

    above: float
    until: float | None
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """How long acknowledgements of one party took, as figures and in bands."""

    waits: Waits
    bands: Sequence[Band]


_SECONDS = "extract(epoch FROM telling.acknowledged_at - telling.wanted_at)::float8"

_RESTORED = """
FROM credit_standingchange change
JOIN credit_creditline credit ON credit.id = change.credit_line_id
JOIN patients_contract contract ON contract.id = credit.contract_id
JOIN patients_person person ON person.id = credit.person_id
WHERE contract.area_id = %(area)s AND change.after = 'good'
  AND change.at >= %(since)s AND change.at < %(until)s
"""

COUNT = f"SELECT count(*) {_RESTORED}"

RESTORED = f"""
SELECT change.id, person.name, change.at, change.before, change.reason, change.rule, person.id
{_RESTORED} ORDER BY change.at DESC, change.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""

# What each party heard of a restoration: the tellings that the same payment caused.
HEARD = f"""
SELECT telling.person_id, telling.caused_at, telling.party, {_SECONDS},
       extract(epoch FROM coalesce(telling.acknowledged_at, now()) - telling.wanted_at)::float8,
       telling.tries, telling.code, telling.superseded,
       telling.caused_at + (telling.acknowledged_at - telling.wanted_at)
FROM collection_telling telling
WHERE telling.area_id = %(area)s AND NOT telling.listed
  AND telling.person_id = ANY(%(persons)s::bigint[])
  AND telling.caused_at >= %(since)s AND telling.caused_at < %(until)s
ORDER BY telling.party, telling.id
"""  # noqa: S608 - constants of this module


def listed(
    *, area: str, since: datetime, until: datetime, page: int = 1, most: int = PAGE
) -> tuple[list[Restored], int, int]:
    """List restorations caused in a period, the newest first; with the page and how many pages."""
    period = {"area": area, "since": since, "until": until}
    ((count,),) = run(COUNT, period)
    pages = max(1, -(-count // most))
    page = min(page, pages)
    found = run(RESTORED, period | {"limit": most, "offset": (page - 1) * most})
    heard: dict[tuple[int, datetime], list[Heard]] = {}
    for person_id, caused_at, *told in run(HEARD, period | {"persons": [row[6] for row in found]}):
        heard.setdefault((person_id, caused_at), []).append(Heard(*told))
    return [_restored(row, heard) for row in found], page, pages


def _restored(
    row: tuple[Any, ...], heard: Mapping[tuple[int, datetime], Sequence[Heard]]
) -> Restored:
    number, name, paid_at, before, reason, rule, person_id = row
    told = heard.get((person_id, paid_at), [])
    return Restored(number, name, paid_at, before, reason, rule, told)


def distributions(*, area: str, first: date, last: date, promised: int) -> list[Distribution]:
    """Measure the acknowledgements of what was paid on some days, by party; `promised` seconds."""
    measured = tellings.waits(area=area, begin=first, end=last, within_seconds=promised)
    return [Distribution(one, _bands(one)) for one in measured]


def _bands(waits: Waits) -> list[Band]:
    bands, above = [], 0.0
    for until, count in waits.histogram:
        share = round(100 * count / waits.count, 1) if waits.count else 0.0
        bands.append(Band(above, until, count, share))
        above = until or above
    return bands
