"""What is due when, and what was told (P4.1 to P4.3)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yifu import clock
from yifu.patients.models import Notice, Person
from yifu.web import due, wallet
from yifu.web.access import for_patient


@require_safe
@for_patient
def calendar(request: HttpRequest, person: Person) -> HttpResponse:
    """List what is due when, overdue first, and what happens then."""
    now = clock.request_now(request)
    context = {
        "person": person,
        "calendar": due.calendar_of(person, now=now),
        "binding": wallet.binding_of(person),
        "now": now,
    }
    return render(request, "patient/due.html", context)


@require_safe
@for_patient
def told(request: HttpRequest, person: Person) -> HttpResponse:
    """Show the messages that were sent to the person, the newest first."""
    found = Notice.objects.filter(person=person).order_by("-created_at", "-pk")
    page = Paginator(found, wallet.PAGE).get_page(request.GET.get("page"))
    return render(request, "patient/messages.html", {"person": person, "page": page})
