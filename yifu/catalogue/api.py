"""The price list at the insurer over HTTP: the state of each item's mapping, what is paid of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from yifu import clock
from yifu.catalogue import listing, mappings
from yifu.catalogue.models import Item
from yifu.errors import NotFound
from yifu.institutions.auth import allow
from yifu.institutions.models import Institution
from yifu.problems import PROBLEMS

router = Router()

State = Literal["pending", "sending", "uploaded", "refused", "withdrawing", "withdrawn", "unknown"]
LocalCode = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]


class MappingOut(Schema):
    """An item of the price list and what the insurer knows of it (目录对照).

    `national_code` is the price list's, `told_code` the one that the insurer was last told.
    `reason` is the insurer's own sentence where it refused.
    """

    local_code: str
    name: str
    national_code: str
    told_code: str
    list_type: str
    state: State
    reason: str
    begins_on: date | None
    ends_on: date | None
    changed_at: datetime | None


class MappingsOut(Schema):
    """A page of items; `next_cursor` is null on the last. `counts` are of the whole price list."""

    items: list[MappingOut]
    counts: dict[State, int]
    next_cursor: str | None


class MappingsAsked(Schema):
    """Which items, from where on, how many."""

    state: State | None = None
    cursor: LocalCode = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get("/catalogue/mappings", response={200: MappingsOut, **PROBLEMS}, summary="查询目录对照")
def list_mappings(request: HttpRequest, asked: Query[MappingsAsked]) -> dict[str, Any]:
    """List the caller's items with the state of their mapping, by local code."""
    caller = allow(request, "catalogue")
    found = mappings.shown(
        caller.institution_id, state=asked.state or "", after=asked.cursor, limit=asked.limit + 1
    )
    page = found[: asked.limit]
    return {
        "items": [one._asdict() for one in page],
        "counts": mappings.counts(caller.institution_id),
        "next_cursor": page[-1].local_code if len(found) > asked.limit else None,
    }


class CoverageOut(Schema):
    """What the insurer says of an item on a day; null where it says nothing.

    `insurer_class` is 01 甲, 02 乙 or 03 丙; `price_list_class` the price list's own entry.
    `cap_fen` limits the unit price at the caller's level of hospital; `share` (0 to 1) is what the
    patient bears first. Both are decimal texts.
    """

    local_code: str
    national_code: str
    price_list_class: str
    insurer_class: str | None
    limited: bool
    cap_fen: str | None
    share: str | None


class CoverageAsked(Schema):
    """Which item, under which insurance, on which day (today)."""

    local_code: LocalCode
    insutype: Annotated[str, Field(pattern="^[0-9]{3,6}$")] = "310"
    on: date | None = None


@router.get(
    "/catalogue/coverage",
    response={200: CoverageOut, **PROBLEMS},
    summary="查询项目的医保等级、限价与先自付比例",
)
def read_coverage(request: HttpRequest, asked: Query[CoverageAsked]) -> dict[str, Any]:
    """Tell class, cap and share of one of the caller's items from the insurer's catalogues."""
    caller = allow(request, "catalogue")
    institution = Institution.objects.get(pk=caller.institution_id)
    item = Item.objects.filter(institution=institution, local_code=asked.local_code).first()
    if item is None:
        raise NotFound(what="item")
    (found,) = listing.coverage(
        [item.national_code],
        area=institution.area_id,
        hospital_level=institution.level,
        insutype=asked.insutype,
        on=asked.on or clock.business_date(clock.request_now(request)),
    )
    return {
        "local_code": item.local_code,
        "national_code": item.national_code,
        "price_list_class": item.insurer_class,
        "insurer_class": found.insurer_class,
        "limited": found.limited,
        "cap_fen": _written(found.cap_fen),
        "share": _written(found.share),
    }


def _written(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"
