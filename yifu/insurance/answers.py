"""What we take out of the insurer's answers, as plain values.

A reader takes an `output` that the gateway has let through, or one read back from a stored trace.
What the interface's traps are is in `traps`. Amounts become fen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from yifu.insurance import traps
from yifu.insurance.codes import Insutype, PsnInsuStas, StmtRslt
from yifu.insurance.fields import read_time
from yifu.insurance.messages import RESIDENT_IDENTITY, Patient
from yifu.insurance.rules import LineSplit, Split, fen, fen_or_zero, parse_split

Output = Mapping[str, Any]

_REFUNDED = "1"
_PREFERENCE = (Insutype.EMPLOYEES, Insutype.RESIDENTS)


class UnreadableAnswer(ValueError):
    """An answer lacks the node or field that holds what was asked for."""


@dataclass(frozen=True, slots=True)
class Insured:
    """One insurance of a person (NHSA 1101). A person may have several, or none that is active.

    `balance_fen` is the personal account's; `status` is `psn_insu_stas` ("" where the area does
    not say); `insuplc_admdvs` the area that insures them, which later messages must carry.
    """

    psn_no: str
    name: str
    certno: str = field(repr=False)
    insutype: str
    psn_type: str
    balance_fen: int
    insuplc_admdvs: str
    status: str
    psn_cert_type: str = RESIDENT_IDENTITY

    @property
    def active(self) -> bool:
        """Say whether benefits can be had: normally insured, or nothing said against it."""
        return self.status in {"", PsnInsuStas.INSURED}

    @property
    def patient(self) -> Patient:
        """The part of this that later messages repeat."""
        return Patient(
            psn_no=self.psn_no,
            name=self.name,
            certno=self.certno,
            insutype=self.insutype,
            psn_type=self.psn_type,
            psn_cert_type=self.psn_cert_type,
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement the insurer has in its books (NHSA 2207, 5203), or undid (2208).

    `msgid` is the number of the message that made it (`medins_setl_id`); `refunded` says that it
    has been reversed since (5203 only).
    """

    setl_id: str
    split: Split
    setl_time: datetime
    msgid: str
    mdtrt_id: str = ""
    psn_no: str = ""
    clr_type: str = ""
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The insurer's verdict on a period's sums (NHSA 3201).

    `stmt_rslt` is 0 where both sides agree; what other values mean differs by province.
    """

    stmt_rslt: str
    description: str

    @property
    def agrees(self) -> bool:
        """Say whether both sides have the same."""
        return self.stmt_rslt == StmtRslt.AGREES


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file that 9102 can fetch."""

    file_qury_no: str
    filename: str


def read_comparison(output: Output) -> Comparison:
    """Take the verdict out of 3201. Raises `UnreadableAnswer`."""
    info = _one(output, "stmtinfo")
    return Comparison(_text(info, "stmt_rslt"), traps.text(info.get("stmt_rslt_dscr")))


def read_file_reference(output: Output) -> FileReference:
    """Take out of 3202 where the result lies. Raises `UnreadableAnswer`."""
    info = _one(output, "fileinfo")
    return FileReference(_text(info, "file_qury_no"), _text(info, "filename"))


def read_sign_no(output: Output) -> str:
    """Take `sign_no` out of 9001. Raises `UnreadableAnswer`."""
    return _text(_one(output, "signinoutb"), "sign_no")


def read_insured(output: Output) -> tuple[Insured, ...]:
    """Take every insurance of the person out of 1101; none for somebody who has none.

    Raises `UnreadableAnswer`, and `SplitError` for a balance that is not money.
    """
    info = _one(output, "baseinfo")
    person = {
        "psn_no": _text(info, "psn_no"),
        "name": _text(info, "psn_name"),
        "certno": _text(info, "certno"),
        "psn_cert_type": _text(info, "psn_cert_type"),
    }
    return tuple(
        Insured(
            **person,
            insutype=_text(row, "insutype"),
            psn_type=_text(row, "psn_type"),
            balance_fen=fen(row.get("balc"), field="balc"),
            insuplc_admdvs=_text(row, "insuplc_admdvs"),
            status=traps.text(row.get("psn_insu_stas")),
        )
        for row in _many(output, "insuinfo")
    )


def choose_insurance(insurances: Iterable[Insured]) -> Insured | None:
    """Choose what a visit is settled under: active, employees' before residents' before others.

    None when no insurance is active: the visit is then paid by the patient alone.
    """
    rank = {insutype.value: place for place, insutype in enumerate(_PREFERENCE)}
    active = [one for one in insurances if one.active]
    return min(active, key=lambda one: rank.get(one.insutype, len(rank)), default=None)


def read_mdtrt_id(output: Output) -> str:
    """Take the visit's number out of 2201, or 2401. Raises `UnreadableAnswer`."""
    return _text(_one(output, "result" if "result" in output else "data"), "mdtrt_id")


def read_visits(output: Output) -> tuple[str, ...]:
    """Take the numbers of the visits out of 5201. Raises `UnreadableAnswer`."""
    return tuple(_text(row, "mdtrt_id") for row in _many(output, "mdtrtinfo"))


def read_lines(output: Output, *, node: str = "result") -> tuple[LineSplit, ...]:
    """Take the insurer's view of each charge out of 2204, 2301 or 2102. Raises `SplitError`.

    The four parts are optional in the table: one that is absent is 0.
    """
    return tuple(
        LineSplit(
            feedetl_sn=traps.text(row.get("feedetl_sn")),
            amount_fen=fen(row.get("det_item_fee_sumamt"), field="det_item_fee_sumamt"),
            own_fen=fen_or_zero(row.get("fulamt_ownpay_amt"), field="fulamt_ownpay_amt"),
            over_fen=fen_or_zero(row.get("overlmt_amt"), field="overlmt_amt"),
            presel_fen=fen_or_zero(row.get("preselfpay_amt"), field="preselfpay_amt"),
            inscp_fen=fen_or_zero(row.get("inscp_scp_amt"), field="inscp_scp_amt"),
        )
        for row in _many(output, node)
    )


def read_presettled(output: Output) -> Split:
    """Take the split out of 2206, which has no `setl_id`. Raises as `read_settled` does."""
    return parse_split(_one(output, "setlinfo"), _many(output, "setldetail"))


def read_queried(output: Output) -> tuple[Settled, ...]:
    """Take every settlement out of 5203: one, or several of a visit where the area lists them.

    A list comes as `setllist`, which is no part of the national table. Raises as `read_settled`.
    """
    listed = _many(output, "setllist")
    return tuple(read_settled(one) for one in listed or [output])


def read_settled(output: Output) -> Settled:
    """Take a settlement out of 2207 or 5203; check it with `rules.check_split`.

    Raises `UnreadableAnswer`, and `SplitError("amount")` for what is not money.
    """
    info = _one(output, "setlinfo")
    return Settled(
        setl_id=_text(info, "setl_id"),
        split=parse_split(info, _many(output, "setldetail")),
        setl_time=_time(info, "setl_time"),
        msgid=_text(info, "medins_setl_id"),
        mdtrt_id=_text(info, "mdtrt_id"),
        psn_no=traps.text(traps.spelt(info, "psn_no")),
        clr_type=str(info.get("clr_type") or ""),
        refunded=traps.text(info.get("refd_setl_flag")) == _REFUNDED,
    )


def read_reversed(output: Output) -> Settled:
    """Take what was undone out of 2208, amounts positive as they were settled.

    The specification does not say which sign the insurer writes: either is understood.
    """
    undone = read_settled(output)
    split = undone.split
    return replace(undone, split=_negated(split) if split.total_fen < 0 else split)


def _negated(split: Split) -> Split:
    amounts = {
        name: -getattr(split, name)
        for name in Split.__dataclass_fields__
        if name.endswith("_fen") and name != "balance_fen"
    }
    funds = tuple(replace(part, fen=-part.fen) for part in split.funds)
    return replace(split, **amounts, funds=funds)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = traps.text(traps.spelt(row, name))
    if not value:
        raise UnreadableAnswer(name)
    return value


def _time(row: Mapping[str, Any], name: str) -> datetime:
    try:
        return read_time(_text(row, name))
    except ValueError as error:
        raise UnreadableAnswer(name) from error


def _one(output: Output, node: str) -> Mapping[str, Any]:
    rows = _many(output, node)
    if len(rows) != 1:
        raise UnreadableAnswer(node)
    return rows[0]


def _many(output: Output, node: str) -> Sequence[Mapping[str, Any]]:
    try:
        return traps.rows(output.get(node))
    except traps.NotRows as error:
        raise UnreadableAnswer(node) from error
