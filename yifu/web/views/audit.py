"""The insurer's audit on the doctor's page: asked when the page is there, decided one by one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yifu import clock
from yifu.errors import YifuError
from yifu.visits.models import Visit
from yifu.web import audit_desk, room
from yifu.web.access import for_staff, in_place, language
from yifu.web.models import Role, Seat


@require_POST
@for_staff(Role.DOCTOR)
def ask(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Ask the audit about a visit's orders and show what it says."""
    found = room.find_visit(seat, visit_id)
    audit_desk.ask(found, now=clock.request_now(request))
    return _shown(request, found)


@require_POST
@for_staff(Role.DOCTOR)
def decide(request: HttpRequest, seat: Seat, visit_id: int) -> HttpResponse:
    """Keep what the doctor decided about a finding."""
    found = room.find_visit(seat, visit_id)
    try:
        audit_desk.decide(
            found,
            finding_id=request.POST.get("finding", ""),
            decision=request.POST.get("decision", ""),
            reason=request.POST.get("reason", ""),
            by=request.user.get_username(),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        return _shown(request, found, fact=fact.detail(language()))
    return _shown(request, found)


def _shown(request: HttpRequest, visit: Visit, *, fact: str = "") -> HttpResponse:
    """Render the audit's part of the page for htmx; send everybody else back to the page."""
    if not in_place(request) and not fact:
        return redirect("visit", visit.pk)
    context = {"visit_id": visit.pk, "desk": audit_desk.desk_of(visit), "audit_fact": fact}
    if in_place(request):
        context["asked"] = True
        return render(request, "doctor/_audit.html", context)
    return render(request, "error.html", {"message": fact, "code": "audit"}, status=422)
