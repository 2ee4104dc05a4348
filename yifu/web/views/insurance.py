"""The insurance office's pages (院端医保办): what goes to the insurer, and what came back."""

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.errors import InvalidRequest, YifuError
from yifu.uploads import jobs, lists, receipts, self_paid
from yifu.uploads.enrolling import policy_of
from yifu.uploads.models import UploadState
from yifu.web import exports, upload_rows
from yifu.web.access import for_staff, language
from yifu.web.forms import PolicyForm
from yifu.web.models import Role, Seat

_RETRY: Final = {
    "receipts": receipts.retry,
    "lists": lists.retry,
    "self_paid": self_paid.retry,
}


@require_safe
@for_staff(Role.INSURANCE)
def uploads(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show how all uploads stand, and those that wait for something."""
    kind, state = _asked(request)
    context = {
        "seat": seat,
        "figures": upload_rows.figures(seat.institution_id),
        "rows": upload_rows.rows(seat.institution_id, kind=kind, state=state),
        "most": upload_rows.MAX_ROWS,
        "kind": kind,
        "state": state,
        "kinds": upload_rows.KINDS,
        "states": UploadState.choices,
        "policy": PolicyForm(instance=policy_of(seat.institution_id)),
    }
    return render(request, "insurance/uploads.html", context)


@require_safe
@for_staff(Role.INSURANCE)
def uploads_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the uploads that the page lists as a file."""
    kind, state = _asked(request)
    rows = upload_rows.rows(seat.institution_id, kind=kind, state=state)
    return exports.uploads(rows, name="uploads.csv")


def _asked(request: HttpRequest) -> tuple[str, str]:
    """Give the kind and the state that are asked for, each perhaps "". Raises `InvalidRequest`."""
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    if kind and kind not in upload_rows.KINDS:
        raise InvalidRequest(field="kind")
    if state and state not in UploadState.values:
        raise InvalidRequest(field="state")
    return kind, state


@require_POST
@for_staff(Role.INSURANCE)
def run(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Have everything up to yesterday uploaded now, in the background."""
    day = clock.business_date(clock.request_now(request)) - timedelta(days=1)
    jobs.of_institution.configure(lock=f"uploads:{seat.institution_id}").defer(
        institution_id=seat.institution_id, day=day.isoformat()
    )
    messages.success(request, _("已开始上传，请稍后刷新本页。"))
    return redirect("uploads")


@require_POST
@for_staff(Role.INSURANCE)
def policy(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep what the institution uploads and who answers for its settlement lists."""
    form = PolicyForm(request.POST, instance=policy_of(seat.institution_id))
    if form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
    else:
        messages.error(request, InvalidRequest(field=next(iter(form.errors))).detail(language()))
    return redirect("uploads")


@require_POST
@for_staff(Role.INSURANCE)
def retry(request: HttpRequest, seat: Seat, kind: str, upload_id: int) -> HttpResponse:
    """Let something that was refused wait for its next upload."""
    again = _RETRY.get(kind)
    if again is None:
        raise Http404
    try:
        again(upload_id, institution_id=seat.institution_id, now=clock.request_now(request))
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
    else:
        messages.success(request, _("已排队，下次上传时重新发送。"))
    return redirect("uploads")


def settlement_list(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show a settlement list; by POST, keep what was filled in."""
    return _fill_in(request, upload_id) if request.method == "POST" else _show(request, upload_id)


@require_safe
@for_staff(Role.INSURANCE)
def _show(request: HttpRequest, seat: Seat, upload_id: int) -> HttpResponse:
    found = upload_rows.find_list(seat.institution_id, upload_id)
    context = {
        "seat": seat,
        "upload": found,
        "fields": upload_rows.fields_of(found),
        "locked": found.submitted or found.state == UploadState.OBSOLETE,
    }
    return render(request, "insurance/list.html", context)


@require_POST
@for_staff(Role.INSURANCE)
def _fill_in(request: HttpRequest, seat: Seat, upload_id: int) -> HttpResponse:
    found = upload_rows.find_list(seat.institution_id, upload_id)
    shown = {field.name for field in upload_rows.fields_of(found)}
    values = {
        name: str(value)
        for name, value in request.POST.items()
        if name in shown and name not in lists.PROVIDED
    }
    try:
        lists.supplement(
            upload_id,
            values,
            institution_id=seat.institution_id,
            now=clock.request_now(request),
        )
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
    else:
        messages.success(request, _("已保存。"))
    return redirect("settlement_list", upload_id)


@require_POST
@for_staff(Role.INSURANCE)
def submit(request: HttpRequest, seat: Seat, upload_id: int) -> HttpResponse:
    """Submit an accepted list to the insurer (4102)."""
    try:
        lists.submit(upload_id, institution_id=seat.institution_id, now=clock.request_now(request))
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
    else:
        messages.success(request, _("已提交，清单不能再修改。"))
    return redirect("settlement_list", upload_id)
