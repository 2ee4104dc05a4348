"""The doctor's room: today's visits, one visit, finish and settle."""

import re
import secrets
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.errors import InvalidRequest, YifuError
from yifu.insurance.codes import label
from yifu.web import audit_desk, care_code, room
from yifu.web.access import for_staff, in_place, language
from yifu.web.dates import asked_day
from yifu.web.models import Role, Seat

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,60}")


@require_safe
@for_staff(Role.DOCTOR)
def visits(request: HttpRequest, seat: Seat) -> HttpResponse:
    """List a day's visits; a care code shows only that patient's."""
    day = asked_day(request)
    found = room.visits_of(seat, day=day)
    code = request.GET.get("code", "").strip()
    if code:
        person_id = care_code.person_id_of(code)
        found = [row for row in found if row.person_id == person_id]
    context = {
        "seat": seat,
        "day": day,
        "visits": found,
        "code": code,
        "latest": None if found else room.latest_day(seat, before=day),
    }
    return render(request, "doctor/visits.html", context)


@require_safe
@for_staff(Role.DOCTOR)
def visit(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Show one visit and what can be done with it."""
    return _page(request, seat, visit_id, {})


@require_POST
@for_staff(Role.DOCTOR)
def preview(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Show warnings and the expected split before anything happens (P7.4)."""
    found = room.find_visit(seat, visit_id)
    try:
        expected = room.preview(found, now=clock.request_now(request))
    except YifuError as fact:
        return _page(request, seat, visit_id, {"fact": fact.detail(language())})
    return _page(request, seat, visit_id, {"expected": expected})


@require_POST
@for_staff(Role.DOCTOR)
def finish(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """End the visit, settle it, and say what the patient pays and how (P3.1)."""
    key = request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        raise InvalidRequest(field="key")
    found = room.find_visit(seat, visit_id)
    try:
        answer = room.finish(
            found,
            agreed_to=request.POST.get("agreed_to", ""),
            way=request.POST.get("way", ""),
            key=key,
            recorded_by=request.user.get_username(),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        return _page(request, seat, visit_id, {"fact": fact.detail(language())})
    if isinstance(answer, room.ConsentAsked):
        context = {"expected": answer.preview, "fact": _("请先告知患者并征得同意，再结算。")}
        return _page(request, seat, visit_id, context)
    if isinstance(answer, audit_desk.AuditAsked):
        context = {"fact": _("医保审核发现明确违规，请先说明理由或修改医嘱，再结算。")}
        return _page(request, seat, visit_id, context)
    return _page(request, seat, visit_id, {})


@require_safe
@for_staff(Role.DOCTOR)
def outcome(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Say how a settlement under way stands; 204 while it stands where the page saw it last."""
    latest = room.latest_settlement(room.find_visit(seat, visit_id))
    if latest is not None and latest.state == request.GET.get("state"):
        return HttpResponse(status=204)
    return _page(request, seat, visit_id, {})


def _page(request: HttpRequest, seat: Seat, visit_id: int, context: dict[str, Any]) -> HttpResponse:
    """Render the visit: the panel alone for htmx, the whole page for everybody else."""
    found = room.find_visit(seat, visit_id)
    context |= {"seat": seat, "room": room.open_room(found), "key": secrets.token_urlsafe(18)}
    context["desk"] = audit_desk.desk_of(found)
    context["ways"] = [
        (code, label("dscg_way", code, language())) for code in context["room"].discharge_ways
    ]
    if "expected" in context:
        context["consent"] = room.consent_warning(context["expected"])
    if in_place(request):
        return render(request, "doctor/_panel.html", context | {"in_place": True})
    if request.method == "POST" and "fact" not in context and "expected" not in context:
        return redirect("visit", visit_id)
    return render(request, "doctor/visit.html", context)
