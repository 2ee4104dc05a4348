"""The patient's pages, for the phone first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yifu import clock
from yifu.collection.models import PAYABLE_STATES
from yifu.patients.models import Person
from yifu.web import care_code, due, effects, family, insured, relatives, signup, terms, wallet
from yifu.web.access import for_patient


@require_safe
@for_patient
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Line, what is due and when, recent bills, standing with the way back (P4.7)."""
    now = clock.request_now(request)
    contract = signup.live_contract(person)
    context = {
        "person": person,
        "home": wallet.home(person),
        "now": now,
        "limit": effects.limit_of(contract, now=now) if contract else None,
        "why": effects.standing_of(person),
        "entries": effects.entries_of(person),
        "way_back": terms.way_back(signup.scheme_of(person, now=now)),
        "calendar": due.calendar_of(person, now=now),
        "relatives_bills": relatives.bills_of_relatives(person).count(),
        "invitations": family.family_of(person).invitations,
    }
    return render(request, "patient/home.html", context)


@require_safe
@for_patient
def code(request: HttpRequest, person: Person) -> HttpResponse:
    """Show the care code, large."""
    fours = care_code.grouped(care_code.code_of(person.pk)).split()
    return render(request, "patient/code.html", {"person": person, "fours": fours})


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
        "bindings": relatives.bindings_of(person) if wallet.may_debit(found) else [],
        "bank_collects": found.account.startswith("bank:"),
        "is_live": found.state in PAYABLE_STATES,
        "now": clock.request_now(request),
    }
    return render(request, "patient/bill.html", context)


@require_safe
@for_patient
def settlement(request: HttpRequest, person: Person, settlement_id: int) -> HttpResponse:
    """Show one settlement of one's own visit: what insurance paid, and what the rest was."""
    found = wallet.find_settlement(person, settlement_id)
    context = {"person": person, "settlement": found, "account": wallet.account_of([found])}
    return render(request, "patient/settlement.html", context)
