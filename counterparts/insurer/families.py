"""Which messages belong together: they put one kind of thing, change, remove or ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from counterparts.insurer.fields import names

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASKS = re.compile("查询|下载|获取|预结算|核验|校验|解析|解码|字典|检查|提取")
_CREDENTIALS = {"mdtrtcertno", "cardsn", "ectoken", "authno", "token"}
_SAME = {
    "germcode": "colycode",
    "germname": "colyname",
    "fixmedinshilistid": "medinslistcodg",
    "fixmedinshilistname": "medinslistname",
    "rxdetllist": "rxdrugdetail",
    "rxdiselist": "diseinfo",
    "rxotpinfo": "mdtrtinfo",
}
Row = dict[str, Any]


def plain(name: str) -> str:
    """Return a field's name as all spellings of it have in common: hi_rxno is hiRxno."""
    name = name.replace("_", "").lower()
    return _SAME.get(name, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Messages about one kind of thing: they put it, change it, remove it, ask for it.

    ``key`` are the fields it is known by; ``once`` says that a second one with the same key is
    refused instead of replacing the first; ``everywhere`` that other institutions see it too;
    ``by_key`` that a query goes by the key alone. ``sets`` are fields that a message changes.
    """

    name: str
    key: tuple[str, ...] = ()
    put: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    once: bool = False
    everywhere: bool = False
    by_key: bool = False
    sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_STOCK = ("fixmedins_hilist_id", "fixmedins_bchno")
FAMILIES = (
    Family(
        name="科室",
        key=("hosp_dept_codg",),
        put=("3401", "3401A"),
        change=("3402",),
        remove=("3403",),
        ask=("5101",),
        once=True,
    ),
    Family(name="盘存", key=_STOCK, put=("3501", "3501A"), ask=("3508",)),
    Family(name="库存变更", put=("3502", "3502A"), ask=("3509",)),
    Family(name="采购与退货", put=("3503", "3503A", "3504", "3504A"), ask=("3510", "3512")),
    Family(name="销售与退货", put=("3505", "3505A", "3506", "3506A"), ask=("3511", "3513")),
    Family(name="检查报告", key=("rpotc_no",), put=("4501",), ask=("4507",), everywhere=True),
    Family(name="检验报告", key=("rpotc_no",), put=("4502",), ask=("4508",), everywhere=True),
    Family(name="细菌培养", put=("4503",), ask=("4509",), everywhere=True),
    Family(name="药敏记录", put=("4504",), ask=("4510",), everywhere=True),
    Family(name="病理报告", key=("palg_no",), put=("4505",), ask=("4511",), everywhere=True),
    Family(name="非结构化报告", key=("appy_no",), put=("4506",), ask=("4512",), everywhere=True),
    Family(
        name="电子处方",
        key=("hiRxno",),
        put=("7101",),
        change=("7103", "7104", "7108", "7109", "7206", "7207", "7208"),
        ask=("7105", "7106", "7107", "7202", "7205"),
        everywhere=True,
        by_key=True,
        sets={
            "7101": {"rxStasCodg": "1", "rxUsedStasCodg": "1"},
            "7104": {"rxStasCodg": "3"},
            "7207": {"rxUsedStasCodg": "2"},
            "7208": {"rxUsedStasCodg": "1"},
        },
    ),
)
STOCK_KINDS = {"1": "盘存", "2": "库存变更", "3": "采购与退货", "4": "销售与退货"}


@cache
def place_of(infno: str) -> tuple[Family, str]:
    """Return the family of a message and what it does there; a family of its own if none."""
    for family in FAMILIES:
        for does in ("put", "change", "remove", "ask"):
            if infno in getattr(family, does):
                return family, does
    return Family(name=names()[infno], put=(infno,)), "" if _ASKS.search(names()[infno]) else "put"


def spared(nodes: Row) -> Row:
    """Return a message without what nobody may keep."""

    def without(value: object) -> object:
        if isinstance(value, dict):
            return {k: without(v) for k, v in value.items() if plain(k) not in _CREDENTIALS}
        return [without(one) for one in value] if isinstance(value, list) else value

    return {k: without(v) for k, v in nodes.items() if plain(k) not in _CREDENTIALS}


def flat(nodes: Row) -> Row:
    """Return the single values of a message by plain name; of a list, those of the first row."""
    found: Row = {}
    for name, value in nodes.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            found = flat(inner) | found
        elif not isinstance(inner, list):
            found[plain(name)] = inner
    return found
