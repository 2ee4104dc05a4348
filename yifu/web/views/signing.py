"""A patient signs up in four steps: identity, text, funding, done (P1.2); and closes again (P1.6).

Each step is a page of its own, so "back" works. The last step signs; sent twice, it shows what the
first one did.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yifu import clock
from yifu.enrolment import services as enrolment
from yifu.enrolment.errors import ContractClosed
from yifu.errors import YifuError
from yifu.patients.errors import ContractExists, DebtOpen
from yifu.patients.models import Contract, Person
from yifu.web import effects, leaving, signup, wallet
from yifu.web.access import for_patient, language
from yifu.web.signing_forms import FundingForm

SLOT = "own"
_IDENTITY = "signing_identity"
STEPS = 4


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def identity(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 1: it is me; who is no adult is told how an adult adds them (P2.1)."""
    if signup.live_contract(person) is not None:
        return redirect("signed")
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    adult = signup.is_adult(person, scheme, now=now)
    if request.method == "POST" and adult:
        signup.home_institution(person)
        request.session[_IDENTITY] = person.pk
        return redirect("sign_text")
    context = {
        "person": person,
        "scheme": scheme,
        "adult": adult,
        "payer": wallet.wallet_of(person),
        "step": 1,
    }
    return render(request, "patient/sign_identity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def text(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 2: the text in force, what it means, and the consent."""
    if request.session.get(_IDENTITY) != person.pk:
        return redirect("sign")
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    shown_text = signup.text_of(scheme, language=language(), now=now)
    missed = False
    if request.method == "POST":
        missed = request.POST.get("agree") != "yes"
        if not missed and request.POST.get("version") == shown_text.version:
            signup.agree(request.session, SLOT, version=shown_text.version)
            return redirect("sign_funding")
        if not missed:
            messages.warning(request, _("授权文本刚刚更新，请重新阅读。"))
    signup.show(request.session, SLOT, version=shown_text.version, language=language(), now=now)
    context = {
        "person": person,
        "scheme": scheme,
        "text": shown_text,
        "missed": missed,
        "step": 2,
    }
    return render(request, "patient/sign_text.html", context, status=422 if missed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def funding(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 3: what pays; sending it signs."""
    if signup.live_contract(person) is not None:
        return redirect("signed")
    consent = signup.shown(request.session, SLOT)
    if request.session.get(_IDENTITY) != person.pk or consent is None or not consent.agreed:
        return redirect("sign_text")
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    form = FundingForm(
        request.POST if request.method == "POST" else None, offer=signup.offer(person, scheme)
    )
    if form.is_valid() and _sign(request, person, form, consent):
        return redirect("signed")
    context = {"person": person, "scheme": scheme, "form": form, "step": 3}
    return render(request, "patient/sign_funding.html", context, status=422 if form.errors else 200)


def _sign(request: HttpRequest, person: Person, form: FundingForm, consent: signup.Shown) -> bool:
    """Sign; a refusal stands on the form in words. Who sent the page twice has signed."""
    try:
        signup.sign(
            person,
            form.chosen(),
            consent,
            channel="phone",
            institution_id=signup.home_institution(person),
            now=clock.request_now(request),
        )
    except ContractExists:
        return True
    except YifuError as fact:
        form.add_error(None, fact.detail(language()))
        return False
    signup.forget(request.session, SLOT)
    request.session.pop(_IDENTITY, None)
    return True


@require_safe
@for_patient
def done(request: HttpRequest, person: Person) -> HttpResponse:
    """Step 4: the limit, or that its answer has not come; what next."""
    contract = signup.live_contract(person)
    if contract is None:
        return redirect("sign")
    now = clock.request_now(request)
    context = {
        "person": person,
        "contract": contract,
        "wallet": wallet.wallet_of(person),
        "limit": effects.limit_of(contract, now=now),
        "binding": wallet.binding_of(person),
        "step": STEPS,
    }
    return render(request, "patient/sign_done.html", context)


@require_safe
@for_patient
def close(request: HttpRequest, person: Person) -> HttpResponse:
    """Say what stands in the way of closing, or what closing ends (P1.6)."""
    contract = signup.live_contract(person)
    context = {
        "person": person,
        "contract": contract,
        "obstacles": leaving.obstacles(contract, person) if contract else [],
        "members": wallet.members_of(person),
        "binding": wallet.binding_of(person),
    }
    return render(request, "patient/close.html", context)


@require_POST
@for_patient
def confirm_close(request: HttpRequest, person: Person) -> HttpResponse:
    """Close the contract; what still stands in the way is listed again."""
    contract = signup.live_contract(person)
    if contract is None:
        return redirect("closed")
    if request.POST.get("sure") != "yes":
        messages.warning(request, _("请先勾选确认。"))
        return redirect("close")
    try:
        enrolment.close(contract.pk, now=clock.request_now(request))
    except ContractClosed:
        return redirect("closed")
    except DebtOpen as fact:
        messages.error(request, fact.detail(language()))
        return redirect("close")
    return redirect("closed")


@require_safe
@for_patient
def closed(request: HttpRequest, person: Person) -> HttpResponse:
    """Say what has ended, and that one may sign again."""
    if signup.live_contract(person) is not None:
        return redirect("close")
    found = Contract.objects.filter(person=person, closed_at__isnull=False)
    contract = found.order_by("-closed_at").first()
    if contract is None:
        return redirect("close")
    left = contract.dependants.filter(end_reason="closed", ended_at=contract.closed_at)
    context = {
        "person": person,
        "contract": contract,
        "left": list(left.select_related("person").order_by("pk")),
    }
    return render(request, "patient/closed.html", context)
