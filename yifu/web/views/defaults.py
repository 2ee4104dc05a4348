"""The default list as the institution decides about it: entries, and who contests them (P4.4)."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.collection import defaults
from yifu.credit import versions
from yifu.errors import InvalidRequest, YifuError
from yifu.web import city_lists
from yifu.web.access import for_staff, language
from yifu.web.city_lists import ENTRY_STATES, Asked, Scope
from yifu.web.dates import page_in
from yifu.web.models import Role, Seat

MOST: Final = 500
"""So many entries are decided about at once."""
LARGEST_ID: Final = 2**63 - 1
LONGEST: Final = 200


@require_safe
@for_staff(Role.FINANCE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Show the institution's entries of one state, those to decide about first."""
    now = clock.request_now(request)
    state = request.GET.get("state", "proposed")
    if state not in ENTRY_STATES:
        raise InvalidRequest(field="state")
    scope = Scope(seat.institution.area_id, seat.institution_id)
    context = {
        "seat": seat,
        "me": request.user.get_username(),
        "state": state,
        "found": city_lists.entries(scope, Asked(state, page=page_in(request)), now=now),
        "counts": city_lists.counts(scope),
        "scheme": versions.at(seat.institution.area.scheme, now),
    }
    return render(request, "finance/defaults.html", context)


@require_POST
@for_staff(Role.FINANCE)
def decide(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Recognise the chosen entries, all or none, or refuse each of them with the reason."""
    verb, chosen = request.POST.get("verb", ""), _chosen(request)
    if verb not in {"confirm", "refuse"}:
        raise InvalidRequest(field="verb")
    if not chosen:
        messages.error(request, _("请先勾选要处理的记录。"))
    elif verb == "confirm":
        _confirm(request, seat, chosen)
    elif reason := _text(request, "reason"):
        _refuse(request, seat, chosen, reason)
    else:
        messages.error(request, _("请写明不予认定的原因（2–200 字）。"))
    return redirect("defaults")


def _confirm(request: HttpRequest, seat: Seat, chosen: list[int]) -> None:
    if request.POST.get("checked") != "yes":
        messages.error(request, _("请先核对，并勾选“已核对”。"))
        return
    try:
        count = defaults.confirm(
            chosen,
            institution_id=seat.institution_id,
            by=request.user.get_username(),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
        return
    messages.success(request, _("已认定 %(n)s 条，正在推送。") % {"n": count})


def _refuse(request: HttpRequest, seat: Seat, chosen: list[int], reason: str) -> None:
    """Refuse one after the other, each in a transaction of its own; what cannot be is named."""
    done = 0
    for entry_id in chosen:
        try:
            defaults.refuse(
                entry_id,
                institution_id=seat.institution_id,
                by=request.user.get_username(),
                reason=reason,
                now=clock.request_now(request),
            )
        except YifuError as fact:
            messages.error(request, f"{entry_id}: {fact.detail(language())}")
        else:
            done += 1
    if done:
        messages.success(request, _("不予认定 %(n)s 条，没有推送。") % {"n": done})


def _chosen(request: HttpRequest) -> list[int]:
    asked = request.POST.getlist("entry")
    if len(asked) > MOST or not all(one.isascii() and one.isdigit() for one in asked):
        raise InvalidRequest(field="entry")
    chosen = sorted({int(one[:20]) for one in asked})
    if chosen and chosen[-1] > LARGEST_ID:
        raise InvalidRequest(field="entry")
    return chosen


def _text(request: HttpRequest, name: str) -> str:
    """Give a reason, or nothing when it is none."""
    text = request.POST.get(name, "").strip()
    return text if 2 <= len(text) <= LONGEST and "\x00" not in text else ""  # noqa: PLR2004


@require_POST
@for_staff(Role.FINANCE)
def decide_dispute(request: HttpRequest, seat: Seat, dispute_id: int) -> HttpResponse:
    """Uphold a dispute, which undoes its entry, or reject it; not by who recognised the entry."""
    verb, note = request.POST.get("verb", ""), _text(request, "note")
    if verb not in {"uphold", "reject"} or dispute_id > LARGEST_ID:
        raise InvalidRequest(field="verb")
    back = redirect(f"{reverse('defaults')}?state=contested")
    if not note:
        messages.error(request, _("请写明处理的理由（2–200 字）。"))
        return back
    try:
        defaults.decide_dispute(
            dispute_id,
            institution_id=seat.institution_id,
            by=request.user.get_username(),
            upheld=verb == "uphold",
            note=note,
            now=clock.request_now(request),
        )
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
        return back
    told = {
        "uphold": _("异议成立：认定已解除，已推送的正在撤回。"),
        "reject": _("异议不成立：已认定的重新推送。"),
    }
    messages.success(request, told[verb])
    return back
