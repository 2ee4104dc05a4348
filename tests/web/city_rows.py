"""A city's evening in rows: nights, debts, lists, restorations, write-offs and versions.

Written straight into the tables where pages only read, by the services where they decide.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests import builders
from tests.web import rows
from tests.web.rows import NOW
from yifu import clock
from yifu.clock import midnight
from yifu.collection import baddebt
from yifu.collection.models import (
    Bill,
    DefaultEntry,
    Dispute,
    Night,
    NightDebit,
    NightStep,
    Telling,
)
from yifu.credit import schemes, versions
from yifu.credit.models import CreditLine, SchemeVersion, StandingChange
from yifu.insight import comparing
from yifu.insight.models import WhatIf
from yifu.institutions.models import Institution
from yifu.patients.models import Contract, Notice, Person
from yifu.payments.models import DebitFile

LAST_NIGHT = date(2026, 3, 1)
STEPS = (
    ("catch_up", 12, 12, {"calls_asked": 12, "files_asked": 1}),
    ("debit", 1840, 1840, {"selected": 1840, "debited": 1622, "debited_fen": 21_486_300}),
    ("remind", 187, 187, {"reminded": 187}),
    ("overdue", 96, 96, {"overdue": 96}),
    ("suspend", 91, 91, {"suspended": 91}),
    ("default", 4, 4, {"defaulted": 4, "entries": 4}),
)
REPORT = {
    "selected": 1840,
    "debited": 1622,
    "debited_fen": 21_486_300,
    "failed": 209,
    "unknown": 9,
    "overdue": 96,
    "suspended": 91,
    "defaulted": 4,
    "reminded": 187,
}


def hospital() -> Institution:
    """A district's hospital: its bad debt is the district treasury's."""
    made = builders.institution()
    made.district = "示范区"
    made.save(update_fields=["district"])
    return made


def debtor(at: Institution, name: str, fen: int, *, days: int, standing: str = "suspended") -> Bill:
    """Somebody under contract with a bill so many days past its due time."""
    person = builders.person(at, name=name)
    builders.contract(person)
    Contract.objects.filter(person=person).update(signed_at=NOW - timedelta(days=500))
    state = {"good": "open", "suspended": "overdue"}.get(standing, "defaulted")
    due_at = midnight(NOW.date()) - timedelta(days=days)
    bill = builders.bill(
        person,
        fen,
        line=CreditLine.objects.get(person=person).line,
        at=at,
        began_at=due_at - timedelta(days=3),
        due_at=due_at,
    )
    if standing != "good":
        Bill.objects.filter(pk=bill.pk).update(state=state)
        fact = "overdue" if standing == "suspended" else "defaulted"
        stand(person, standing, reason=f"bill:{bill.pk} {fact}", at=due_at)
    bill.refresh_from_db()
    return bill


def stand(
    person: Person, standing: str, *, reason: str, at: datetime = NOW, before: str = "good"
) -> StandingChange:
    """Give a person a standing, with the change that says why."""
    line = CreditLine.objects.get(person=person)
    CreditLine.objects.filter(pk=line.pk).update(standing=standing, standing_since=at)
    rule = {"suspended": "P4.3", "defaulted": "P4.4", "good": "P4.5"}[standing]
    return StandingChange.objects.create(
        credit_line=line, before=before, after=standing, at=at, reason=reason, rule=rule
    )


def entry(of: Bill, state: str = "proposed", **changes) -> DefaultEntry:
    """An entry of the default list about a bill."""
    decided = {} if state == "proposed" else {"decided_by": "finance", "decided_at": NOW}
    return DefaultEntry.objects.create(
        bill=of,
        principal_id=of.principal_id,
        institution=of.visit.institution,
        state=state,
        rule="P4.4",
        proposed_at=NOW - timedelta(days=1),
        **decided | changes,
    )


def dispute(of: DefaultEntry, reason: str = "当时住院，没有收到短信", **changes) -> Dispute:
    """Somebody contests an entry."""
    fields = {"opened_by": "person", "opened_at": NOW - timedelta(hours=3), **changes}
    return Dispute.objects.create(entry=of, reason=reason, **fields)


def restored(
    at: Institution,
    name: str,
    *,
    paid_at: datetime,
    seconds: dict[str, float | None],
    before: str = "defaulted",
) -> StandingChange:
    """Somebody who has paid; each party acknowledged after so many seconds, or has not (None)."""
    person = builders.person(at, name=name)
    builders.contract(person)
    change = stand(person, "good", reason="bill:1 paid", at=paid_at, before=before)
    for party, took in seconds.items():
        telling(person, party, paid_at=paid_at, seconds=took)
    return change


def telling(
    person: Person, party: str, *, paid_at: datetime, seconds: float | None, **changes
) -> Telling:
    """What a party was told about somebody who has paid."""
    wanted = clock.now() - (NOW - paid_at)
    heard = None if seconds is None else wanted + timedelta(seconds=seconds)
    fields = {
        "listed": False,
        "reason": "bill:1 paid",
        "tries": 1 if seconds is None or seconds < 10 else 3,
        "code": "" if seconds is None else "OK",
        **changes,
    }
    return Telling.objects.create(
        area_id=person.area_id,
        person=person,
        party=party,
        caused_at=paid_at,
        wanted_at=wanted,
        acknowledged_at=heard,
        **fields,
    )


def night(on: date = LAST_NIGHT, *, ended: bool = True, **report: int) -> Night:
    """A night with its steps, over or still running."""
    begun = midnight(on + timedelta(days=1)) + timedelta(minutes=30)
    made = Night.objects.create(
        area=builders.area(),
        business_date=on,
        report=REPORT | report if ended else {},
        begun_at=begun,
        ended_at=begun + timedelta(minutes=2) if ended else None,
    )
    for place, (name, done, total, said) in enumerate(STEPS):
        running = not ended and name == "debit"
        if not ended and place > 1:
            break
        NightStep.objects.create(
            night=made,
            position=place,
            name=name,
            state="running" if running else "done",
            part="citizen_card" if running else "",
            done=done // 3 if running else done,
            total=total,
            report={} if running else said,
            begun_at=begun + timedelta(seconds=30 * place),
            ended_at=None if running else begun + timedelta(seconds=30 * place + 24),
        )
    return made


def debit(
    of: Night, bill: Bill, channel: str = "wechat", *, answer: str = "", **changes
) -> NightDebit:
    """What a night tried about a bill, and the channel's code."""
    attempt = rows.attempt(f"bill:{bill.pk}", bill.owed_fen, channel, **changes)
    attempt.code = answer
    attempt.save(update_fields=["code"])
    return NightDebit.objects.create(night=of, bill=bill, attempt=attempt)


def passed_over(of: Night, bill: Bill) -> NightDebit:
    """A bill for which a daily limit left nothing."""
    return NightDebit.objects.create(night=of, bill=bill, attempt=None)


def debit_file(on: date = LAST_NIGHT, state: str = "applied", **changes) -> DebitFile:
    """A file of debits of a night."""
    begun = midnight(on + timedelta(days=1)) + timedelta(minutes=31)
    fields = {
        "number": f"CC{on:%Y%m%d}{DebitFile.objects.count() + 1:04d}",
        "rows": 1640,
        "amount_fen": 19_803_200,
        "first_attempt": 1,
        "last_attempt": 2,
        "digest": b"0" * 32,
        "written_at": begun,
        "sent_at": begun,
        "applied_at": begun + timedelta(seconds=40) if state == "applied" else None,
        **changes,
    }
    return DebitFile.objects.create(
        channel=rows.channel("citizen_card"), business_date=on, state=state, **fields
    )


def notice(of: Night, person: Person, template: str, state: str = "sent") -> Notice:
    """A message that a night wrote."""
    return Notice.objects.create(
        key=f"{of.pk}:{person.pk}:{template}",
        person=person,
        template=template,
        state=state,
        created_at=of.begun_at,
    )


def changed_scheme(**changes: str) -> str:
    """Hangzhou's scheme from April on, with other texts for parts of it."""
    text = schemes.text_of("hangzhou").replace(
        "effective_from = 2019-07-01 # [HZ]\nlender", "effective_from = 2026-04-01\nlender"
    )
    for before, after in (changes or {"then_hours = 48": "then_hours = 72"}).items():
        assert before in text
        text = text.replace(before, after)
    return text


def proposal(text: str = "", *, by: str = "city", note: str = "多给一天") -> SchemeVersion:
    """A version that waits for a second person."""
    return versions.propose(text or changed_scheme(), by=by, note=note, now=NOW)


@dataclass
class City:
    """What the pages show."""

    hospital: Institution
    night: Night
    overdue: Bill
    listed: DefaultEntry
    contested: DefaultEntry
    version: SchemeVersion


def city() -> City:
    """Something of everything, so that every part of every page is there."""
    at = hospital()
    other = builders.institution("H99010000002")
    overdue = debtor(at, "欧阳明月", 23_450, days=4)
    debtor(other, "诸葛晴", 8_800, days=12)
    debtor(at, "令狐安", 4_200, days=0, standing="good")
    waiting = entry(debtor(at, "司徒静", 56_000, days=33, standing="defaulted"))
    listed = entry(debtor(other, "上官远", 120_300, days=70, standing="defaulted"), "confirmed")
    contested = entry(debtor(at, "慕容和", 31_700, days=40, standing="defaulted"))
    dispute(contested)
    entry(debtor(at, "东方朔月", 9_900, days=36), "refused", reason="短信未送达")
    before = night(LAST_NIGHT - timedelta(days=1), debited=1590, debited_fen=20_110_000)
    last = night()
    debit(last, overdue, state="failed", answer="NOTENOUGH")
    debit(last, waiting.bill, "citizen_card", state="unknown", resolved_at=None)
    passed_over(last, listed.bill)
    debit_file()
    debit_file(state="unknown", applied_at=None, faults=["第 17 行：金额与请求不符", "少 2 笔"])
    for template, state in (("overdue", "sent"), ("debit_failed", "requested")):
        notice(last, overdue.principal, template, state)
    _restorations(at)
    _bad_debt(at, before.business_date)
    return City(at, last, overdue, listed, contested, proposal())


def _restorations(at: Institution) -> None:
    took = ((0.4, 0.6), (0.7, 1.2), (1.1, 2.4), (0.5, 0.9), (4.2, 38.0), (0.6, 412.0), (0.8, None))
    names = ("夏侯一", "皇甫双", "尉迟三", "公孙四", "长孙五", "宇文六", "端木七")
    for place, (name, (insurer, platform)) in enumerate(zip(names, took, strict=True)):
        paid_at = NOW - timedelta(hours=5 * place + 1)
        restored(
            at, name, paid_at=paid_at, seconds={"insurer": insurer, "credit_platform": platform}
        )
    restored(at, "百里八", paid_at=NOW - timedelta(hours=2), seconds={}, before="suspended")


def _bad_debt(at: Institution, as_of: date) -> None:
    gone = debtor(at, "淳于旧", 45_600, days=400, standing="defaulted")
    given_up = baddebt.propose(bill_id=gone.pk, by="finance", note="多次联系不上", now=NOW)
    baddebt.approve(given_up.pk, by="finance2", now=NOW)
    waits = debtor(at, "申屠久", 18_000, days=380, standing="defaulted")
    baddebt.propose(bill_id=waits.pk, by="finance", note="已去世，无遗产", now=NOW)
    baddebt.provide(area=at.area_id, as_of=as_of)


def what_if(of: SchemeVersion, *, since: date = date(2026, 1, 1)) -> WhatIf:
    """What a version would have done until the end of February, kept."""
    found = comparing.compare(
        schemes.parse(of.text, name=of.code),
        text=of.text,
        area=builders.AREA,
        since=since,
        until=date(2026, 2, 28),
    )
    return comparing.keep(found, by="city", now=NOW)
