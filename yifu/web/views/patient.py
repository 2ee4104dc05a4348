"""The patient's pages, for the phone first."""

from django.contrib import messages
from django.core.paginator import Paginator
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
from yifu.web import care_code, insured, wallet
from yifu.web.access import for_patient, language


@require_safe
@for_patient
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Line, what is due and when, recent bills, standing with the way back (P4.7)."""
    context = {"person": person, "home": wallet.home(person), "now": clock.request_now(request)}
    return render(request, "patient/home.html", context)


@require_safe
@for_patient
def code(request: HttpRequest, person: Person) -> HttpResponse:
    """Show the care code, large."""
    fours = care_code.grouped(care_code.code_of(person.pk)).split()
    return render(request, "patient/code.html", {"person": person, "fours": fours})


@require_safe
@for_patient
def family(request: HttpRequest, person: Person) -> HttpResponse:
    """Show who is on the line, with which sub-limits (P2.7)."""
    context = {
        "person": person,
        "members": wallet.members_of(person),
        "contract": wallet.contract_of(person),
        "wallet": wallet.wallet_of(person),
    }
    return render(request, "patient/family.html", context)


@require_safe
@for_patient
def insurance(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask the insurer what it has counted of this year; asked only when the page is opened."""
    year = insured.year_of(person, now=clock.request_now(request))
    return render(request, "patient/insurance.html", {"person": person, "year": year})


@require_safe
@for_patient
def bills(request: HttpRequest, person: Person) -> HttpResponse:
    """List all bills, what is owed first, a page at a time."""
    page = Paginator(wallet.bills_of(person), wallet.PAGE).get_page(request.GET.get("page"))
    return render(request, "patient/bills.html", {"person": person, "page": page})


@require_safe
@for_patient
def bill(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Show one bill: the parts, the charges, the payments, what is still owed."""
    found = wallet.find_bill(person, bill_id)
    settlements = list(found.settlements.order_by("id"))
    context = {
        "person": person,
        "bill": found,
        "account": wallet.account_of(settlements),
        "payments": wallet.payments_of(found),
        "attempt": wallet.last_attempt(found),
        "binding": wallet.may_debit(found),
        "bank_collects": found.account.startswith("bank:"),
        "is_live": found.state in PAYABLE_STATES,
        "now": clock.request_now(request),
    }
    return render(request, "patient/bill.html", context)


@require_POST
@for_patient
def pay(request: HttpRequest, person: Person, bill_id: int) -> HttpResponse:
    """Pay what is owed on a bill from the bound account; the amount is the one that was shown."""
    found = wallet.find_bill(person, bill_id)
    shown = request.POST.get("amount_fen", "")
    if not (shown.isascii() and shown.isdigit()):
        raise InvalidRequest(field="amount_fen")
    binding = wallet.may_debit(found)
    if found.state not in PAYABLE_STATES:
        return redirect("result", bill_id)
    if found.owed_fen != int(shown):
        messages.warning(request, _("账单金额已经变化，请核对后再付。"))
        return redirect("bill", bill_id)
    if binding is None:
        messages.error(request, _("没有绑定可扣款的账户，请到窗口付款。"))
        return redirect("bill", bill_id)
    return _pay(request, found, channel=binding.channel.code)


def _pay(request: HttpRequest, bill: Bill, *, channel: str) -> HttpResponse:
    try:
        collection.pay_bill(
            bill_id=bill.pk,
            channel=channel,
            amount_fen=bill.owed_fen,
            now=clock.request_now(request),
            institution_id=None,
        )
    except (PaymentRefused, PaymentUnderWay):
        # The result page tells either from the attempt itself.
        return redirect("result", bill.pk)
    except DailyLimitExceeded as fact:
        left = display(fact.facts["left_fen"])
        text = _("超过每日代扣限额，今天还可以扣 %(left)s。其余请到窗口付款。")
        messages.error(request, text % {"left": left})
        return redirect("bill", bill.pk)
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
        return redirect("bill", bill.pk)
    return redirect("result", bill.pk)


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
def settlement(request: HttpRequest, person: Person, settlement_id: int) -> HttpResponse:
    """Show one settlement of one's own visit: what insurance paid, and what the rest was."""
    found = wallet.find_settlement(person, settlement_id)
    context = {"person": person, "settlement": found, "account": wallet.account_of([found])}
    return render(request, "patient/settlement.html", context)
