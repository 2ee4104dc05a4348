"""The insurer's statement of a period: our rows up (9101), compare (3202), the result down (9102).

3202 compares one kind of clearing (`clr_type`) at a time, so every kind is asked for, also those of
which we have nothing: the insurer may have something. All of it only reads the insurer's books.

A large hospital has a hundred thousand rows, so rows stay tuples and amounts are read as digits;
`bench/statement_files.py` holds the time and the memory that takes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from yifu.insurance import answers, daily_totals, filing, messages
from yifu.insurance.exchanges import endpoint_of, exchange
from yifu.insurance.files import StatementLine, UnreadableFile, read_rows, write_statement
from yifu.insurance.filing import Errand
from yifu.insurance.messages import Totals
from yifu.insurance.regions.loading import region
from yifu.insurance.rules import SplitError, fen_or_zero
from yifu.insurance.services import sign_number

EQUAL: Final = "equal"
OURS_ONLY: Final = "ours_only"
_UNEQUAL: Final = "unequal"
_REFUNDED = "1"
_AMOUNTS = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")


class Booked(NamedTuple):
    """A settlement, or its reversal, as our books have it; a reversal's amounts are negative."""

    line: StatementLine
    cash_fen: int
    clr_type: str


class Stated(NamedTuple):
    """A settlement, or its reversal (`refund`, amounts negative), as the insurer has it; fen."""

    setl_id: str
    refund: bool
    total_fen: int
    fund_fen: int
    account_fen: int


@dataclass(frozen=True, slots=True)
class Period:
    """The days a statement covers, both included, by the insurer's `setl_time`."""

    begin: date
    end: date

    @classmethod
    def day(cls, day: date) -> "Period":
        """One day."""
        return cls(day, day)

    def __str__(self) -> str:
        return str(self.begin) if self.begin == self.end else f"{self.begin}~{self.end}"


def fetch(
    institution_id: int,
    booked: Iterable[Booked],
    *,
    period: Period,
    now: datetime,
    clr_types: Iterable[str] = (),
) -> list[Stated]:
    """Ask the insurer what it has of an institution in a period, showing what we have (P7.2).

    Without `clr_types` every kind of clearing is asked for that the area's table names or that we
    have. A settlement that the insurer clears under another kind than we thought is ours only there
    and the insurer's only here: it counts as the insurer's. Must be called outside any transaction.
    Raises `UnreadableFile` for a result that cannot be understood, `NotConnected`,
    `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`.
    """
    sign_no = sign_number(institution_id, now=now)
    endpoint = endpoint_of(institution_id)
    place = region(endpoint.region)
    if place.dialect is not None:
        mine = list(booked)
        lines = [one.line for one in mine]
        found = daily_totals.fetch(institution_id, lines, _totals(mine), day=period.begin, now=now)
        return [Stated(*row) for row in found]
    meanings = place.results(endpoint.mdtrtarea_admvs)
    ours: dict[str, list[Booked]] = {}
    for one in booked:
        ours.setdefault(one.clr_type, []).append(one)
    asked_for = dict.fromkeys(clr_types or (*place.clearing.ask, *ours))
    stated: dict[tuple[str, bool], Stated] = {}
    for clr_type in asked_for:
        mine = ours.get(clr_type, [])
        asked = _Question(institution_id, clr_type, period, sign_no, now)
        rows = read_rows("3202", "out", _compare(asked, mine))
        for said in interpret(rows, mine, results=meanings):
            # An insurer may show a row under more than one kind of clearing; it counts once.
            if stated.setdefault((said.setl_id, said.refund), said) != said:
                raise UnreadableFile(f"{said.setl_id} stands twice with other amounts")
    return list(stated.values())


@dataclass(frozen=True, slots=True)
class _Question:
    """One comparison: whose, of what, of which days."""

    institution_id: int
    clr_type: str
    period: Period
    sign_no: str
    now: datetime

    @property
    def errand(self) -> Errand:
        subject = f"statement:{self.period}:{self.clr_type}"
        return Errand(self.institution_id, subject, self.sign_no, self.now)


def _compare(asked: _Question, mine: Sequence[Booked]) -> bytes:
    """Upload our rows, let the insurer compare, and fetch the zipped result."""
    input_ = messages.statement_detail(
        clr_type=asked.clr_type,
        setl_optins=endpoint_of(asked.institution_id).mdtrtarea_admvs,
        file_qury_no=_upload(asked, mine),
        begin=asked.period.begin,
        end=asked.period.end,
        totals=_totals(mine),
    )
    envelope = asked.errand.envelope("3202", input_)
    heard = exchange(asked.institution_id, envelope, now=asked.now)
    made = answers.read_file_reference(heard.output_or_raise())
    return filing.download(asked.errand, made)


def _totals(mine: Sequence[Booked]) -> Totals:
    return Totals(
        medfee_fen=sum(one.line.total_fen for one in mine),
        fund_fen=sum(one.line.fund_fen for one in mine),
        account_fen=sum(one.line.account_fen for one in mine),
        cash_fen=sum(one.cash_fen for one in mine),
        count=len(mine),
    )


def _upload(asked: _Question, mine: Sequence[Booked]) -> str:
    code = endpoint_of(asked.institution_id).fixmedins_code
    name = f"{code}_{asked.period}_{asked.clr_type}.txt"
    content = write_statement((one.line for one in mine), name=name)
    return filing.upload(asked.errand, filename=f"{name}.zip", content=content)


def interpret(
    rows: Iterable[Sequence[str]], booked: Iterable[Booked], *, results: Mapping[str, str]
) -> list[Stated]:
    """Tell from the rows of a result file what the insurer has. Pure.

    A row is the file's cells in their order. One that is only marked equal has our amounts. One
    that is unequal although it repeats our amounts, or has none, is a row of ours that the insurer
    lacks. What the file does not mention the insurer does not have. Raises `UnreadableFile` for an
    unknown result, a row without a number or that stands twice or names another person or visit
    than ours, and amounts that are none.
    """
    ours: tuple[dict[str, StatementLine], dict[str, StatementLine]] = ({}, {})
    for one in booked:
        ours[one.line.refund][one.line.setl_id] = one.line
    seen: tuple[set[str], set[str]] = (set(), set())
    stated = []
    for place, (psn_no, mdtrt_id, setl_id, _, result, flag, _, *texts) in enumerate(rows, start=1):
        refund = flag == _REFUNDED
        if not setl_id or setl_id in seen[refund]:
            raise UnreadableFile(f"row {place}: no setl_id, or one that stands twice")
        our = ours[refund].get(setl_id)
        seen[refund].add(setl_id if our is None else our.setl_id)
        if our is not None and not _same_visit(our, psn_no, mdtrt_id):
            raise UnreadableFile(f"row {place}: psn_no or mdtrt_id is not that of {setl_id}")
        meaning = results.get(result)
        if meaning is None:
            raise UnreadableFile(f"row {place}: unknown stmt_rslt {result[:6]}")
        if meaning == OURS_ONLY:
            continue
        given = _given(place, texts, refund=refund)
        repeated = None if our is None else our[3:6]
        if given is None and repeated is None:
            raise UnreadableFile(f"row {place}: no amounts")
        if given == repeated or given is None:
            if meaning != _UNEQUAL and our is not None:
                stated.append(Stated(our.setl_id, refund, *our[3:6]))
        else:
            stated.append(Stated(setl_id, refund, *given))
    return stated


def _same_visit(our: StatementLine, psn_no: str, mdtrt_id: str) -> bool:
    """Say whether a row is of the person and visit that our row is of, as far as it says."""
    return psn_no in (our.psn_no, "") and mdtrt_id in (our.mdtrt_id, "")


def _given(place: int, texts: Sequence[str], *, refund: bool) -> tuple[int, int, int] | None:
    """Read a row's amounts; a refund's may come with either sign and are negative afterwards."""
    if not texts[0]:
        return None
    try:
        total, fund, account = map(_fen, texts, _AMOUNTS)
    except SplitError as error:
        raise UnreadableFile(f"row {place}: {error.detail}") from error
    return (-abs(total), -abs(fund), -abs(account)) if refund else (total, fund, account)


def _fen(text: str, field: str) -> int:
    """Read yuan as fen: digits around a point at once, anything else by `rules.fen`."""
    digits = text[:-3] + text[-2:]
    if text[-3:-2] == "." and digits.isascii() and digits.removeprefix("-").isdecimal():
        return int(digits)
    return fen_or_zero(text, field=field)
