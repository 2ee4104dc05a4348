"""What was said to the insurer, for finance: searched, and read as people read it."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yifu.insurance import traces
from yifu.insurance.fields import transactions
from yifu.insurance.models import Exchange, ExchangeState
from yifu.settlement.models import Settlement
from yifu.visits.models import Visit
from yifu.web.access import for_staff
from yifu.web.models import Role, Seat

PAGE = 50
_LONGEST = 40


@require_safe
@for_staff(Role.FINANCE)
def exchanges(request: HttpRequest, seat: Seat) -> HttpResponse:
    """List the institution's exchanges, latest first; found by any of their numbers."""
    asked = request.GET.get("q", "").strip()[:_LONGEST]
    state = request.GET.get("state", "")
    own = Exchange.objects.filter(institution_id=seat.institution_id)
    found = _matching(own, seat, asked)
    if state in ExchangeState.values:
        found = found.filter(state=state)
    ordered = found.order_by("-pk").defer("request", "answer")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    names = {one.infno: one.name for one in transactions().values()}
    rows = [(row, names.get(row.infno, "")) for row in page]
    context = {
        "seat": seat,
        "page": page,
        "rows": rows,
        "asked": asked,
        "state": state,
        "states": ExchangeState.choices,
    }
    return render(request, "finance/exchanges.html", context)


def _matching(own: QuerySet[Exchange], seat: Seat, asked: str) -> QuerySet[Exchange]:
    """Find by msgid, the insurer's number, transaction, visit number or settlement number."""
    if not asked:
        return own
    if asked in transactions():
        return own.filter(infno=asked)
    visits = Visit.objects.filter(institution_id=seat.institution_id, visit_no=asked)
    ids = list(visits.values_list("pk", flat=True))
    of_ours = Settlement.objects.filter(institution_id=seat.institution_id)
    settled = of_ours.filter(Q(setl_id=asked) | Q(visit__in=ids)).values_list("pk", flat=True)
    subjects = traces.subjects_of_visits(ids) + traces.subjects_of_settlements(settled)
    return own.filter(Q(msgid=asked) | Q(inf_refmsgid=asked) | Q(subject__in=[asked, *subjects]))


@require_safe
@for_staff(Role.FINANCE)
def exchange(request: HttpRequest, seat: Seat, exchange_id: int) -> HttpResponse:
    """Show one exchange: both messages with their labels, and what was asked about it later."""
    own = Exchange.objects.filter(institution_id=seat.institution_id, pk=exchange_id)
    row = own.select_related("institution").first()
    if row is None:
        raise Http404
    context = {"seat": seat, "trace": traces.trace(row)}
    return render(request, "finance/exchange.html", context)
