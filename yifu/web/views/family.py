"""A patient's family on the phone: see, add, limit, remove; agree to be paid for (P1.4, P1.5)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yifu import clock
from yifu.credit.models import CreditLine
from yifu.enrolment import services as enrolment
from yifu.errors import YifuError
from yifu.patients.models import Contract, Dependant, Person
from yifu.web import family, signup, wallet
from yifu.web.access import for_patient, language
from yifu.web.signing_forms import DependantForm, LimitForm


@require_safe
@for_patient
def listed(request: HttpRequest, person: Person) -> HttpResponse:
    """Show whom the person pays for, who has not answered yet, who pays for the person."""
    context = {
        "person": person,
        "family": family.family_of(person),
        "contract": wallet.contract_of(person),
        "wallet": wallet.wallet_of(person),
        "now": clock.request_now(request),
    }
    return render(request, "patient/family.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def add(request: HttpRequest, person: Person) -> HttpResponse:
    """Add a child at once, or ask an adult relative."""
    contract = signup.live_contract(person)
    if contract is None:
        return redirect("family")
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    form = DependantForm(request.POST if request.method == "POST" else None, scheme=scheme)
    if form.is_valid() and _join(request, person, contract, form):
        return redirect("family")
    context = {
        "person": person,
        "scheme": scheme,
        "form": form,
        "has_line": CreditLine.objects.filter(contract=contract).exists(),
    }
    return render(request, "patient/family_add.html", context, status=422 if form.errors else 200)


def _join(request: HttpRequest, person: Person, contract: Contract, form: DependantForm) -> bool:
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    try:
        joined = family.join_on_phone(person, contract, form.cleaned_data, scheme=scheme, now=now)
    except YifuError as fact:
        form.add_error(None, fact.detail(language()))
        return False
    if isinstance(joined, Dependant):
        messages.success(request, _("已添加，现在看病就由您付费。"))
    else:
        messages.success(request, _("已发出邀请。对方成年，须在自己的手机上同意后才生效。"))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def member(request: HttpRequest, person: Person, dependant_id: int) -> HttpResponse:
    """Show one dependant, change the sub-limit (P2.7)."""
    found = family.find_member(person, dependant_id)
    form = LimitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            enrolment.set_sub_limit(
                found.dependant.contract_id,
                found.dependant.person_id,
                limit_fen=form.cleaned_data["limit_fen"],
                now=clock.request_now(request),
            )
        except YifuError as fact:
            form.add_error(None, fact.detail(language()))
        else:
            messages.success(request, _("限额已更改，立即生效。"))
            return redirect("member", dependant_id)
    context = {
        "person": person,
        "member": found,
        "form": form,
        "bills": wallet.bills_of(person).filter(visit__person=found.dependant.person)[:5],
        "has_line": CreditLine.objects.filter(contract=found.dependant.contract).exists(),
    }
    return render(request, "patient/member.html", context, status=422 if form.errors else 200)


@require_POST
@for_patient
def remove(request: HttpRequest, person: Person, dependant_id: int) -> HttpResponse:
    """Pay for somebody no longer; what is owed stays the person's."""
    found = family.find_member(person, dependant_id)
    enrolment.remove(
        found.dependant.contract_id,
        found.dependant.person_id,
        now=clock.request_now(request),
    )
    messages.success(request, _("已解除。以前的账单仍由您付清；需要时可以重新添加。"))
    return redirect("family")


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def invitation(request: HttpRequest, person: Person, request_id: int) -> HttpResponse:
    """Show an adult who wants to pay for them and the text, and take the answer."""
    asked = family.find_invitation(person, request_id)
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    text = signup.text_of(scheme, language=language(), now=now)
    slot = f"invitation:{request_id}"
    if request.method == "POST" and request.POST.get("answer") == "no":
        family.decline(asked, now=now)
        messages.success(request, _("您没有同意，不会由对方付费。"))
        return redirect("family")
    missed = request.method == "POST" and request.POST.get("agree") != "yes"
    if request.method == "POST" and not missed:
        consent = signup.agree(request.session, slot, version=request.POST.get("version", ""))
        family.agree(asked, consent, now=now)
        signup.forget(request.session, slot)
        messages.success(request, _("已同意，现在看病的个人部分由对方付。"))
        return redirect("family")
    signup.show(request.session, slot, version=text.version, language=language(), now=now)
    context = {"person": person, "asked": asked, "text": text, "scheme": scheme, "missed": missed}
    return render(request, "patient/invitation.html", context, status=422 if missed else 200)


@require_POST
@for_patient
def withdraw(request: HttpRequest, person: Person, request_id: int) -> HttpResponse:
    """Take back what an adult relative was asked."""
    family.withdraw(person, request_id, now=clock.request_now(request))
    messages.success(request, _("邀请已撤回。"))
    return redirect("family")
