"""The city's pages: today, the night, who is overdue, who was restored (P4, P8)."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yifu import clock
from yifu.collection.models import BillState
from yifu.credit import versions
from yifu.credit.schemes import Scheme
from yifu.errors import InvalidRequest
from yifu.institutions.models import Area, Institution
from yifu.web import city_exports, city_figures, city_lists, nights, restorations
from yifu.web.access import for_staff, in_place
from yifu.web.dates import day_in, page_in
from yifu.web.labels import OVERDUE_AGES
from yifu.web.models import Role, Seat

DAYS_SHOWN: Final = 30
LONGEST_PERIOD: Final = 366


@require_safe
@for_staff(Role.CITY)
def today(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what stands, what waits for somebody, and how the counterparts are (P8.1)."""
    now = clock.request_now(request)
    area = seat.institution.area
    context = {
        "seat": seat,
        "now": now,
        "today": city_figures.today(area=area, now=now),
        "expected": city_figures.expected_night(now),
    }
    return render(request, "city/today.html", context)


@require_safe
@for_staff(Role.CITY)
def night(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the newest night, or that of `?date=`, and the earlier ones beside it (P4.2)."""
    now = clock.request_now(request)
    area = seat.institution.area
    listed = nights.newest(area=area.code)
    shown = _dated(request, seat) if request.GET.get("date") else next(iter(listed), None)
    context: dict[str, Any] = {"seat": seat, "nights": listed, "night": shown, "now": now}
    if shown is not None:
        context["steps"] = nights.steps(shown)
        if not in_place(request):
            context |= _left_behind(shown)
    page = "city/_steps.html" if in_place(request) else "city/night.html"
    return render(request, page, context)


def _left_behind(shown: nights.NightRow) -> dict[str, Any]:
    """Read what a night's debits came to; the part that is refreshed does without."""
    passed_over, count = nights.passed_over(shown)
    return {
        "debits": nights.debits(shown),
        "files": nights.files(shown),
        "passed_over": passed_over,
        "passed_over_count": count,
    }


@require_safe
@for_staff(Role.CITY)
def night_reminders(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Count the messages a night wrote, by kind; asked for when wanted, for it reads them all."""
    now = clock.request_now(request)
    found = _dated(request, seat)
    reminded = nights.reminded(found, now=now)
    context = {"seat": seat, "night": found, "reminded": reminded, "opened": True}
    page = "city/_reminders.html" if in_place(request) else "city/reminders.html"
    return render(request, page, context)


@require_safe
@for_staff(Role.CITY)
def nights_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the newest nights as a file."""
    on = clock.business_date(clock.request_now(request))
    listed = nights.newest(area=seat.institution.area_id)
    return city_exports.nights(listed, name=f"nights-{on}.csv")


@require_safe
@for_staff(Role.CITY)
def passed_over_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give whom a night's daily limits passed over, as a file."""
    found = _dated(request, seat)
    listed, _count = nights.passed_over(found, most=city_lists.EXPORT_MOST)
    return city_exports.passed_over(listed, name=f"passed-over-{found.business_date}.csv")


def _dated(request: HttpRequest, seat: Seat) -> nights.NightRow:
    """Find the night of `?date=` in the seat's area; else it does not exist."""
    on = day_in(request, "date")
    found = None if on is None else nights.one(area=seat.institution.area_id, on=on)
    if found is None:
        raise Http404
    return found


@require_safe
@for_staff(Role.CITY)
def overdue(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show who is overdue, who is listed for it, why, and the way back (P4.3 to P4.5)."""
    now = clock.request_now(request)
    kind, institution, scope = _scope(request, seat)
    asked = _asked(request, kind)
    found = _read(kind, scope, asked, now)
    area = seat.institution.area
    context = {
        "seat": seat,
        "kind": kind,
        "asked": asked,
        "found": found,
        "institution": institution,
        "institutions": Institution.objects.filter(area=area).order_by("name"),
        "ages": OVERDUE_AGES.items(),
        "states": _named(kind),
        "scheme": _scheme(area, now),
    }
    return render(request, "city/overdue.html", context)


@require_safe
@for_staff(Role.CITY)
def overdue_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give one of the lists, filtered as it is shown, as a file."""
    now = clock.request_now(request)
    kind, _institution, scope = _scope(request, seat)
    asked = _asked(request, kind)
    whole = city_lists.Asked(asked.state, asked.age, most=city_lists.EXPORT_MOST)
    found = _read(kind, scope, whole, now)
    on = clock.business_date(now)
    if kind == "entries":
        return city_exports.entries(found.rows, name=f"default-list-{on}.csv")
    return city_exports.overdue(found.rows, name=f"overdue-{on}.csv")


def _scope(request: HttpRequest, seat: Seat) -> tuple[str, Institution | None, city_lists.Scope]:
    """Tell which list is asked for, and whose; another area's institution does not exist."""
    kind = request.GET.get("list", "overdue")
    if kind not in {"overdue", "entries"}:
        raise InvalidRequest(field="list")
    area = seat.institution.area_id
    asked = request.GET.get("institution", "")
    if not asked:
        return kind, None, city_lists.Scope(area)
    found = Institution.objects.filter(area=area, code=asked).first()
    if found is None:
        raise Http404
    return kind, found, city_lists.Scope(area, found.pk)


def _asked(request: HttpRequest, kind: str) -> city_lists.Asked:
    state, age = request.GET.get("state", ""), request.GET.get("age", "")
    if state and state not in _states(kind):
        raise InvalidRequest(field="state")
    if age and age not in city_lists.AGES:
        raise InvalidRequest(field="age")
    return city_lists.Asked(state, age, page_in(request))


def _states(kind: str) -> tuple[str, ...]:
    return city_lists.ENTRY_STATES if kind == "entries" else city_lists.BILL_STATES


def _named(kind: str) -> list[tuple[str, str]]:
    """Give a list's states with their names in Chinese."""
    if kind == "overdue":
        return [(state, str(BillState(state).label)) for state in city_lists.BILL_STATES]
    return [(state, city_lists.entry_state_name(state)) for state in city_lists.ENTRY_STATES]


def _read(
    kind: str, scope: city_lists.Scope, asked: city_lists.Asked, now: datetime
) -> city_lists.Found:
    read = city_lists.entries if kind == "entries" else city_lists.overdue
    return read(scope, asked, now=now)


def _scheme(area: Area, now: datetime) -> Scheme:
    return versions.at(area.scheme, now)


@require_safe
@for_staff(Role.CITY)
def restored(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show restorations of a period, and how long every acknowledgement took (P4.5)."""
    now = clock.request_now(request)
    area = seat.institution.area
    first, last, since, until = _period(request, now)
    promised = _scheme(area, now).restoration.within_seconds
    found, page, pages = restorations.listed(
        area=area.code, since=since, until=until, page=page_in(request)
    )
    measured = restorations.distributions(area=area.code, first=first, last=last, promised=promised)
    context = {
        "seat": seat,
        "first": first,
        "last": last,
        "promised": promised,
        "rows": [(row, row.late(promised)) for row in found],
        "page": page,
        "pages": pages,
        "distributions": measured,
    }
    return render(request, "city/restorations.html", context)


@require_safe
@for_staff(Role.CITY)
def restored_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the restorations of a period as a file."""
    now = clock.request_now(request)
    area = seat.institution.area
    first, last, since, until = _period(request, now)
    promised = _scheme(area, now).restoration.within_seconds
    found, _page, _pages = restorations.listed(
        area=area.code, since=since, until=until, most=city_lists.EXPORT_MOST
    )
    return city_exports.restorations(
        found, promised=promised, name=f"restorations-{first}-{last}.csv"
    )


def _period(request: HttpRequest, now: datetime) -> tuple[date, date, datetime, datetime]:
    """Give the days asked for, both included; without them the last thirty."""
    last = day_in(request, "to") or clock.business_date(now)
    first = day_in(request, "from") or last - timedelta(days=DAYS_SHOWN - 1)
    if not timedelta(0) <= last - first < timedelta(days=LONGEST_PERIOD):
        raise InvalidRequest(field="from")
    return first, last, clock.day_bounds(first)[0], clock.day_bounds(last)[1]
