"""The insurer's statement of a day: our rows up (9101), compare (3202), the result down (9102).

3202 compares one kind of clearing (`clr_type`) at a time, so every kind is asked for, also those of
which we have nothing: the insurer may have something. All of it only reads the insurer's books.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from yifu.insurance import daily_totals, gateway, messages
from yifu.insurance.answers import UnreadableAnswer
from yifu.insurance.cases import MED_TYPES
from yifu.insurance.exchanges import (
    OPERATOR,
    OPERATOR_NAME,
    Envelope,
    Heard,
    Pending,
    close_exchange,
    endpoint_of,
    exchange,
    open_exchange,
)
from yifu.insurance.files import StatementLine, UnreadableFile, read_table, write_statement
from yifu.insurance.messages import Totals
from yifu.insurance.models import ExchangeState
from yifu.insurance.regions.loading import region
from yifu.insurance.rules import SplitError, fen
from yifu.insurance.services import sign_number
from yifu.outside import without_connection
from yifu.visits.models import VisitKind

CLEARING_TYPES: Final[Mapping[str, str]] = {**MED_TYPES, VisitKind.INPATIENT: "21"}
"""`clr_type` by kind of visit: outpatient and emergency care have the codes of their `med_type`."""

_UNEQUAL, _OURS_ONLY = "unequal", "ours_only"
_REFUNDED = "1"
_AMOUNTS = ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")
_DETAIL_CHARACTERS = 300

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Booked:
    """A settlement, or its reversal, as our books have it; a reversal's amounts are negative."""

    line: StatementLine
    cash_fen: int
    visit_kind: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A settlement, or its reversal (`refund`, amounts negative), as the insurer has it; fen."""

    setl_id: str
    refund: bool
    total_fen: int
    fund_fen: int
    account_fen: int


def fetch(
    institution_id: int, booked: Iterable[Booked], *, day: date, now: datetime
) -> list[Stated]:
    """Ask the insurer what it has of an institution on a day, showing what we have (P7.2).

    Must be called outside any transaction. Raises `UnreadableFile` for a result that cannot be
    understood, `NotConnected`, `InsurerRefused`, `InsurerUnavailable`, `InsurerNonsense`.
    """
    sign_no = sign_number(institution_id, now=now)
    ours = list(booked)
    endpoint = endpoint_of(institution_id)
    place = region(endpoint.region)
    if place.dialect is not None:
        lines = [one.line for one in ours]
        found = daily_totals.fetch(institution_id, lines, _totals(ours), day=day, now=now)
        return [Stated(*row) for row in found]
    meanings = place.results(endpoint.mdtrtarea_admvs)
    stated: dict[tuple[str, bool], Stated] = {}
    for kind, clr_type in CLEARING_TYPES.items():
        mine = [one for one in ours if one.visit_kind == kind]
        asked = _Question(institution_id, clr_type, day, sign_no, now)
        rows = read_table("3202", "out", _compare(asked, mine))
        for one in interpret(rows, mine, results=meanings):
            # An insurer may show a row under more than one kind of clearing; it counts once.
            if stated.setdefault((one.setl_id, one.refund), one) != one:
                raise UnreadableFile(f"{one.setl_id} stands twice with other amounts")
    return list(stated.values())


@dataclass(frozen=True, slots=True)
class _Question:
    """One comparison: whose, of what, of which day."""

    institution_id: int
    clr_type: str
    day: date
    sign_no: str
    now: datetime

    @property
    def subject(self) -> str:
        return f"statement:{self.day}:{self.clr_type}"

    def envelope(self, infno: str, input_: messages.Input) -> Envelope:
        return Envelope(infno, self.subject, input_, sign_no=self.sign_no)


def _compare(asked: _Question, mine: Sequence[Booked]) -> bytes:
    """Upload our rows, let the insurer compare, and fetch the zipped result."""
    area = endpoint_of(asked.institution_id).mdtrtarea_admvs
    input_ = messages.statement_detail(
        clr_type=asked.clr_type,
        setl_optins=area,
        file_qury_no=_upload(asked, mine),
        begin=asked.day,
        end=asked.day,
        totals=_totals(mine),
    )
    heard = exchange(asked.institution_id, asked.envelope("3202", input_), now=asked.now)
    node = heard.output_or_raise()["fileinfo"]
    rows = node if isinstance(node, list) else [node]
    if len(rows) != 1:
        raise UnreadableAnswer("fileinfo")
    return _download(asked, str(rows[0]["file_qury_no"]), str(rows[0]["filename"]))


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
    name = f"{code}_{asked.day}_{asked.clr_type}.txt"
    filename = f"{name}.zip"
    content = write_statement((one.line for one in mine), name=name)
    about = {"in": content, "filename": filename, "fixmedins_code": code}

    def speak(endpoint: gateway.Endpoint, pending: Pending) -> str:
        return gateway.upload_file(
            endpoint,
            msgid=pending.msgid,
            filename=filename,
            content=content,
            now=asked.now,
            opter=OPERATOR,
            opter_name=OPERATOR_NAME,
            sign_no=asked.sign_no,
        ).file_qury_no

    return _recorded(asked, asked.envelope("9101", {"fsUploadIn": about}), speak)


def _download(asked: _Question, file_qury_no: str, filename: str) -> bytes:
    wanted = {
        "file_qury_no": file_qury_no,
        "filename": filename,
        "fixmedins_code": gateway.CATALOGUE_OWNER,
    }

    def speak(endpoint: gateway.Endpoint, pending: Pending) -> bytes:
        return gateway.download_file(
            endpoint,
            msgid=pending.msgid,
            file_qury_no=file_qury_no,
            filename=filename,
            now=asked.now,
            opter=OPERATOR,
            opter_name=OPERATOR_NAME,
            sign_no=asked.sign_no,
        )

    return _recorded(asked, asked.envelope("9102", {"fsDownloadIn": wanted}), speak)


def _recorded(
    asked: _Question, envelope: Envelope, speak: Callable[[gateway.Endpoint, Pending], _T]
) -> _T:
    """Send a message that carries or fetches a file, written down before and after."""
    pending = open_exchange(asked.institution_id, envelope, now=asked.now)
    endpoint = endpoint_of(asked.institution_id)
    brought: list[_T] = []
    try:
        with without_connection():
            brought.append(speak(endpoint, pending))
        heard = Heard(ExchangeState.ANSWERED, {}, "")
    except gateway.Refused as error:
        heard = Heard(ExchangeState.REFUSED, None, error.err_msg[:_DETAIL_CHARACTERS])
    except gateway.CallError as error:
        unsent = isinstance(error, gateway.NotSent)
        state = ExchangeState.UNSENT if unsent else ExchangeState.UNKNOWN
        heard = Heard(state, None, str(error)[:_DETAIL_CHARACTERS])
    close_exchange(pending, heard, now=asked.now)
    heard.output_or_raise()
    return brought[0]


def interpret(
    rows: Iterable[Mapping[str, str]], booked: Iterable[Booked], *, results: Mapping[str, str]
) -> list[Stated]:
    """Tell from the rows of a result file what the insurer has. Pure.

    A row that is only marked equal has our amounts. One that is unequal although it repeats our
    amounts, or has none, is a row of ours that the insurer lacks. What the file does not mention
    the insurer does not have. Raises `UnreadableFile` for an unknown result, a row without a
    number or that stands twice, and amounts that are none.
    """
    ours = {(one.line.setl_id, one.line.refund): one.line for one in booked}
    seen: set[tuple[str, bool]] = set()
    stated = []
    for place, row in enumerate(rows, start=1):
        key = row["setl_id"], row["refd_setl_flag"] == _REFUNDED
        if not key[0] or key in seen:
            raise UnreadableFile(f"row {place}: no setl_id, or one that stands twice")
        seen.add(key)
        meaning = results.get(row["stmt_rslt"])
        if meaning is None:
            raise UnreadableFile(f"row {place}: unknown stmt_rslt {row['stmt_rslt'][:6]}")
        if (one := _stated(place, row, ours.get(key), meaning=meaning)) is not None:
            stated.append(one)
    return stated


def _stated(
    place: int, row: Mapping[str, str], our: StatementLine | None, *, meaning: str
) -> Stated | None:
    if meaning == _OURS_ONLY:
        return None
    refund = row["refd_setl_flag"] == _REFUNDED
    repeated = None if our is None else (our.total_fen, our.fund_fen, our.account_fen)
    given = _given(place, row, refund=refund)
    if given is None:
        given = repeated
        if given is None:
            raise UnreadableFile(f"row {place}: no amounts")
    if meaning == _UNEQUAL and given == repeated:
        return None
    return Stated(row["setl_id"], refund, *given)


def _given(place: int, row: Mapping[str, str], *, refund: bool) -> tuple[int, int, int] | None:
    """Read a row's amounts; a refund's may come with either sign and are negative afterwards."""
    if not row["medfee_sumamt"]:
        return None
    try:
        total, fund, account = (fen(row[name] or "0", field=name) for name in _AMOUNTS)
    except SplitError as error:
        raise UnreadableFile(f"row {place}: {error.detail}") from error
    return (-abs(total), -abs(fund), -abs(account)) if refund else (total, fund, account)
