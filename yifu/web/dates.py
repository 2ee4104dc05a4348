"""The day a page is about, and which page of a list."""

from datetime import date
from typing import Final

from django.http import HttpRequest, QueryDict

from yifu import clock
from yifu.errors import InvalidRequest

_YEARS: Final = range(2000, 2200)
_PAGES: Final = range(1, 100_000)


def asked_day(request: HttpRequest) -> date:
    """Give the day in `?date=2026-03-01`, or today.

    Raises `InvalidRequest` for what is no date, or one in which there was nothing to settle yet.
    """
    return day_in(request, "date") or clock.business_date(clock.request_now(request))


def day_in(request: HttpRequest, name: str) -> date | None:
    """Give the day that a parameter names, None without one. Raises `InvalidRequest`."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise InvalidRequest(field=name) from None
    if day.year not in _YEARS:
        raise InvalidRequest(field=name)
    return day


def month_in(request: HttpRequest, name: str) -> date | None:
    """Give the first day of the month in `?month=2026-03`. Raises `InvalidRequest`."""
    return month_of(request.GET, name)


def month_of(given: QueryDict, name: str) -> date | None:
    """Give the first day of the month that a field names. Raises `InvalidRequest`."""
    asked = given.get(name) or ""
    if not asked:
        return None
    try:
        month = date.fromisoformat(f"{asked}-01")
    except ValueError:
        raise InvalidRequest(field=name) from None
    if month.year not in _YEARS:
        raise InvalidRequest(field=name)
    return month


def page_in(request: HttpRequest) -> int:
    """Give the number in `?page=2`, or 1. Raises `InvalidRequest`."""
    asked = request.GET.get("page", "1")
    if not asked.isascii() or not asked.isdigit() or int(asked) not in _PAGES:
        raise InvalidRequest(field="page")
    return int(asked)
