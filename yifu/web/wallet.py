"""What a patient sees: the line, the family, the bills and what each was made of. Reads only.

Everything is found from the person who is signed in: own visits, and what is paid for others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When
from django.http import Http404

from yifu.collection.models import PAYABLE_STATES, Bill, BillPayment, BillState
from yifu.credit.models import CreditLine
from yifu.credit.rules import Payer, Standing
from yifu.credit.services import find_payer
from yifu.ledger.models import Line
from yifu.patients.models import Contract, ContractState, Dependant, Person
from yifu.patients.rules import Funding
from yifu.payments.models import Attempt, Binding
from yifu.payments.services import find_binding
from yifu.receipts.models import Receipt
from yifu.settlement.models import ENDED_STATES, Settlement, SettlementLine

RECENT = 5
PAGE = 20


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as its reader may use it, fen. A dependant sees the narrower of share and line."""

    limit_fen: int
    held_fen: int
    owed_fen: int
    available_fen: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """Who pays for a person, and how; `line` is None when every amount is debited at once."""

    principal: Person
    is_own: bool
    funding: Funding
    lender: str
    standing: Standing
    standing_since: datetime | None
    line: LineView | None
    kinship: str


@dataclass(frozen=True, slots=True)
class Home:
    """The first page: how much may be used, what is owed, what happened lately. Amounts in fen."""

    wallet: Wallet | None
    owed_fen: int
    live_bills: int
    overdue_fen: int
    overdue_bills: int
    next_due: Bill | None
    debited_at_night: bool
    bills: Sequence[Bill]
    settlements: Sequence[Settlement]


@dataclass(frozen=True, slots=True)
class Parts:
    """Who paid what of a set of settlements, fen."""

    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    hospital_fen: int


@dataclass(frozen=True, slots=True)
class Account:
    """Everything about one bill or one settlement that its payer may see."""

    parts: Parts
    settlements: Sequence[Settlement]
    lines: Sequence[SettlementLine]
    receipts: Sequence[Receipt]


@dataclass(frozen=True, slots=True)
class Member:
    """One dependant on the person's line."""

    dependant: Dependant
    line: Line | None


def wallet_of(person: Person) -> Wallet | None:
    """Find who pays for a person; None when nobody has signed."""
    payer = find_payer(person.pk)
    if payer is None:
        return None
    is_own = payer.principal_id == person.pk
    credit = CreditLine.objects.filter(contract_id=payer.contract_id).first()
    dependant = None
    if not is_own:
        dependant = Dependant.objects.get(person=person, ended_at__isnull=True)
    return Wallet(
        principal=person if is_own else Person.objects.get(pk=payer.principal_id),
        is_own=is_own,
        funding=payer.funding,
        lender=credit.lender if credit else "",
        standing=payer.standing,
        standing_since=credit.standing_since if credit else None,
        line=_narrowest(payer),
        kinship=dependant.kinship if dependant else "",
    )


def _narrowest(payer: Payer) -> LineView | None:
    lines = Line.objects.in_bulk(payer.lines)
    if not lines:
        return None
    own = lines[payer.lines[-1]]
    available_fen = min(line.available_fen for line in lines.values())
    return LineView(own.limit_fen, own.held_fen, own.owed_fen, available_fen)


def home(person: Person) -> Home:
    """Read a person's first page."""
    live = list(bills_of(person).filter(state__in=PAYABLE_STATES).order_by("due_at", "id"))
    overdue = [bill for bill in live if bill.state != BillState.OPEN]
    return Home(
        wallet=wallet_of(person),
        owed_fen=sum(bill.owed_fen for bill in live),
        live_bills=len(live),
        overdue_fen=sum(bill.owed_fen for bill in overdue),
        overdue_bills=len(overdue),
        next_due=next((bill for bill in live if bill.due_at is not None), None),
        debited_at_night=find_binding(person.pk) is not None,
        bills=list(bills_of(person)[:RECENT]),
        settlements=list(settlements_of(person).order_by("-claimed_at", "-id")[:RECENT]),
    )


def bills_of(person: Person) -> QuerySet[Bill]:
    """Give a person's bills, own visits and relatives' alike: owed ones first, then the newest."""
    found = Bill.objects.filter(principal=person)
    found = found.select_related("visit__institution", "visit__person")
    is_owed = Case(When(state__in=PAYABLE_STATES, then=0), default=1)
    return found.order_by(is_owed, "-opened_at", "-id")


def settlements_of(person: Person) -> QuerySet[Settlement]:
    """Give the settlements of a person's own visits, and of bills the person pays."""
    mine = Q(person=person) | Q(bill__principal=person)
    found = Settlement.objects.filter(mine).exclude(state="rejected")
    return found.select_related("visit__institution", "person", "bill")


def find_bill(person: Person, bill_id: int) -> Bill:
    """Find one of the person's bills; `Http404` for anybody else's."""
    bill = bills_of(person).filter(pk=bill_id).first()
    if bill is None:
        raise Http404
    return bill


def find_settlement(person: Person, settlement_id: int) -> Settlement:
    """Find one of the person's settlements; `Http404` for anybody else's."""
    settlement = settlements_of(person).filter(pk=settlement_id).first()
    if settlement is None:
        raise Http404
    return settlement


def account_of(settlements: Sequence[Settlement]) -> Account:
    """Add up who paid what of settlements, with their lines and receipts."""
    live = [item for item in settlements if item.state not in ENDED_STATES] or list(settlements)
    ids = [item.pk for item in live]
    lines = SettlementLine.objects.filter(settlement_id__in=ids).select_related("charge")
    return Account(
        parts=Parts(
            total_fen=sum(item.total_fen for item in live),
            fund_fen=sum(item.fund_fen for item in live),
            account_fen=sum(item.account_fen for item in live),
            personal_fen=sum(item.personal_fen for item in live),
            hospital_fen=sum(item.hospital_fen for item in live),
        ),
        settlements=live,
        lines=list(lines.order_by("charge__line_no", "id")),
        receipts=list(Receipt.objects.filter(settlement_id__in=ids).order_by("id")),
    )


def payments_of(bill: Bill) -> Sequence[BillPayment]:
    """Give what was paid on a bill and what went back, oldest first."""
    found = BillPayment.objects.filter(bill=bill).select_related(
        "attempt__channel", "attempt__payer"
    )
    return list(found.order_by("paid_at", "id"))


def last_attempt(bill: Bill) -> Attempt | None:
    """Give the latest try to take money for a bill."""
    tries = Attempt.objects.filter(subject=f"bill:{bill.pk}").select_related("channel")
    return tries.order_by("-id").first()


def may_debit(bill: Bill) -> Binding | None:
    """Give the contract a bill may be debited by; None: there is none, or the bank collects."""
    if bill.account.startswith("bank:"):
        return None
    return find_binding(bill.principal_id)


def binding_of(person: Person) -> Binding | None:
    """Give the account a person is debited from; None: none is bound."""
    return find_binding(person.pk)


def members_of(person: Person) -> Sequence[Member]:
    """Give the relatives on a person's contract with their shares of the line."""
    found = Dependant.objects.filter(
        contract__person=person, contract__state=ContractState.ACTIVE, ended_at__isnull=True
    )
    found = found.select_related("person", "share__line").order_by("since", "id")
    return [Member(item, item.share.line if hasattr(item, "share") else None) for item in found]


def contract_of(person: Person) -> Contract | None:
    """Give the contract a person has signed and not closed."""
    found = Contract.objects.filter(person=person).exclude(state=ContractState.CLOSED)
    return found.select_related("institution").order_by(F("signed_at").desc()).first()
