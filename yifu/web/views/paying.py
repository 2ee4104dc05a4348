"""A patient pays: a bill of the own, whole or in part, or a relative's (P4.7).

The page says which amount it showed; a bill that has changed since is shown again first, so the
same page sent twice takes nothing twice.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.collection import services as collection
from yifu.collection.errors import PaymentRefused
from yifu.collection.models import PAYABLE_STATES, Bill
from yifu.errors import InvalidRequest, YifuError
from yifu.money import display
from yifu.patients.models import Person
from yifu.payments.errors import DailyLimitExceeded, PaymentUnderWay
from yifu.payments.models import Binding
from yifu.web import relatives, wallet
from yifu.web.access import for_patient, language
from yifu.web.signing_forms import PartForm


@require_POST
@for_patient
def pay(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Pay a bill of the own from a bound account; what a bank lent is the bank's to collect."""
    found = wallet.find_bill(person, bill_id)
    bindings = relatives.bindings_of(person) if wallet.may_debit(found) else []
    return _pay(request, found, person, bindings, page="bill", result_page="result")


@require_POST
@for_patient
def pay_relative(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Pay a relative's bill from the own account; what goes back later comes back to the payer."""
    found = relatives.find(person, bill_id)
    bindings = relatives.bindings_of(person)
    return _pay(request, found, person, bindings, page="relative", result_page="relative_result")


def _pay(
    request: HttpRequest,
    bill: Bill,
    payer: Person,
    bindings: list[Binding],
    *,
    page: str,
    result_page: str,
) -> HttpResponse:
    shown = request.POST.get("amount_fen", "")
    if not (shown.isascii() and shown.isdigit()):
        raise InvalidRequest(field="amount_fen")
    if bill.state not in PAYABLE_STATES:
        return redirect(result_page, bill.pk)
    if bill.owed_fen != int(shown):
        messages.warning(request, _("账单金额已经变化，请核对后再付。"))
        return redirect(page, bill.pk)
    channel = _channel(request, bindings)
    if channel is None:
        messages.error(request, _("没有绑定可扣款的账户，请到窗口付款。"))
        return redirect(page, bill.pk)
    form = PartForm(request.POST)
    if not form.is_valid() or (form.cleaned_data["part_fen"] or 0) > bill.owed_fen:
        messages.error(request, _("请填写不超过应付金额的数，最多两位小数。"))
        return redirect(page, bill.pk)
    amount_fen = form.cleaned_data["part_fen"] or bill.owed_fen
    trouble = _debit(request, bill, payer, channel=channel, amount_fen=amount_fen)
    if trouble:
        messages.error(request, trouble)
        return redirect(page, bill.pk)
    return redirect(result_page, bill.pk)


def _channel(request: HttpRequest, bindings: list[Binding]) -> str | None:
    """Give the account that was chosen, or the first; None: there is none."""
    codes = [binding.channel.code for binding in bindings]
    wanted = request.POST.get("channel", "")
    if wanted and wanted not in codes:
        return None
    return wanted or next(iter(codes), None)


def _debit(
    request: HttpRequest, bill: Bill, payer: Person, *, channel: str, amount_fen: int
) -> str:
    """Debit, and say what kept it from being tried; how it ended is on the result page."""
    try:
        collection.pay_bill(
            bill_id=bill.pk,
            channel=channel,
            amount_fen=amount_fen,
            now=clock.request_now(request),
            institution_id=None,
            payer_id=payer.pk,
        )
    except (PaymentRefused, PaymentUnderWay):
        # The result page tells either from the attempt itself.
        return ""
    except DailyLimitExceeded as fact:
        text = _("超过每日代扣限额，今天还可以扣 %(left)s。其余请到窗口付款。")
        return text % {"left": display(fact.facts["left_fen"])}
    except YifuError as fact:
        return fact.detail(language())
    return ""


@require_safe
@for_patient
def result(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Say how the last payment of a bill ended: paid, refused, or not known yet."""
    found = wallet.find_bill(person, bill_id)
    attempt = wallet.last_attempt(found)
    if attempt is None:
        return redirect("bill", bill_id)
    context = {"person": person, "bill": found, "attempt": attempt}
    return render(request, "patient/result.html", context)


@require_safe
@for_patient
def relatives_bills(request: HttpRequest, person: Person) -> HttpResponse:
    """List relatives' bills that the person may pay."""
    context = {
        "person": person,
        "bills": relatives.bills_of_relatives(person),
        "now": clock.request_now(request),
    }
    return render(request, "patient/relatives.html", context)


@require_safe
@for_patient
def relative(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Show a relative's bill as far as its payer may see it."""
    found = relatives.find(person, bill_id)
    context = {
        "person": person,
        "bill": found,
        "bindings": relatives.bindings_of(person),
        "attempt": wallet.last_attempt(found),
        "is_live": found.state in PAYABLE_STATES,
        "now": clock.request_now(request),
    }
    return render(request, "patient/relative.html", context)


@require_safe
@for_patient
def relative_result(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Say how the person's own payment of a relative's bill ended."""
    found = relatives.find(person, bill_id)
    attempt = relatives.last_attempt(person, bill_id)
    if attempt is None:
        return redirect("relative", bill_id)
    context = {"person": person, "bill": found, "attempt": attempt, "is_relatives": True}
    return render(request, "patient/result.html", context)
