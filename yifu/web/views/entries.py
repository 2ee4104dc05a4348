"""What a person may say against an entry of the default list, and what became of it (P4.4)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yifu import clock
from yifu.collection import defaults
from yifu.collection.errors import DisputeOpen
from yifu.errors import YifuError
from yifu.patients.models import Person
from yifu.web import effects, signup, terms
from yifu.web.access import for_patient, language
from yifu.web.signing_forms import DisputeForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_patient
def entry(request: HttpRequest, person: Person, entry_id: int) -> HttpResponse:
    """Show an entry of the default list: reason, rule, date, way back; contest it."""
    found = effects.find_entry(person, entry_id)
    now = clock.request_now(request)
    scheme = signup.scheme_of(person, now=now)
    form = DisputeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            defaults.contest(
                entry_id,
                person_id=person.pk,
                by=request.user.get_username(),
                reason=form.cleaned_data["reason"],
                now=now,
            )
        except DisputeOpen as fact:
            messages.warning(request, fact.detail(language()))
            return redirect("entry", entry_id)
        except YifuError as fact:
            form.add_error(None, fact.detail(language()))
        else:
            messages.success(request, _("异议已提交。处理期间不会推送；已推送的会撤回。"))
            return redirect("entry", entry_id)
    context = {
        "person": person,
        "found": found,
        "form": form,
        "days": scheme.overdue.contest_days,
        "way_back": terms.way_back(scheme),
    }
    return render(request, "patient/entry.html", context, status=422 if form.errors else 200)


@require_POST
@for_patient
def withdraw_dispute(
    request: HttpRequest, person: Person, entry_id: int, dispute_id: int
) -> HttpResponse:
    """Take a dispute back."""
    found = effects.find_entry(person, entry_id)
    if dispute_id not in {one.pk for one in found.disputes}:
        raise Http404
    defaults.withdraw_dispute(
        dispute_id,
        person_id=person.pk,
        by=request.user.get_username(),
        now=clock.request_now(request),
    )
    messages.success(request, _("异议已撤回。"))
    return redirect("entry", entry_id)
