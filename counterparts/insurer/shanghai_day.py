"""Shanghai's SL01: a day's sums compared, and told row by row when they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from counterparts.insurer.amounts import fen_of
from counterparts.insurer.shanghai_desk import (
    Message,
    Shanghai,
    as_yuan,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def compare_day(desk: Shanghai, message: Message) -> dict[str, Any]:
    """Answer SL01 对账: 2 if the sums agree, else 1 and the day's transactions (``mxs``)."""
    content = message.content
    text = str(content["daycollate"])
    day = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    rows = [*_rows(desk, message.institution.fixmedins_code, day)]
    sums = _sums(rows)
    theirs = {name: fen_of(content[name]) for name in sums if name != "daycount"}
    same = theirs == {name: fen for name, fen in sums.items() if name != "daycount"}
    counted = int(content["daycount"]) == sums["daycount"]
    if same and counted and not any(row.tampered for row in rows):
        return {"daycollate": text, "resultcollate": "2"}
    return {"daycollate": text, "resultcollate": "1", "mxs": [row.shown() for row in rows]}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A transaction, or its refund, of a day; ``told`` is what SI12 told."""

    lsh: str
    sign: int
    fee_fen: int
    fund_fen: int
    account_fen: int
    told: Mapping[str, Any]
    tampered: bool = False

    def shown(self) -> dict[str, str]:
        """Return it as SL01's details have it."""
        amounts = {"ylfyze": self.fee_fen, "jjzfze": self.fund_fen, "zhzfze": self.account_fen}
        return {"lsh": self.lsh, "sftfbz": "1" if self.sign > 0 else "2", **as_yuan(amounts)}


def _rows(desk: Shanghai, jgdm: str, day: str) -> Iterator[_Row]:
    """Return a day's transactions as statements are to show them, injected differences included."""
    changes = _changes(desk)
    for row in desk.office.books.settlements_between(f"{day} 00:00:00", f"{day} 23:59:59"):
        if row.fixmedins_code != jgdm:
            continue
        delta = changes.get(row.setl_id, 0)
        if delta is None:
            continue
        shift = delta if row.refd_setl_flag == "0" else 0
        stands = desk.shanghai.transaction(row.setl_id)
        yield _Row(
            lsh=row.setl_id,
            sign=1 if row.refd_setl_flag == "0" else -1,
            fee_fen=row.medfee_sumamt + shift,
            fund_fen=row.fund_pay_sumamt + shift,
            account_fen=row.acct_pay,
            told={} if stands is None else stands.answer,
            tampered=bool(shift),
        )
    yield from _invented(desk, jgdm, day)


def _changes(desk: Shanghai) -> dict[str, int | None]:
    """Return what statements are to say wrongly: by how much a fee differs; None: left out."""
    found: dict[str, int | None] = {}
    for setl_id, action, detail in desk.office.books.tampers():
        if action == "omit":
            found[setl_id] = None
        elif action == "amount":
            found[setl_id] = int(orjson.loads(detail)["delta_fen"])
    return found


def _invented(desk: Shanghai, jgdm: str, day: str) -> Iterator[_Row]:
    for setl_id, action, text in desk.office.books.tampers():
        detail = orjson.loads(text)
        if (
            action == "extra"
            and detail["fixmedins_code"] == jgdm
            and detail["setl_time"][:10] == day
        ):
            row = detail["row"]
            yield _Row(
                lsh=setl_id[:16],
                sign=-1 if row["refd_setl_flag"] == "1" else 1,
                fee_fen=row["medfee_fen"],
                fund_fen=row["fund_fen"],
                account_fen=row["acct_fen"],
                told={},
                tampered=True,
            )


def _sums(rows: list[_Row]) -> dict[str, int]:
    def total(*names: str) -> int:
        return sum(row.sign * sum(fen_of(row.told.get(name, 0)) for name in names) for row in rows)

    accounts = ("zfdlnzhzfs", "tcdzhzfs", "fjdzhzfs", "hisaccountpay")
    shared = ("gjzhzfs", "zfdgjzhzfs", "tcdgjzhzfs", "fjdgjzhzfs")
    besides = ("flzflnzhzfs", "flzfgjzhzfs")
    return {
        "daycount": len(rows),
        "totalcuraccpay": total("curaccountpay"),
        "totalhisaccpay": total(*accounts, *shared, *besides),
        "totalcashpay": total("zfdxjzfs", "tcdxjzfs", "fjdxjzfs"),
        "totaltcpay": total("tczfs"),
        "totaldffjpay": total("fjzfs"),
        "totalflzf": total("ybjsfwfyze") - total("totalexpense", *besides),
        "totalzfaccpay": total("zflnzhzfs", "zfgjzhzfs"),
        "totalfybjsfw": total("fybjsfwfyze"),
    }
