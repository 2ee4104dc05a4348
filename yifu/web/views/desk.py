"""The cashier's pages: find a person, act on their behalf, take cash (P1.2, P1.6, P4.7).

Who acted is the user who is signed in; it is kept with the consent, the proof and the contract.
"""

import re
import secrets
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yifu import clock
from yifu.collection.models import PAYABLE_STATES
from yifu.enrolment import services as enrolment
from yifu.errors import InvalidRequest, YifuError
from yifu.money import display
from yifu.patients.errors import ContractExists, DebtOpen
from yifu.patients.models import Contract, Person
from yifu.web import desk, effects, leaving, signup
from yifu.web.access import for_staff, language
from yifu.web.models import Role, Seat
from yifu.web.signing_forms import CashForm, DependantForm, FundingForm, SearchForm

_KEY: Final = re.compile(r"[0-9a-f]{32}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Role.CASHIER)
def search(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Find who stands at the window. What was typed is personal: it never is in an address."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Person] = []
    missed = False
    if form.is_valid():
        found = list(desk.search(seat, **form.cleaned_data))
        if len(found) == 1:
            return redirect("desk_person", found[0].pk)
        missed = not found
    context = {"seat": seat, "form": form, "found": found, "missed": missed}
    return render(request, "desk/search.html", context, status=422 if form.errors else 200)


@require_safe
@for_staff(Role.CASHIER)
def person(request: HttpRequest, seat: Seat, person_id: int) -> HttpResponse:
    """Show contract, line, family and bills of this institution's visits."""
    found = desk.find(seat, person_id)
    now = clock.request_now(request)
    view = desk.standing_of(seat, found)
    context = {
        "seat": seat,
        "view": view,
        "person": found,
        "limit": effects.limit_of(view.contract, now=now) if view.contract else None,
        "now": now,
    }
    return render(request, "desk/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Role.CASHIER)
def sign(request: HttpRequest, seat: Seat, person_id: int) -> HttpResponse:
    """Sign a person up on one page: identity seen, text shown, funding (代操作, P1.2)."""
    found = desk.find(seat, person_id)
    if signup.live_contract(found) is not None:
        return redirect("desk_person", person_id)
    now = clock.request_now(request)
    scheme = signup.scheme_of(found, now=now)
    text = signup.text_of(scheme, language=language(), now=now)
    slot = f"desk:{person_id}"
    form = FundingForm(
        request.POST if request.method == "POST" else None, offer=signup.offer(found, scheme)
    )
    if form.is_valid() and _sign(request, seat, found, form, slot):
        messages.success(request, _("已代为签约。"))
        return redirect("desk_person", person_id)
    signup.show(request.session, slot, version=text.version, language=language(), now=now)
    context = {
        "seat": seat,
        "person": found,
        "certificate": desk.standing_of(seat, found).certificate,
        "adult": signup.is_adult(found, scheme, now=now),
        "scheme": scheme,
        "text": text,
        "form": form,
    }
    return render(request, "desk/sign.html", context, status=422 if form.errors else 200)


def _sign(request: HttpRequest, seat: Seat, found: Person, form: FundingForm, slot: str) -> bool:
    if request.POST.get("identity") != "seen" or request.POST.get("agree") != "yes":
        form.add_error(None, _("请核对证件，并在本人阅读、同意后勾选。"))
        return False
    try:
        consent = signup.agree(request.session, slot, version=request.POST.get("version", ""))
        signup.sign(
            found,
            form.chosen(),
            consent,
            channel="window",
            institution_id=seat.institution_id,
            acted_by=request.user.get_username(),
            now=clock.request_now(request),
        )
    except ContractExists:
        return True
    except YifuError as fact:
        form.add_error(None, fact.detail(language()))
        return False
    signup.forget(request.session, slot)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Role.CASHIER)
def add(request: HttpRequest, seat: Seat, person_id: int) -> HttpResponse:
    """Add a dependant whose papers were seen; an adult is there and agrees."""
    found = desk.find(seat, person_id)
    contract = _contract(found)
    now = clock.request_now(request)
    scheme = signup.scheme_of(found, now=now)
    form = DependantForm(request.POST if request.method == "POST" else None, scheme=scheme)
    if form.is_valid() and _add(request, seat, contract, form):
        messages.success(request, _("已添加。"))
        return redirect("desk_person", person_id)
    context = {
        "seat": seat,
        "person": found,
        "form": form,
        "scheme": scheme,
        "text": signup.text_of(scheme, language=language(), now=now),
    }
    return render(request, "desk/add.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, seat: Seat, contract: Contract, form: DependantForm) -> bool:
    if request.POST.get("seen") != "yes":
        form.add_error(None, _("请核对亲属关系证明原件后勾选。"))
        return False
    try:
        desk.add_member(
            seat,
            contract,
            form.cleaned_data,
            acted_by=request.user.get_username(),
            present=request.POST.get("present") == "yes",
            language=language(),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        form.add_error(None, fact.detail(language()))
        return False
    return True


@require_POST
@for_staff(Role.CASHIER)
def remove(request: HttpRequest, seat: Seat, person_id: int, dependant_id: int) -> HttpResponse:
    """Let a dependant go at the principal's wish."""
    found = desk.find(seat, person_id)
    contract = _contract(found)
    leaving_one = contract.dependants.filter(pk=dependant_id, ended_at__isnull=True).first()
    if leaving_one is None:
        raise Http404
    enrolment.remove(contract.pk, leaving_one.person_id, now=clock.request_now(request))
    messages.success(request, _("已解除。以前的账单仍由主体人付清。"))
    return redirect("desk_person", person_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Role.CASHIER)
def cash(request: HttpRequest, seat: Seat, bill_id: int) -> HttpResponse:
    """Take cash for a bill of this institution, whole or in part, from whoever brings it."""
    bill = desk.find_bill(seat, bill_id)
    if request.method == "POST":
        key = request.POST.get("key", "")
        if not _KEY.fullmatch(key):
            raise InvalidRequest(field="key")
        form = CashForm(request.POST)
        if form.is_valid() and _cash(request, seat, form, bill_id=bill_id, key=key):
            return redirect("desk_cash", bill_id)
    else:
        form = CashForm()
    context: dict[str, Any] = {
        "seat": seat,
        "bill": bill,
        "person": bill.principal,
        "is_live": bill.state in PAYABLE_STATES,
        "bank_collects": bill.account.startswith("bank:"),
        "payments": desk.payments_of(bill),
        "form": form,
        "key": request.POST.get("key") or secrets.token_hex(16),
        "now": clock.request_now(request),
    }
    return render(request, "desk/cash.html", context, status=422 if form.errors else 200)


def _cash(request: HttpRequest, seat: Seat, form: CashForm, *, bill_id: int, key: str) -> bool:
    code, payer = form.cleaned_data["payer_code"], None
    if code:
        known = desk.search(seat, number=code, name="", phone="")
        if not known:
            form.add_error("payer_code", _("诊疗码不对，或付款人没有在本院登记。"))
            return False
        payer = known[0]
    amount_fen = form.cleaned_data["amount_fen"]
    try:
        desk.take_cash(
            seat,
            desk.find_bill(seat, bill_id),
            amount_fen=amount_fen,
            payer=payer,
            key=key,
            now=clock.request_now(request),
        )
    except YifuError as fact:
        form.add_error(None, fact.detail(language()))
        return False
    messages.success(request, _("已收现金 %(sum)s。") % {"sum": display(amount_fen)})
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff(Role.CASHIER)
def close(request: HttpRequest, seat: Seat, person_id: int) -> HttpResponse:
    """Close a person's contract on their behalf; what stands in the way is listed (P1.6)."""
    found = desk.find(seat, person_id)
    contract = signup.live_contract(found)
    if contract is None:
        return redirect("desk_person", person_id)
    if request.method == "POST" and request.POST.get("sure") == "yes":
        try:
            enrolment.close(contract.pk, now=clock.request_now(request))
        except DebtOpen as fact:
            messages.error(request, fact.detail(language()))
        else:
            messages.success(request, _("签约已关闭。"))
            return redirect("desk_person", person_id)
    context = {
        "seat": seat,
        "person": found,
        "contract": contract,
        "obstacles": leaving.obstacles_at_the_desk(contract, institution_id=seat.institution_id),
        "view": desk.standing_of(seat, found),
        "unsure": request.method == "POST" and request.POST.get("sure") != "yes",
    }
    return render(request, "desk/close.html", context)


def _contract(found: Person) -> Contract:
    contract = signup.live_contract(found)
    if contract is None:
        raise Http404
    return contract
