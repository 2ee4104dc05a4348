"""Scheme versions: what is in force, what may come, and deciding about it by two people."""

import hashlib
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yifu import clock
from yifu.credit import schemes, versions
from yifu.credit.models import SchemeVersion, VersionState
from yifu.credit.schemes import SchemeUnreadable
from yifu.errors import InvalidRequest, YifuError
from yifu.insight import replaying
from yifu.web import city_exports, scheme_desk, scheme_faults, what_if, writeoff_desk
from yifu.web.access import for_staff, language
from yifu.web.dates import month_of
from yifu.web.models import Role, Seat
from yifu.web.scheme_desk import Version

LONGEST_TEXT: Final = 200_000
LONGEST_NOTE: Final = 500


@require_safe
@for_staff(Role.CITY)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """List the versions of the area's scheme, with who proposed and who decided."""
    on = clock.business_date(clock.request_now(request))
    code = seat.institution.area.scheme
    context = {
        "seat": seat,
        "scheme": scheme_desk.current(code, on=on),
        "versions": scheme_desk.listed(code, on=on),
    }
    return render(request, "city/schemes.html", context)


@require_safe
@for_staff(Role.CITY)
def version(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Show a version: its text, what it changes, and what may be decided about it."""
    on = clock.business_date(clock.request_now(request))
    code = seat.institution.area.scheme
    shown = _found(seat, number, request)
    asked = request.GET.get("with", "")
    base = _found(seat, asked, request) if asked else scheme_desk.base_of(shown, code, on=on)
    context = {
        "seat": seat,
        "version": shown,
        "text": scheme_desk.text_of(code, shown),
        "base": base,
        "others": [one for one in scheme_desk.listed(code, on=on) if one.number != number],
        "changes": _changes(code, base, shown),
        "mine": shown.row is not None and shown.row.proposed_by == request.user.get_username(),
        **_what_if(request, seat, shown),
    }
    return render(request, "city/scheme.html", context)


def _what_if(request: HttpRequest, seat: Seat, shown: Version) -> dict[str, Any]:
    """Read what is kept of replays of a version; what the project ships is never replayed."""
    if shown.row is None:
        return {}
    area = seat.institution.area
    now = clock.request_now(request)
    asked = replaying.newest(version_id=shown.row.pk, area=area.code)
    last = clock.business_date(now).replace(day=1) - timedelta(days=1)
    return {
        "replay": asked,
        "silent": asked is not None and replaying.is_silent(asked, at=clock.now()),
        "report": what_if.newest(area=area.code, digest=bytes(shown.row.digest)),
        "names": writeoff_desk.treasury_names(versions.at(area.scheme, now)),
        "last_month": last,
        "first_month": (last.replace(day=1) - timedelta(days=1)).replace(day=1),
    }


@require_safe
@for_staff(Role.CITY)
def progress(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Show how far a replay is, or what came of it: the part of the page that refreshes."""
    shown = _found(seat, number, request)
    if shown.row is None:
        raise Http404
    context = {"seat": seat, "version": shown, **_what_if(request, seat, shown)}
    return render(request, "city/_what_if.html", context)


@require_POST
@for_staff(Role.CITY)
def replay(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Ask for recorded months to be replayed under a version, in the background."""
    shown = _found(seat, number, request)
    if shown.row is None:
        raise Http404
    since, until = month_of(request.POST, "since"), month_of(request.POST, "until")
    if since is None or until is None:
        raise InvalidRequest(field="since" if since is None else "until")
    try:
        replaying.start(
            version_id=shown.row.pk,
            area=seat.institution.area_id,
            since=since,
            until=until,
            by=request.user.get_username(),
            now=clock.request_now(request),
        )
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
    return redirect(f"{reverse('city_scheme', args=[number])}#what-if")


@require_safe
@for_staff(Role.CITY)
def what_if_csv(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Give the newest what-if report of a version as a file."""
    shown = _found(seat, number, request)
    digest = b"" if shown.row is None else bytes(shown.row.digest)
    report = what_if.newest(area=seat.institution.area_id, digest=digest)
    if report is None:
        raise Http404
    return city_exports.what_if(report, name=f"what-if-{number}-{report.since}-{report.until}.csv")


def _changes(code: str, base: Version | None, shown: Version) -> list[scheme_desk.Change]:
    if base is None:
        return []
    before, after = scheme_desk.scheme_of(code, base), scheme_desk.scheme_of(code, shown)
    return list(scheme_desk.differences(before, after))


def _found(seat: Seat, number: str, request: HttpRequest) -> Version:
    """Find a version of the area's own scheme; another's does not exist."""
    on = clock.business_date(clock.request_now(request))
    found = scheme_desk.find(seat.institution.area.scheme, number, on=on)
    if found is None:
        raise Http404
    return found


@require_safe
@for_staff(Role.CITY)
def text(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Give a version's text as a file, as it was proposed."""
    shown = _found(seat, number, request)
    code = seat.institution.area.scheme
    response = HttpResponse(
        scheme_desk.text_of(code, shown), content_type="application/toml; charset=utf-8"
    )
    name = f"{code}-{shown.effective_from}.toml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@for_staff(Role.CITY)
def new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Open the form for a new version, filled with the text of `?from=` to begin from."""
    asked = request.GET.get("from", "")
    code = seat.institution.area.scheme
    text = scheme_desk.text_of(code, _found(seat, asked, request)) if asked else ""
    return _form(request, seat, text=text, note="", told=[])


def _form(
    request: HttpRequest,
    seat: Seat,
    *,
    text: str,
    note: str,
    told: list[str],
    status: int = 200,
) -> HttpResponse:
    on = clock.business_date(clock.request_now(request))
    context: dict[str, Any] = {
        "seat": seat,
        "text": text,
        "note": note,
        "faults": scheme_faults.faults(told),
        "tomorrow": clock.day_bounds(on)[1],
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "city/scheme_new.html", context, status=status)


@require_POST
@for_staff(Role.CITY)
def propose(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep a pasted or uploaded text for a second person; every fault is shown, by its line."""
    text, told = _given(request)
    note = request.POST.get("note", "").strip()
    if not _is_note(note):
        told.append(_("请说明为什么要改（2–500 字）。"))
    told += _unfit(text, seat) if text else []
    if told:
        return _form(request, seat, text=text, note=note, told=told, status=422)
    earlier = _proposed_already(text, seat)
    if earlier is not None:
        messages.warning(request, _("同样的文本已经提出，等待批准。"))
        return redirect("city_scheme", number=str(earlier.pk))
    try:
        made = versions.propose(
            text, by=request.user.get_username(), note=note, now=clock.request_now(request)
        )
    except YifuError as fact:
        told = [fact.detail(language())]
        return _form(request, seat, text=text, note=note, told=told, status=fact.status)
    messages.success(request, _("已提出，等待第二人批准。现行方案没有变化。"))
    return redirect("city_scheme", number=str(made.pk))


def _is_note(note: str) -> bool:
    return 2 <= len(note) <= LONGEST_NOTE and "\x00" not in note  # noqa: PLR2004 - a word at least


def _proposed_already(text: str, seat: Seat) -> SchemeVersion | None:
    """Find the same text waiting: a request that came twice makes one version."""
    return SchemeVersion.objects.filter(
        code=seat.institution.area.scheme,
        state=VersionState.PROPOSED,
        digest=hashlib.sha256(text.encode()).digest(),
    ).first()


def _given(request: HttpRequest) -> tuple[str, list[str]]:
    """Read the text that was uploaded, or else pasted; with what is wrong about it as a text."""
    upload = request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > LONGEST_TEXT:
            return "", [_("文件过大。")]
        try:
            text = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            return "", [_("文件不是 UTF-8 文本。")]
    else:
        text = request.POST.get("text", "")
    text = text.replace("\r\n", "\n")
    if not text.strip():
        return "", [_("请粘贴方案文本，或选择文件。")]
    if len(text) > LONGEST_TEXT:
        return "", [_("文件过大。")]
    return text, []


def _unfit(text: str, seat: Seat) -> list[str]:
    """Name everything that is wrong with a text, and that it is another city's."""
    try:
        scheme = schemes.parse(text, name="scheme")
    except SchemeUnreadable as unreadable:
        return list(unreadable.faults)
    except RecursionError:
        return [_("文本嵌套过深。")]
    code = seat.institution.area.scheme
    if scheme.code != code:
        return [_("方案代码须为 %(code)s。") % {"code": code}]
    return []


@require_POST
@for_staff(Role.CITY)
def decide(request: HttpRequest, seat: Seat, number: str) -> HttpResponse:
    """Approve or refuse a proposed version, or withdraw one that has not begun."""
    found = _found(seat, number, request)
    if found.row is None:
        raise Http404
    note = request.POST.get("note", "").strip()
    try:
        _decide(request, found.row.pk, request.POST.get("verb", ""), note)
    except YifuError as fact:
        messages.error(request, fact.detail(language()))
    return redirect("city_scheme", number=number)


def _decide(request: HttpRequest, version_id: int, verb: str, note: str) -> None:
    """Carry a decision out and say what came of it."""
    by, now = request.user.get_username(), clock.request_now(request)
    if verb == "approve":
        done = versions.approve(version_id, by=by, now=now)
        told = _("已批准，自 %(date)s 起生效。") % {"date": done.effective_from.isoformat()}
        messages.success(request, told)
    elif verb == "refuse" and _is_note(note):
        versions.refuse(version_id, by=by, note=note, now=now)
        messages.success(request, _("已驳回。现行方案没有变化。"))
    elif verb == "refuse":
        messages.error(request, _("请写明驳回的原因（2–500 字）。"))
    elif verb == "withdraw":
        versions.withdraw(version_id, by=by, now=now)
        messages.success(request, _("已撤回，不会生效。"))
    else:
        raise InvalidRequest(field="verb")
