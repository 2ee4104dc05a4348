"""Finance's pages: the day in figures, what differs, and deciding about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.errors import YifuError
from yifu.insurance.models import Exchange
from yifu.payments.models import Attempt
from yifu.reconciliation import services as reconciliation
from yifu.reconciliation.models import Difference
from yifu.settlement.models import Settlement
from yifu.web import exports, figures
from yifu.web.access import for_staff, language
from yifu.web.dates import asked_day
from yifu.web.forms import DecisionForm
from yifu.web.models import Role, Seat


@require_safe
@for_staff(Role.FINANCE)
def today(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show a day: settled, received, owed, refunds, receipts, statements, differences (P7.2)."""
    now = clock.request_now(request)
    on = asked_day(request)
    day = figures.day(institution_id=seat.institution_id, on=on, now=now)
    context = {"seat": seat, "on": on, "day": day}
    if not day.settled.count:
        context["latest"] = figures.latest_day(institution_id=seat.institution_id, before=on)
    return render(request, "finance/today.html", context)


@require_safe
@for_staff(Role.FINANCE)
def settlements_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the settlements of a day as a file."""
    on = asked_day(request)
    rows = figures.settlements(institution_id=seat.institution_id, on=on)
    return exports.settlements(rows, name=f"settlements-{on}.csv")


@require_safe
@for_staff(Role.FINANCE)
def differences_csv(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Give the differences of a day as a file."""
    on = asked_day(request)
    rows = figures.differences(institution_id=seat.institution_id, on=on)
    return exports.differences(rows, name=f"differences-{on}.csv")


@require_safe
@for_staff(Role.FINANCE)
def settlement(request: HttpRequest, seat: Seat, settlement_id: int) -> HttpResponse:
    """Show one settlement with what was said to the insurer and to the channels."""
    own = Settlement.objects.filter(institution_id=seat.institution_id, pk=settlement_id)
    found = own.select_related("visit", "person", "bill").first()
    if found is None:
        raise Http404
    subjects = [f"settlement:{found.pk}"]
    if found.bill_id is not None:
        subjects.append(f"bill:{found.bill_id}")
    exchanges = Exchange.objects.filter(subject=subjects[0]).defer("request", "answer")
    attempts = Attempt.objects.filter(subject__in=subjects).select_related("channel")
    context = {
        "seat": seat,
        "settlement": found,
        "exchanges": exchanges.order_by("sent_at", "id"),
        "attempts": attempts.order_by("requested_at", "id"),
    }
    return render(request, "finance/settlement.html", context)


@require_POST
@for_staff(Role.FINANCE)
def decide(request: HttpRequest, seat: Seat, difference_id: int) -> HttpResponse:
    """Write down what became of a difference, by whom and why."""
    found = Difference.objects.filter(
        pk=difference_id, statement__institution_id=seat.institution_id
    )
    difference = found.select_related("statement").first()
    if difference is None:
        raise Http404
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择处理结果，并写明原因（2–300 字）。"))
    else:
        _decide(request, difference, form)
    day = difference.statement.business_date
    return redirect(f"{reverse('finance')}?date={day}#difference-{difference_id}")


def _decide(request: HttpRequest, difference: Difference, form: DecisionForm) -> None:
    try:
        reconciliation.decide(
            difference.pk,
            institution_id=difference.statement.institution_id,
            state=form.cleaned_data["state"],
            note=form.cleaned_data["note"],
            by=request.user.get_username(),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
        return
    messages.success(request, _("已记录处理结果。"))
