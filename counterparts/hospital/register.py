"""The city's register: tells the simulated insurer and channel who the invented people are.

In the world these people have long been insured and have long signed with their channel; so this
goes through the simulators' switchboards, before the day begins.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from counterparts.hospital.wire import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from counterparts.hospital.plan import Fault, Plan
    from counterparts.population import DebitAccount, Person

Thing = TypeVar("Thing")
_AT_ONCE = 1000
_SEX_CODES = {"M": "1", "F": "2"}


def insure(insurer: str, plan: Plan, persons: Iterable[Person]) -> int:
    """Make the insurer know those of the persons who are insured; return how many."""
    insured = [one for one in persons if one.insurance.psn_no is not None]
    rows = (insured_row(one, balance_fen=plan.account_fen(one)) for one in insured)
    for chunk in _chunks(rows):
        tell(insurer, "/_control/persons", chunk)
    return len(insured)


def insured_row(person: Person, *, balance_fen: int) -> dict[str, Any]:
    """Describe a person as the insurer's register has it."""
    return {
        "psn_no": person.insurance.psn_no,
        "certno": person.id_number,
        "psn_name": person.name,
        "gend": _SEX_CODES[person.sex],
        "brdy": person.birth_date.isoformat(),
        "psn_type": person.insurance.psn_type,
        "insutype": person.insurance.insutype,
        "balc_fen": balance_fen,
    }


def let_debit(channel: str, accounts: Iterable[DebitAccount]) -> int:
    """Make the channel know debit contracts and the accounts behind them; return how many."""
    rows = [
        {
            "contract_id": account.contract_id,
            "openid": account.openid,
            "balance_fen": account.balance_fen,
            "daily_limit_fen": account.daily_limit_fen,
        }
        for account in accounts
    ]
    for chunk in _chunks(rows):
        tell(channel, "/_control/contracts", {"contracts": chunk})
    return len(rows)


def set_clocks(counterparts: Sequence[str], now: datetime) -> None:
    """Let the counterparts take ``now`` for now: a day is over in seconds."""
    for url in counterparts:
        tell(url, "/_control/clock", {"now": now.isoformat()})


def order_faults(insurer: str, channel: str, faults: Sequence[Fault]) -> None:
    """Let the plan's messages go wrong."""
    for party, url in (("insurer", insurer), ("channel", channel)):
        rules = [
            {"match": dict(fault.match), "fault": fault.fault, "seconds": fault.seconds}
            for fault in faults
            if fault.party == party
        ]
        if rules:
            tell(url, "/_control/faults", {"rules": rules})


def _chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk
