"""Who may open a page, and what a page shows when a service says no.

Everybody else's things do not exist (404, L11); another role's pages are forbidden (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from yifu.errors import YifuError
from yifu.patients.models import Person
from yifu.web.models import Role, Seat

P = ParamSpec("P")
PatientPage = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]
StaffPage = Callable[Concatenate[HttpRequest, Seat, P], HttpResponse]


def for_patient(view: PatientPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the person who is signed in; others are sent to sign in, or get 403."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        person = Person.objects.select_related("area").filter(user=request.user).first()
        if person is None:
            raise PermissionDenied
        return _private(_answer(request, lambda: view(request, person, *args, **kwargs)))

    return guarded


def for_staff(
    role: Role,
) -> Callable[[StaffPage[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Give the view the seat of who is signed in, when it is one of this role; else 403."""

    def decorate(view: StaffPage[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            seat = Seat.objects.select_related("institution").filter(user=request.user).first()
            if seat is None or seat.role != role:
                raise PermissionDenied
            return _private(_answer(request, lambda: view(request, seat, *args, **kwargs)))

        return guarded

    return decorate


def language() -> str:
    """Give `zh` or `en`, as the errors' messages know it."""
    return (get_language() or "zh")[:2]


def in_place(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page rather than the browser for the whole."""
    return request.headers.get("HX-Request") == "true"


def _answer(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return view()
    except YifuError as fact:
        context = {"message": fact.detail(language()), "code": fact.code}
        return render(request, "error.html", context, status=fact.status)


def _sign_in(request: HttpRequest) -> HttpResponse:
    if not in_place(request):
        return redirect_to_login(request.get_full_path())
    # A part of a page cannot hold the sign-in form: the whole page goes there.
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = redirect_to_login(request.path).url
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """Keep personal pages out of every cache, the browser's own included."""
    patch_cache_control(response, private=True, no_store=True)
    return response
