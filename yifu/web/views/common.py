"""Pages for everybody: the front door, and the switches."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from yifu.patients.models import Person
from yifu.web.models import Role, Seat

ELDER_COOKIE: Final = "yifu_elder"
A_YEAR_S: Final = 365 * 24 * 3600
_DOORS: Final = {
    Role.DOCTOR: "visits",
    Role.FINANCE: "finance",
    Role.INSURANCE: "uploads",
    Role.CITY: "city",
    Role.CASHIER: "desk",
}


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Send who is signed in to the page of his role; show others what this is."""
    if not request.user.is_authenticated:
        return render(request, "landing.html")
    seat = Seat.objects.filter(user=request.user).first()
    if seat is not None:
        return redirect(_DOORS[Role(seat.role)])
    if Person.objects.filter(user=request.user).exists():
        return redirect("home")
    return render(request, "landing.html", {"without_role": True})


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch the elder mode (长辈版) on or off and go back to where it was switched."""
    response = redirect(_back(request))
    if request.COOKIES.get(ELDER_COOKIE):
        response.delete_cookie(ELDER_COOKIE)
        return response
    response.set_cookie(
        ELDER_COOKIE,
        "1",
        max_age=A_YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _back(request: HttpRequest) -> str:
    """Give the page to return to, when it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else "/"
