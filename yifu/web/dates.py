"""The day a page is about."""

from datetime import date
from typing import Final

from django.http import HttpRequest

from yifu import clock
from yifu.errors import InvalidRequest

_YEARS: Final = range(2000, 2200)


def asked_day(request: HttpRequest) -> date:
    """Give the day in `?date=2026-03-01`, or today.

    Raises `InvalidRequest` for what is no date, or one in which there was nothing to settle yet.
    """
    asked = request.GET.get("date", "")
    if not asked:
        return clock.business_date(clock.request_now(request))
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise InvalidRequest(field="date") from None
    if day.year not in _YEARS:
        raise InvalidRequest(field="date")
    return day
