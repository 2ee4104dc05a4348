"""Every figure of finance's day, recomputed from rows by one statement each. Amounts in fen.

All of it is one institution's: each statement names it. "Today" figures belong to a business
date; what is owed, outstanding or under way is as it stands when asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from yifu import clock
from yifu.collection.models import BillState
from yifu.reconciliation.models import DifferenceKind, DifferenceState, Figure, Party
from yifu.reconciliation.rules import HINTS, Hint
from yifu.settlement.models import Method, SettlementState
from yifu.web import figures_sql as sql
from yifu.web.labels import AGES, BANK_OWES, UNDECIDED_METHOD

MAX_ROWS: Final = 200
"""So many settlements under way are listed; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many settlements, and who paid what of them."""

    count: int
    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    hospital_fen: int

    def minus(self, other: "Sums") -> "Sums":
        """Take the reversed ones off."""
        return Sums(
            self.count - other.count,
            self.total_fen - other.total_fen,
            self.fund_fen - other.fund_fen,
            self.account_fen - other.account_fen,
            self.personal_fen - other.personal_fen,
            self.hospital_fen - other.hospital_fen,
        )


@dataclass(frozen=True, slots=True)
class MethodRow:
    """The personal parts of a day that are paid in one way."""

    method: str
    label: str
    count: int
    personal_fen: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Money moved through a channel on a day; failed and undecided tries are only counted."""

    channel: str
    count: int
    amount_fen: int
    failed: int
    undecided: int


@dataclass(frozen=True, slots=True)
class OwedRow:
    """Live bills in one state (`bank`: the bank pays) and of one age."""

    state: str
    age: str
    count: int
    owed_fen: int

    @property
    def state_label(self) -> str:
        """Name the state in Chinese."""
        return BANK_OWES if self.state == "bank" else str(BillState(self.state).label)

    @property
    def age_label(self) -> str:
        """Name the age in Chinese."""
        return AGES[self.age]


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts issued on a day, red ones beside them, and what is still outstanding of any day."""

    issued: int
    issued_fen: int
    red: int
    red_fen: int
    outstanding: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A settlement that has not ended."""

    id: int
    visit_no: str
    name: str
    state: str
    label: str
    total_fen: int
    claimed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """One statement of the other side, and how much of it agrees with ours."""

    id: int
    party: str
    channel: str
    fetched_at: datetime
    rows: int
    their_fen: int
    our_fen: int
    matched: int
    differences: int
    open: int

    @property
    def party_label(self) -> str:
        """Name whose statement it is."""
        return str(Party(self.party).label)


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A place where the two sides differ; `settlement_id` is ours, when it is known."""

    id: int
    party: str
    channel: str
    kind: str
    key: str
    negative: bool
    figure: str
    our_fen: int | None
    their_fen: int | None
    state: str
    note: str
    decided_by: str
    decided_at: datetime | None
    settlement_id: int | None

    @property
    def party_label(self) -> str:
        """Name whose statement it is in."""
        return str(Party(self.party).label)

    @property
    def kind_label(self) -> str:
        """Name in what way the sides differ."""
        return str(DifferenceKind(self.kind).label)

    @property
    def state_label(self) -> str:
        """Name how far it is dealt with."""
        return str(DifferenceState(self.state).label)

    @property
    def figure_label(self) -> str:
        """Name the figure that differs, where it is not the whole amount."""
        return "" if self.figure == Figure.AMOUNT else str(Figure(self.figure).label)

    @property
    def hint(self) -> Hint:
        """Say what is to be done about it."""
        return HINTS[self.party, self.kind, self.negative]

    @property
    def gap_fen(self) -> int:
        """Theirs less ours; a side that knows nothing counts as nothing."""
        return (self.their_fen or 0) - (self.our_fen or 0)


@dataclass(frozen=True, slots=True)
class Day:
    """A finance day on one page."""

    settled: Sums
    reversed: Sums
    net: Sums
    methods: Sequence[MethodRow]
    received: Sequence[Flow]
    refunded: Sequence[Flow]
    owed: Sequence[OwedRow]
    receipts: Receipts
    under_way: Sequence[UnderWay]
    under_way_count: int
    statements: Sequence[StatementFigures]
    differences: Sequence[DifferenceRow]

    @property
    def open_differences(self) -> int:
        """How many differences nobody has decided."""
        return sum(item.open for item in self.statements)

    @property
    def on_credit_fen(self) -> int:
        """Personal parts of the day that stand on a credit line."""
        return sum(
            row.personal_fen for row in self.methods if row.method in {Method.CREDIT, Method.BANK}
        )

    @property
    def received_fen(self) -> int:
        """Money that came in on the day, all channels."""
        return sum(flow.amount_fen for flow in self.received)

    @property
    def refunded_fen(self) -> int:
        """Money that went back on the day, all channels."""
        return sum(flow.amount_fen for flow in self.refunded)

    @property
    def net_received_fen(self) -> int:
        """What came in less what went back."""
        return self.received_fen - self.refunded_fen

    @property
    def owed_fen(self) -> int:
        """What is owed on live bills, patients and banks together."""
        return sum(row.owed_fen for row in self.owed)

    @property
    def overdue_fen(self) -> int:
        """What is owed beyond its due time."""
        return sum(row.owed_fen for row in self.owed if row.state in {"overdue", "defaulted"})

    @property
    def owed_bills(self) -> int:
        """How many live bills there are."""
        return sum(row.count for row in self.owed)


def day(*, institution_id: int, on: date, now: datetime) -> Day:
    """Recompute an institution's figures of a day; `now` decides how old what is owed is."""
    begin, end = clock.day_bounds(on)
    asked = {"institution": institution_id, "day": on, "begin": begin, "end": end, "now": now}
    settled = Sums(*_rows(sql.SETTLED, asked)[0])
    undone = Sums(*_rows(sql.REVERSED, asked)[0])
    under_way = _rows(sql.UNDER_WAY, asked | {"limit": MAX_ROWS})
    return Day(
        settled=settled,
        reversed=undone,
        net=settled.minus(undone),
        methods=[
            MethodRow(row[0], _method(row[0]), *row[1:]) for row in _rows(sql.BY_METHOD, asked)
        ],
        received=[Flow(*row) for row in _rows(sql.RECEIVED, asked)],
        refunded=[Flow(*row) for row in _rows(sql.REFUNDED, asked)],
        owed=[OwedRow(*row) for row in _rows(sql.OWED, asked)],
        receipts=Receipts(*_rows(sql.RECEIPTS, asked)[0]),
        under_way=[_under_way(row) for row in under_way],
        under_way_count=under_way[0][-1] if under_way else 0,
        statements=[StatementFigures(*row) for row in _rows(sql.STATEMENTS, asked)],
        differences=differences(institution_id=institution_id, on=on),
    )


def latest_day(*, institution_id: int, before: date) -> date | None:
    """Give the last day before `before` on which the institution settled anything."""
    latest: date | None = _rows(sql.LATEST, {"institution": institution_id, "day": before})[0][0]
    return latest


def differences(*, institution_id: int, on: date) -> list[DifferenceRow]:
    """Read a day's differences, the undecided ones first."""
    asked = {"institution": institution_id, "day": on}
    return [DifferenceRow(*row) for row in _rows(sql.DIFFERENCES, asked)]


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A settlement of a day as the export lists it."""

    id: int
    visit_no: str
    name: str
    department: str
    state: str
    method: str
    total_fen: int
    fund_fen: int
    account_fen: int
    personal_fen: int
    hospital_fen: int
    setl_id: str
    claimed_at: datetime
    completed_at: datetime | None
    reversed_at: datetime | None


def settlements(*, institution_id: int, on: date) -> list[SettlementRow]:
    """Read every settlement made on a day, whatever became of it."""
    asked = {"institution": institution_id, "day": on}
    return [SettlementRow(*row) for row in _rows(sql.LISTED, asked)]


def _under_way(row: tuple[Any, ...]) -> UnderWay:
    number, visit_no, name, state, total_fen, claimed_at, reason, _ = row
    label = str(SettlementState(state).label)
    return UnderWay(number, visit_no, name, state, label, total_fen, claimed_at, reason)


def _method(code: str) -> str:
    return str(Method(code).label) if code else UNDECIDED_METHOD


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
