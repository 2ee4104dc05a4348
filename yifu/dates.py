"""Days as a hospital in China counts them. Pure: no clock is read here."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""The hospital's and the insurer's time zone. China has one, without daylight saving time."""


def business_date(at: datetime) -> date:
    """Tell the day, in China, that an instant belongs to."""
    return at.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """Tell the instant a day begins in China."""
    return datetime.combine(day, time(), tzinfo=CHINA)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Tell the half-open interval of instants that a day in China covers."""
    return midnight(day), midnight(day + timedelta(days=1))


def add_months(day: date, months: int) -> date:
    """Give the same day so many calendar months later, or the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_after(at: datetime, months: int) -> datetime:
    """Give the same time of day in China so many calendar months later (31 January → 28, 29)."""
    here = at.astimezone(CHINA)
    return datetime.combine(add_months(here.date(), months), here.time(), tzinfo=CHINA)
