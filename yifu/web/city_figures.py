"""Every figure of the city's day, each read by one statement about one area. Amounts in fen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yifu import clock
from yifu.credit import versions
from yifu.institutions.models import Area
from yifu.rows import run
from yifu.web import city_sql as sql
from yifu.web.nights import NightRow, newest


@dataclass(frozen=True, slots=True)
class Credit:
    """Contracts and the lines under them."""

    active: int
    closed: int
    limit_fen: int
    used_fen: int
    """Held and owed together."""
    suspended: int
    defaulted: int


@dataclass(frozen=True, slots=True)
class Owed:
    """Live bills, and those of them that are past their due time."""

    bills: int
    owed_fen: int
    overdue: int
    overdue_fen: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody's word."""

    versions: int
    entries: int
    disputes: int
    tellings: int
    write_offs: int

    @property
    def anything(self) -> bool:
        """True when somebody has to do something."""
        return any((self.versions, self.entries, self.disputes, self.tellings, self.write_offs))


@dataclass(frozen=True, slots=True)
class PartyHealth:
    """What one party has not acknowledged, as stored; nobody is called for it."""

    party: str
    waiting: int
    oldest: datetime | None
    tries: int | None


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """Attempts whose outcome a channel has not told, and the day's answers."""

    channel: str
    undecided: int
    oldest: datetime | None
    failed: int
    succeeded: int


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """What is owed for visits at one institution."""

    code: str
    name: str
    district: str
    bills: int
    owed_fen: int
    overdue: int
    overdue_fen: int


@dataclass(frozen=True, slots=True)
class Today:
    """A city's day on one page."""

    credit: Credit
    owed: Owed
    restored: int
    waiting: Waiting
    night: NightRow | None
    parties: Sequence[PartyHealth]
    channels: Sequence[ChannelHealth]
    institutions: Sequence[InstitutionRow]


RESTORED = """
SELECT count(DISTINCT credit.person_id) FROM credit_standingchange change
JOIN credit_creditline credit ON credit.id = change.credit_line_id
JOIN patients_contract contract ON contract.id = credit.contract_id
WHERE contract.area_id = %(area)s AND change.after = 'good'
  AND change.at >= %(begin)s AND change.at < %(end)s
"""


def today(*, area: Area, now: datetime) -> Today:
    """Read an area's day as it stands now."""
    on = clock.business_date(now)
    begin, end = clock.day_bounds(on)
    nights = newest(area=area.code, most=1)
    parties = list(versions.at(area.scheme, now).overdue.tell)
    ((restored,),) = run(RESTORED, {"area": area.code, "begin": begin, "end": end})
    return Today(
        credit=Credit(*run(sql.STANDING, {"area": area.code})[0]),
        owed=Owed(*run(sql.OWED, {"area": area.code})[0]),
        restored=restored,
        waiting=waiting(area=area),
        night=nights[0] if nights else None,
        parties=[
            PartyHealth(*row) for row in run(sql.TELLINGS, {"area": area.code, "parties": parties})
        ],
        channels=[ChannelHealth(*row) for row in run(sql.CHANNELS, {"area": area.code, "day": on})],
        institutions=[InstitutionRow(*row) for row in run(sql.INSTITUTIONS, {"area": area.code})],
    )


def waiting(*, area: Area) -> Waiting:
    """Count what waits for somebody's word."""
    return Waiting(*run(sql.WAITING, {"area": area.code, "scheme": area.scheme})[0])


def expected_night(now: datetime) -> date:
    """Tell which business date the newest night should be of: yesterday's."""
    return clock.business_date(now) - timedelta(days=1)
