"""Bad debt: the treasuries' statements for the city, write-offs for a hospital's finance (P4.6)."""

from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.collection import baddebt
from yifu.collection.baddebt import Statement
from yifu.credit import versions
from yifu.errors import InvalidRequest, YifuError
from yifu.web import city_exports, writeoff_desk
from yifu.web.access import for_staff, language
from yifu.web.dates import month_in
from yifu.web.models import Role, Seat

LONGEST_NOTE: Final = 200
LARGEST_ID: Final = 2**63 - 1


@require_safe
@for_staff(Role.CITY)
def treasury(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what each treasury bears in a month, and what is set aside by age."""
    month = _month(request)
    area = seat.institution.area_id
    bearer, bearers = _bearer(request, area)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    context = {
        "seat": seat,
        "month": month,
        "bearer": bearer,
        "bearers": bearers,
        "statements": [_statement(one, month, area) for one in bearers],
        "shown": _statement(bearer, month, area) if bearer else None,
        "provided": writeoff_desk.provided(area=area, until=last),
        "names": _names(request, seat),
    }
    return render(request, "city/baddebt.html", context)


@require_safe
@for_staff(Role.CITY)
def treasury_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give a treasury's statement of a month as a file."""
    month = _month(request)
    area = seat.institution.area_id
    bearer, _bearers = _bearer(request, area)
    if not bearer:
        raise Http404
    found = _statement(bearer, month, area)
    return city_exports.treasury(found, name=f"{bearer}-{month:%Y-%m}.csv")


@require_safe
@for_staff(Role.CITY)
def provisions_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give what is set aside, by bearer and age, as a file."""
    month = _month(request)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = writeoff_desk.provided(area=seat.institution.area_id, until=last)
    if found is None:
        raise Http404
    return city_exports.provisions(found.rows, name=f"provisions-{found.as_of}.csv")


def _month(request: HttpRequest) -> date:
    today = clock.business_date(clock.request_now(request))
    return month_in(request, "month") or today.replace(day=1)


def _bearer(request: HttpRequest, area: str) -> tuple[str, list[str]]:
    """Tell whose statement is asked for; one that bears nothing in the area does not exist."""
    bearers = baddebt.bearers(area=area)
    asked = request.GET.get("bearer", "")
    if asked and asked not in bearers:
        raise Http404
    return asked or next(iter(bearers), ""), bearers


def _names(request: HttpRequest, seat: Seat) -> dict[str, str]:
    scheme = versions.at(seat.institution.area.scheme, clock.request_now(request))
    return writeoff_desk.treasury_names(scheme)


def _statement(bearer: str, month: date, area: str) -> Statement:
    return baddebt.statement(bearer=bearer, month=month, area=area)


@require_safe
@for_staff(Role.FINANCE)
def write_offs(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what waits for a second person, what may be proposed, and what was decided."""
    now = clock.request_now(request)
    context = {
        "seat": seat,
        "me": request.user.get_username(),
        "waiting": writeoff_desk.waiting(institution_id=seat.institution_id),
        "candidates": writeoff_desk.candidates(institution_id=seat.institution_id, now=now),
        "decided": writeoff_desk.decided(institution_id=seat.institution_id),
        "most": writeoff_desk.MOST,
        "names": _names(request, seat),
    }
    return render(request, "finance/writeoffs.html", context)


@require_POST
@for_staff(Role.FINANCE)
def propose(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Propose to write a bill in default off; a second person decides."""
    bill_id, note = _number(request.POST.get("bill", "")), _note(request)
    if not note:
        messages.error(request, _("请写明原因（2–200 字）。"))
        return redirect("writeoffs")
    try:
        baddebt.propose(
            bill_id=bill_id,
            by=request.user.get_username(),
            note=note,
            now=clock.request_now(request),
            institution_id=seat.institution_id,
        )
    except YifuError as fact:
        return _refused(request, fact)
    messages.success(request, _("已提出核销，等待第二人批准。账单仍然应付。"))
    return redirect("writeoffs")


@require_POST
@for_staff(Role.FINANCE)
def decide(request: HttpRequest, seat: Seat, write_off_id: int) -> HttpResponse:
    """Agree to a proposed write-off, or refuse it with a reason."""
    by, now, own = request.user.get_username(), clock.request_now(request), seat.institution_id
    verb, note = request.POST.get("verb"), _note(request)
    if verb not in {"approve", "refuse"}:
        raise InvalidRequest(field="verb")
    if verb == "refuse" and not note:
        messages.error(request, _("请写明原因（2–200 字）。"))
        return redirect("writeoffs")
    try:
        if verb == "refuse":
            baddebt.refuse(write_off_id, by=by, note=note, now=now, institution_id=own)
            messages.success(request, _("已记录：不核销，账单仍然应付。"))
        else:
            done = baddebt.approve(write_off_id, by=by, now=now, institution_id=own)
            messages.success(request, _approved(done.state))
    except YifuError as fact:
        return _refused(request, fact)
    return redirect("writeoffs")


def _approved(state: str) -> str:
    if state == "approved":
        return _("已核销，由财政承担；以后付款会冲减。")
    return _("已同意。规则提出的核销需要两个人，还需另一人批准。")


def _refused(request: HttpRequest, fact: YifuError) -> HttpResponse:
    messages.error(request, fact.detail(language()))
    return redirect("writeoffs")


def _note(request: HttpRequest) -> str:
    """Give the reason, or nothing when it is none."""
    note = request.POST.get("note", "").strip()
    return note if 2 <= len(note) <= LONGEST_NOTE and "\x00" not in note else ""  # noqa: PLR2004


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text[:20]) > LARGEST_ID:
        raise InvalidRequest(field="bill")
    return int(text)
