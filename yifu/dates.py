"""Days as a hospital in China counts them. Pure: no clock is read here."""

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
