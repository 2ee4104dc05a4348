"""Scores open with the service and are renewed when they run out (P2.1). Adults only.

Contracts are signed by adults only, so nobody asks about a minor. A line that a bank funds follows
the bank, and a scheme without dimensions has no score: both are never asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yifu import clock, dates, rows
from yifu.credit import gateway, lines, versions
from yifu.credit.gateway import AnswerKind, ScoreAnswer
from yifu.credit.models import CreditLine, CreditParty, Score
from yifu.credit.schemes import Scheme
from yifu.institutions.models import Area
from yifu.patients import services as patients
from yifu.patients.models import Contract, Funding

PLATFORM = "credit_platform"
BATCH = 100
"""So many persons are asked about by one job; see `jobs.RENEW_EVERY_SECONDS` for the rate."""

_DUE = """
SELECT credit.id
FROM credit_creditline credit
JOIN patients_contract contract ON contract.id = credit.contract_id
JOIN patients_person person ON person.id = credit.person_id
LEFT JOIN LATERAL (
    SELECT score.valid_until FROM credit_score score
    WHERE score.person_id = credit.person_id ORDER BY score.asked_at DESC LIMIT 1
) newest ON true
WHERE contract.area_id = %(area)s AND contract.state <> 'closed' AND contract.funding = 'platform'
  AND person.died_on IS NULL AND credit.id > %(after)s
  AND (newest.valid_until IS NULL OR newest.valid_until < %(today)s)
ORDER BY credit.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a batch did: persons asked about, answered, and the last line looked at (0: none)."""

    asked: int
    answered: int
    last: int


def wanted(contract: Contract, *, scheme: Scheme) -> bool:
    """Tell whether a contract's line follows a score: its scheme has one and somebody gives it."""
    return (
        contract.funding == Funding.PLATFORM
        and bool(scheme.score.dimensions)
        and party(contract.area_id) is not None
    )


def party(area: str) -> CreditParty | None:
    """Find the credit platform of an area; None: it has none."""
    return CreditParty.objects.filter(area_id=area, code=PLATFORM).first()


def known(credit_line_id: int) -> bool:
    """Tell whether a line's principal has an answer of the platform that is still valid."""
    line = CreditLine.objects.select_related("contract").get(pk=credit_line_id)
    newest = Score.objects.filter(person_id=line.person_id).order_by("-asked_at").first()
    return newest is not None and newest.asked_at >= line.contract.signed_at


def score(credit_line_id: int, *, now: datetime) -> bool:
    """Ask about one principal and set the limit, outside any transaction; False: no answer.

    True too where nobody is to be asked.
    """
    line = CreditLine.objects.select_related("contract", "person").get(pk=credit_line_id)
    scheme = versions.at(line.contract.scheme, now)
    platform = party(line.contract.area_id)
    if platform is None or not wanted(line.contract, scheme=scheme):
        return True
    return _ask([line], platform, scheme=scheme, now=now) == 1


def renew_due(area: str, *, now: datetime, after: int = 0) -> Renewed:
    """Ask anew about the next principals whose score has run out or is missing (P2.1).

    Takes up to `BATCH` lines above `after`, outside any transaction. Who gets no answer keeps the
    limit they have and comes again with the next round.
    """
    platform, scheme = party(area), _scheme(area, now)
    if platform is None or not scheme.score.dimensions:
        return Renewed(0, 0, 0)
    today = clock.business_date(now)
    asked = {"area": area, "after": after, "today": today, "most": BATCH}
    due = [row[0] for row in rows.run(_DUE, asked)]
    found = CreditLine.objects.select_related("contract", "person").filter(pk__in=due)
    answered = _ask(list(found.order_by("pk")), platform, scheme=scheme, now=now)
    return Renewed(asked=len(due), answered=answered, last=due[-1] if due else 0)


def _scheme(area: str, now: datetime) -> Scheme:
    return versions.at(Area.objects.values_list("scheme", flat=True).get(pk=area), now)


def _ask(
    credit_lines: Sequence[CreditLine], platform: CreditParty, *, scheme: Scheme, now: datetime
) -> int:
    """Ask one after the other, then keep what was heard; gives how many were answered."""
    heard: list[tuple[CreditLine, ScoreAnswer]] = []
    for line in credit_lines:
        answer = gateway.ask_score(
            platform,
            # The same all day: who is asked again after a lost answer has the same one.
            request_no=f"S{line.pk}-{clock.business_date(now):%Y%m%d}",
            id_number=patients.certificate_no(line.person),
            name=line.person.name,
        )
        if answer.kind == AnswerKind.UNSENT:
            break
        if answer.kind != AnswerKind.UNANSWERED:
            heard.append((line, answer))
    _keep(heard, scheme=scheme, now=now)
    return len(heard)


def _keep(
    heard: Sequence[tuple[CreditLine, ScoreAnswer]], *, scheme: Scheme, now: datetime
) -> None:
    """Keep scores and set limits in one transaction; a line closed meanwhile keeps no room."""
    with transaction.atomic():
        live = (
            Contract.objects.select_for_update(no_key=True)
            .filter(pk__in=[line.contract_id for line, _ in heard], closed_at__isnull=True)
            .order_by("pk")
        )
        open_contracts = {contract.pk for contract in live}
        for line, answer in heard:
            kept = Score.objects.create(
                person_id=line.person_id, asked_at=now, **_columns(answer, scheme, now)
            )
            if line.contract_id in open_contracts:
                reason = f"score:{kept.pk}" + (f" {kept.reason}" if kept.reason else "")
                lines.set_limit(
                    line_id=line.line_id,
                    to_fen=scheme.score.limit_fen(kept.score),
                    reason=reason,
                    rule="P2.1",
                    now=now,
                )


def _columns(answer: ScoreAnswer, scheme: Scheme, now: datetime) -> dict[str, Any]:
    """Give a score's columns. What was refused is asked again on the next day."""
    today = clock.business_date(now)
    if answer.scored is None:
        return {"score": None, "reason": answer.code or "refused", "valid_until": today}
    scored = answer.scored
    return {
        "score": scored.score,
        "dimensions": dict(scored.dimensions),
        "reference": scored.reference,
        "reason": "" if scored.score is not None else "unknown",
        "valid_until": min(scored.valid_until, dates.add_months(today, scheme.score.valid_months)),
    }
