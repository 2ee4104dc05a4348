"""The insurance office's filings: what was filed, filing, withdrawing."""

import re
import secrets
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yifu import clock
from yifu.errors import InvalidRequest, YifuError
from yifu.insurance import filings
from yifu.insurance.models import Filing, FilingKind, FilingState
from yifu.patients.models import Person
from yifu.web import filing_desk
from yifu.web.access import for_staff, language
from yifu.web.filing_forms import DESK, PeriodForm, WithdrawalForm
from yifu.web.models import Role, Seat

_KEY: Final = re.compile(r"[0-9a-f]{32}")


@require_safe
@for_staff(Role.INSURANCE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show what was filed, the newest first; of one person by the care code, or in one state."""
    code, state = request.GET.get("code", "").strip(), request.GET.get("state", "")
    if state and state not in FilingState.values:
        raise InvalidRequest(field="state")
    person = filing_desk.find_person(seat, code) if code else None
    unknown_code = bool(code) and person is None
    context = {
        "seat": seat,
        "rows": [] if unknown_code else filing_desk.rows(seat, person=person, state=state),
        "person": person,
        "code": code,
        "unknown_code": unknown_code,
        "state": state,
        "states": FilingState.choices,
        "kinds": [(kind.value, kind.label) for kind in DESK],
        "most": filing_desk.MOST,
        "key": secrets.token_hex(16),
    }
    return render(request, "insurance/filings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Role.INSURANCE)
def new(request: HttpRequest, seat: Seat, kind: str) -> HttpResponse:
    """Show the form of a kind for the person with the care code, and file what it says."""
    if kind not in FilingKind.values:
        raise Http404
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")
    person = filing_desk.find_person(seat, code)
    if person is None:
        raise Http404
    form = DESK[FilingKind(kind)](request.POST if request.method == "POST" else None)
    if form.is_valid() and (filing := _file(request, seat, person, form)):
        _say(request, filing)
        return redirect("filings")
    context = {
        "seat": seat,
        "form": form,
        "person": person,
        "code": code,
        "kind": FilingKind(kind),
        "key": secrets.token_hex(16),
    }
    return render(request, "insurance/filing.html", context, status=422 if form.errors else 200)


def _file(request: HttpRequest, seat: Seat, person: Person, form: PeriodForm) -> Filing | None:
    try:
        return filing_desk.file(
            seat,
            person,
            form.form(),
            form.period(),
            key=_key_of(request),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        form.add_error(None, fact.detail(language()))
        return None


@require_POST
@for_staff(Role.INSURANCE)
def withdraw(request: HttpRequest, seat: Seat, filing_id: int) -> HttpResponse:
    """Withdraw a filing, and say what the insurer said."""
    filings.find_filing(filing_id, institution_id=seat.institution_id)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明撤销原因（2–200 字）。"))
        return redirect("filings")
    try:
        filing = filing_desk.withdraw(
            seat,
            filing_id,
            reason=form.cleaned_data["reason"],
            key=_key_of(request),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
    else:
        _say(request, filing)
    return redirect("filings")


def _say(request: HttpRequest, filing: Filing) -> None:
    if filing.state == FilingState.FILED:
        messages.success(request, _("医保已备案。"))
    elif filing.state == FilingState.WITHDRAWN:
        messages.success(request, _("医保已撤销备案。"))
    else:
        messages.warning(request, _("医保没有回答，系统会自动查询。请不要重复办理。"))


def _key_of(request: HttpRequest) -> str:
    """Give the key of the page that was sent. Raises `InvalidRequest`."""
    key = request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        raise InvalidRequest(field="key")
    return key
