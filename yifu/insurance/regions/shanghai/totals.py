"""Shanghai's daily totals: SL01."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from yifu.insurance.fields import read_date, write_time
from yifu.insurance.gateway import (
    Nonsense,
)
from yifu.insurance.regions.dialect import Content, Numbers, Said, Talk, Told
from yifu.insurance.regions.shanghai.amounts import (
    sums,
)
from yifu.insurance.regions.shanghai.common import (
    DONE,
    NO,
    REFUND,
    answer_of,
    codes,
    row_of,
    time_of,
)


def totals(talk: Talk) -> Told:
    """3201: SL01 compares a day's sums by segment, summed here from what we were told."""
    data = row_of(talk.asked)
    day = read_date(str(data["stmt_begndate"]))
    booked = [*_booked(talk, day)]
    told = talk.say("SL01", sums(booked) | {"daycollate": f"{day:%Y%m%d}"}, Numbers())
    result = codes()["resultcollate"].get(str(told["resultcollate"]))
    if result is None:
        raise Nonsense(f"SL01: resultcollate {str(told['resultcollate'])[:1]}")
    info = {
        "setl_optins": data["setl_optins"],
        "stmt_rslt": str(result),
        "stmt_rslt_dscr": f"SL01 resultcollate {told['resultcollate']}",
    }
    return Told({"stmtinfo": info, "mxs": [*map(_stated, told.get("mxs") or ())]})


def _stated(row: Content) -> dict[str, Any]:
    """Write a row of SL01's details as a row of 3202's file; a refund's amounts are negative."""
    refund = row["sftfbz"] == REFUND
    return {
        "setl_id": str(row["lsh"]),
        "refd_setl_flag": "1" if refund else NO,
        "medfee_sumamt": str(row["ylfyze"]),
        "fund_pay_sumamt": str(row["jjzfze"]),
        "acct_pay": str(row["zhzfze"]),
    }


def _booked(talk: Talk, day: date) -> Iterator[tuple[int, Content]]:
    """Give sign and amounts of every transaction of a day, as we were told of it."""
    for said in talk.of_day("SI12", day):
        told = said.answer or _late(talk, said)
        at = time_of(said.answer or {}, said.sent_at)
        if told is not None and write_time(at)[:10] == day.isoformat():
            yield 1, told
    for said in talk.of_day("SK01", day):
        told = answer_of(talk, said.numbers.visit, said.numbers.serial)
        at = time_of(said.answer or {}, said.sent_at)
        if said.state in DONE and told is not None and write_time(at)[:10] == day.isoformat():
            yield -1, told


def _late(talk: Talk, said: Said) -> Content | None:
    """Find what SI91 told of a confirmation whose own answer never came."""
    wanted = said.numbers.application
    later = talk.earlier("SI91", visit=said.numbers.visit)
    told = (one.answer for one in later if one.numbers.application == wanted and one.answer)
    return next(told, None)
