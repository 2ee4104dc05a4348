"""Where two sides differ: pure comparison of two sets of rows, and what to do about it.

`compare` says in Python what `statements.MATCH` does in the database; a test holds the two equal.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from yifu.money import MAX_FEN

Kind = Literal["theirs_only", "ours_only", "amount"]
Figure = Literal["amount", "fund", "account"]
Key = tuple[str, bool]

MAX_KEY_CHARACTERS: Final = 64

_FIGURES: Final[tuple[tuple[Figure, str], ...]] = (
    ("amount", "amount_fen"),
    ("fund", "fund_fen"),
    ("account", "account_fen"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One settlement, payment or refund as one side has it, fen.

    `negative` rows take something back and their amounts are negative. `fund_fen` and
    `account_fen` are None where a side does not know them: nothing is then compared. `fee_fen` is
    what a channel keeps; it is not compared.
    """

    key: str
    negative: bool
    amount_fen: int
    fund_fen: int | None = 0
    account_fen: int | None = 0
    fee_fen: int = 0

    @property
    def identity(self) -> Key:
        """What both sides know the row by."""
        return self.key, self.negative


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One difference: the figure in which the sides differ, as either has it; None: has no row."""

    key: str
    negative: bool
    kind: Kind
    figure: Figure
    our_fen: int | None
    their_fen: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found. Every key of either side is either matched or in a difference."""

    matched: int
    found: tuple[Found, ...]


def compare(ours: Iterable[Row], theirs: Iterable[Row]) -> Comparison:
    """Compare two sets of rows, in each of which a key stands once."""
    # Ours pass by one at a time: a large hospital has a hundred thousand.
    left = {row.identity: row for row in theirs}
    found = []
    matched = 0
    for our in ours:
        difference = _differ(our, left.pop(our.identity, None))
        if difference is None:
            matched += 1
        else:
            found.append(difference)
    found += [lone for row in left.values() if (lone := _differ(None, row)) is not None]
    return Comparison(matched, tuple(sorted(found, key=lambda one: (one.key, one.negative))))


def _differ(our: Row | None, their: Row | None) -> Found | None:
    if their is None and our is not None:
        return Found(our.key, our.negative, "ours_only", "amount", our.amount_fen, None)
    if our is None and their is not None:
        return Found(their.key, their.negative, "theirs_only", "amount", None, their.amount_fen)
    if our is None or their is None:
        return None
    for figure, name in _FIGURES:
        our_fen, their_fen = getattr(our, name), getattr(their, name)
        if None not in (our_fen, their_fen) and our_fen != their_fen:
            return Found(our.key, our.negative, "amount", figure, our_fen, their_fen)
    return None


def faults(rows: Iterable[Row]) -> Iterator[str]:
    """Name what makes rows from outside unfit to be kept, by their place; nothing when all are fit.

    A key must be there, once, printable and not too long; no amount may be beyond all reason.
    """
    seen: set[Key] = set()
    for place, row in enumerate(rows, start=1):
        if not 1 <= len(row.key) <= MAX_KEY_CHARACTERS or not row.key.isprintable():
            yield f"row {place}: no usable number"
        elif row.identity in seen:
            yield f"row {place}: {row.key} stands twice"
        amounts = (row.amount_fen, row.fund_fen or 0, row.account_fen or 0, row.fee_fen)
        if any(abs(amount) > MAX_FEN for amount in amounts):
            yield f"row {place}: an amount beyond all reason"
        seen.add(row.identity)


@dataclass(frozen=True, slots=True)
class Hint:
    """What to do about a kind of difference, for whoever has to decide it."""

    zh: str
    en: str


HINTS: Final[Mapping[tuple[str, str, bool], Hint]] = {
    ("insurer", "theirs_only", False): Hint(
        "医保有结算、我方没有：先运行恢复（yifu recover）；仍无对应结算时，请医保经办撤销该笔。",
        "The insurer has a settlement that we lack: run the recovery (yifu recover); if it stays, "
        "ask the insurer to reverse it.",
    ),
    ("insurer", "theirs_only", True): Hint(
        "医保有撤销、我方没有：核对该笔结算是否已在我方撤销，必要时运行恢复（yifu recover）。",
        "The insurer has a reversal that we lack: check whether the settlement is reversed here; "
        "if need be run the recovery (yifu recover).",
    ),
    ("insurer", "ours_only", False): Hint(
        "我方有结算、医保没有：用 5203 查询该结算；医保确无记录时，撤销并重新结算。",
        "We have a settlement that the insurer lacks: query it (5203); if it is not there, reverse "
        "it and settle again.",
    ),
    ("insurer", "ours_only", True): Hint(
        "我方有撤销、医保没有：核对医保是否记在相邻日期；否则重新发送撤销（2208）。",
        "We have a reversal that the insurer lacks: see whether it stands on a neighbouring day; "
        "otherwise send the reversal again (2208).",
    ),
    ("insurer", "amount", False): Hint(
        "金额不一致：以医保结算单为准核对分割；属医保更正的，撤销后重新结算。",
        "The amounts differ: check the split against the insurer's settlement; where the insurer "
        "corrected it, reverse and settle again.",
    ),
    ("insurer", "amount", True): Hint(
        "撤销金额不一致：与医保核对原结算与撤销记录。",
        "The reversal's amounts differ: check settlement and reversal with the insurer.",
    ),
    ("channel", "theirs_only", False): Hint(
        "渠道有扣款、我方没有成功记录：查询该笔扣款的结果；确无对应账单时原路退回。",
        "The channel has a payment that did not succeed here: query the debit; if no bill belongs "
        "to it, refund it.",
    ),
    ("channel", "theirs_only", True): Hint(
        "渠道有退款、我方没有成功记录：查询该笔退款的结果。",
        "The channel has a refund that did not succeed here: query the refund.",
    ),
    ("channel", "ours_only", False): Hint(
        "我方记为已收、渠道没有：查询该笔扣款，核对是否记在相邻日期；确未到账时账单应恢复待付。",
        "We recorded a payment that the channel lacks: query it and look at the neighbouring days; "
        "if it never came, the bill is owed again.",
    ),
    ("channel", "ours_only", True): Hint(
        "我方记为已退、渠道没有：查询该笔退款，核对是否记在相邻日期。",
        "We recorded a refund that the channel lacks: query it and look at the neighbouring days.",
    ),
    ("channel", "amount", False): Hint(
        "收款金额不一致：以渠道到账金额为准，差额由财务更正。",
        "The amounts paid differ: the channel's figure counts; finance corrects the rest.",
    ),
    ("channel", "amount", True): Hint(
        "退款金额不一致：与渠道核对该笔退款。",
        "The refunded amounts differ: check the refund with the channel.",
    ),
}
"""By party, kind and whether the row takes something back."""
