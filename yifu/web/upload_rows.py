"""What goes to the insurer after the day, as the insurance office (医保办) sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404

from yifu.insurance import list_messages
from yifu.insurance.fields import codes
from yifu.uploads import lists, services
from yifu.uploads.models import ListUpload, ReceiptUpload, SelfPaidUpload, UploadState
from yifu.web.labels import gettext_noop as _

KINDS: Final = {
    "receipts": _("票据上传"),
    "lists": _("结算清单"),
    "self_paid": _("自费费用"),
}
OPEN: Final = (UploadState.REFUSED, UploadState.INCOMPLETE, UploadState.WAITING)
"""States in which somebody or something still has to act, the urgent ones first."""
MAX_ROWS: Final = 200
_TONES: Final = {
    UploadState.REFUSED: "bad",
    UploadState.INCOMPLETE: "warn",
    UploadState.ACCEPTED: "good",
    UploadState.OBSOLETE: "",
}


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One upload; `number` is the receipt's, or the insurer's number of the settlement."""

    kind: str
    id: int
    state: str
    reason: str
    number: str
    visit_no: str
    name: str
    amount_fen: int
    changed_at: datetime
    missing: Sequence[str] = ()
    submitted: bool = False

    @property
    def kind_label(self) -> str:
        """Name the kind in Chinese."""
        return KINDS[self.kind]

    @property
    def state_label(self) -> str:
        """Name the state in Chinese."""
        return str(UploadState(self.state).label)

    @property
    def tone(self) -> str:
        """Choose the colour of that word."""
        return _TONES.get(UploadState(self.state), "")


@dataclass(frozen=True, slots=True)
class KindFigures:
    """How the uploads of a kind stand."""

    kind: str
    label: str
    accepted: int
    uploaded: int
    open: int
    total: int


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field of a settlement list that somebody has to fill in; `choices` where it is coded."""

    name: str
    label: str
    where: str
    value: str
    choices: Sequence[tuple[str, str]]


def figures(institution_id: int) -> list[KindFigures]:
    """Count an institution's uploads by kind."""
    standing = services.standing(institution_id)
    return [
        KindFigures(
            kind=kind,
            label=label,
            accepted=standing[kind].get(UploadState.ACCEPTED, 0),
            uploaded=standing[kind].get(UploadState.UPLOADED, 0),
            open=sum(standing[kind].get(state, 0) for state in OPEN),
            total=sum(standing[kind].values()),
        )
        for kind, label in KINDS.items()
    ]


def rows(institution_id: int, *, kind: str, state: str) -> list[UploadRow]:
    """Read an institution's uploads, the newest change first; `state` "" means all open ones."""
    states: Sequence[str] = [state] if state else [one.value for one in OPEN]
    found: list[UploadRow] = []
    for one in [kind] if kind else KINDS:
        found += _READ[one](institution_id, states)
    order = {one.value: place for place, one in enumerate(OPEN)}
    found.sort(key=lambda row: (order.get(row.state, 9), -row.changed_at.timestamp(), row.id))
    return found[:MAX_ROWS]


def _receipts(institution_id: int, states: Sequence[str]) -> list[UploadRow]:
    own = ReceiptUpload.objects.filter(institution=institution_id, state__in=states)
    read = own.select_related("receipt__person", "receipt__visit").order_by("-changed_at", "-pk")
    return [
        UploadRow(
            **_common("receipts", one),
            number=f"{one.receipt.code}-{one.receipt.number}",
            visit_no=one.receipt.visit.visit_no,
            name=one.receipt.person.name,
            amount_fen=one.receipt.amount_fen,
        )
        for one in read[:MAX_ROWS]
    ]


def _lists(institution_id: int, states: Sequence[str]) -> list[UploadRow]:
    own = ListUpload.objects.filter(institution=institution_id, state__in=states)
    read = own.select_related("settlement__person", "settlement__visit")
    return [
        UploadRow(
            **_common("lists", one),
            **_of_settlement(one),
            missing=one.missing,
            submitted=one.submitted,
        )
        for one in read.order_by("-changed_at", "-pk")[:MAX_ROWS]
    ]


def _self_paid(institution_id: int, states: Sequence[str]) -> list[UploadRow]:
    own = SelfPaidUpload.objects.filter(institution=institution_id, state__in=states)
    read = own.select_related("settlement__person", "settlement__visit")
    return [
        UploadRow(**_common("self_paid", one), **_of_settlement(one))
        for one in read.order_by("-changed_at", "-pk")[:MAX_ROWS]
    ]


_READ: Final = {"receipts": _receipts, "lists": _lists, "self_paid": _self_paid}


def _common(kind: str, one: ReceiptUpload | ListUpload | SelfPaidUpload) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": one.pk,
        "state": one.state,
        "reason": one.reason,
        "changed_at": one.changed_at,
    }


def _of_settlement(one: ListUpload | SelfPaidUpload) -> dict[str, Any]:
    settlement = one.settlement
    return {
        "number": settlement.setl_id or str(settlement.pk),
        "visit_no": settlement.visit.visit_no,
        "name": settlement.person.name,
        "amount_fen": settlement.total_fen,
    }


def find_list(institution_id: int, upload_id: int) -> ListUpload:
    """Find an institution's settlement list; `Http404` for anybody else's (L11)."""
    own = ListUpload.objects.filter(institution=institution_id, pk=upload_id)
    found = own.select_related("settlement__visit", "settlement__person").first()
    if found is None:
        raise Http404
    return found


def fields_of(upload: ListUpload) -> list[MissingField]:
    """Give the fields of a list that are missing or were filled in by hand."""
    names = dict.fromkeys([*upload.missing, *upload.supplement])
    return [_missing(name, str(upload.supplement.get(name, ""))) for name in names]


def _missing(name: str, value: str) -> MissingField:
    field = list_messages.field_of(name)
    table = codes().get(field.table, {}) if field else {}
    return MissingField(
        name=name,
        label=field.label if field else name,
        where=str(lists.where(name).label),
        value=value,
        choices=tuple(table.items()),
    )
