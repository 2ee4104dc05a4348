"""What a settlement would come to, before it is asked for; changes nothing (P3.12, P7.4)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from yifu import clock
from yifu.catalogue import services as catalogue
from yifu.catalogue.rules import ChargeLine, Finding, consent_needed
from yifu.credit import services as credit
from yifu.credit import versions
from yifu.insurance import answers, exchanges, stays
from yifu.insurance import services as insurance
from yifu.insurance.audit_models import Audit
from yifu.insurance.cases import Case
from yifu.insurance.errors import InsurerRefused
from yifu.insurance.rules import LineSplit, Split, is_stopped, sum_lines
from yifu.settlement import auditing, insuring, rules, services
from yifu.settlement.funding import self_paid
from yifu.settlement.work import Work, load, open_charges
from yifu.visits.models import Charge, Visit, VisitKind

_STOPPED = Finding(
    code=rules.INSURANCE_STOPPED,
    zh="该患者因失信已暂停医保实时结算，本次费用全部自费；付清欠费后自动恢复",
    en="The patient's real-time insurance settlement is stopped for not paying: all is paid by the "
    "patient until then",
    lines=(),
)


def preview(*, institution_id: int, visit_id: int, now: datetime) -> dict[str, Any]:
    """Tell the expected split, how the personal part would be paid, and what to watch out for.

    The charges are uploaded under a batch of their own, pre-settled (2206) and withdrawn (2205).
    Raises as `services.settle` does.
    """
    loaded = load(visit_id, institution_id)
    visit, stopped = loaded.visit, loaded.stopped
    charges = open_charges(visit.pk, None).charges
    case = None if stopped else services.make_known(visit, loaded.encounter, now=now)
    work = Previewed.of(visit, case, charges)
    split = self_paid(work.total_fen)
    lines: tuple[LineSplit, ...] = ()
    audit: Audit | None = None
    if case is not None:
        try:
            split, lines = _ask(work, now=now)
            audit = auditing.in_preview(case, charges, lines, now=now)
        except InsurerRefused as refusal:
            if not is_stopped(refusal.detail()):
                raise
            stopped = True
    payer = credit.find_payer(visit.person_id, subject=f"visit:{visit.pk}")
    if payer is not None and payer.hold is not None and payer.hold.over(now):
        payer = replace(payer, hold=None)
    funded = rules.choose(
        asked="auto",
        personal_fen=split.personal_fen,
        payer=payer,
        person_id=visit.person_id,
        scheme=versions.at(visit.institution.area.scheme, now),
        kind=visit.kind,
    )
    return {
        "warnings": [
            _show(finding)
            for finding in (
                *([_STOPPED] if stopped else []),
                *_findings(visit, charges, lines, now=now),
            )
        ],
        "total_fen": split.total_fen,
        "fund_fen": split.fund_fen,
        "account_fen": split.account_fen,
        "personal_fen": split.personal_fen,
        "method": funded.method.value,
        "audit": auditing.show(audit),
    }


@dataclass(frozen=True, slots=True)
class Previewed(Work):
    """What would be settled, under names of its own: nothing of it is claimed."""

    @classmethod
    def of(cls, visit: Visit, case: Case | None, charges: list[Charge]) -> Self:
        """Number the charges by themselves."""
        goes_on = visit.kind == VisitKind.INPATIENT and visit.ended_at is None
        lines = tuple((charge.pk, charge) for charge in charges)
        return cls(visit.pk, visit, case, lines, "auto", interim=goes_on)

    @property
    def subject(self) -> str:
        """How exchanges name it."""
        return f"preview:{self.visit.pk}"

    @property
    def batch_no(self) -> str:
        """A batch that no settlement has."""
        return f"P{self.visit.pk}"


def _ask(work: Work, *, now: datetime) -> tuple[Split, tuple[LineSplit, ...]]:
    """Ask the insurer how it would settle; what is uploaded only for that is withdrawn again."""
    case = insuring.case_of(work)
    if work.visit.kind == VisitKind.INPATIENT:
        stays.upload(case, now=now)
        lines = insuring.known_lines(work)
        return _presettled(case, work, lines, now=now), lines
    if work.course.line_node:
        heard = _exchanged(case, work.course.presettle(case, work.asked, sum_lines(())), now=now)
        return answers.read_presettled(heard), answers.read_lines(heard, node=work.course.line_node)
    batch = work.asked
    upload = insurance.upload_message(
        case, batch_no=batch.batch_no, lines=batch.lines, subject=batch.subject
    )
    lines = answers.read_lines(_exchanged(case, upload, now=now))
    try:
        split = _presettled(case, work, lines, now=now)
    finally:
        withdraw = insurance.withdraw_message(case, batch_no=batch.batch_no, subject=batch.subject)
        exchanges.exchange(case.visit.institution_id, withdraw, now=now)
    return split, lines


def _presettled(case: Case, work: Work, lines: tuple[LineSplit, ...], *, now: datetime) -> Split:
    envelope = work.course.presettle(case, work.asked, sum_lines(lines))
    return answers.read_presettled(_exchanged(case, envelope, now=now))


def _exchanged(case: Case, envelope: exchanges.Envelope, *, now: datetime) -> dict[str, Any]:
    heard = exchanges.exchange(case.visit.institution_id, envelope, now=now)
    return heard.output_or_raise()


def _findings(
    visit: Visit,
    charges: list[Charge],
    lines: tuple[LineSplit, ...],
    *,
    now: datetime,
) -> list[Finding]:
    asked = [charge_line(charge) for charge in charges]
    uncovered_ids = {int(line.feedetl_sn) for line in lines if line.own_fen == line.amount_fen}
    uncovered = [
        charge_line(charge)
        for charge in charges
        if charge.pk in uncovered_ids and charge.amount_fen > 0
    ]
    consent = consent_needed(uncovered) if lines else None
    found = list(catalogue.warnings(visit.person, asked, on=clock.business_date(now)))
    return found + ([consent] if consent else [])


def charge_line(charge: Charge) -> ChargeLine:
    """Give a charge as the value that the charge rules work on."""
    return ChargeLine(
        line_no=charge.line_no,
        local_code=charge.local_code,
        national_code=charge.national_code,
        name=charge.name,
        quantity=charge.quantity,
        unit_price_fen=charge.unit_price_fen,
        amount_fen=charge.amount_fen,
        occurred_at=charge.occurred_at,
    )


def _show(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "message_zh": finding.zh,
        "message_en": finding.en,
        "lines": list(finding.lines),
    }
