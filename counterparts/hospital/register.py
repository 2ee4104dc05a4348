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
    from counterparts.population import DebitAccount, Family, Person

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


def let_debit(channel: str, families: Iterable[Family]) -> int:
    """Make the channel know families' debit contracts and accounts; return how many."""
    rows = [account_row(one, one.debit) for one in families if one.debit is not None]
    for chunk in _chunks(rows):
        tell(channel, "/_control/contracts", {"contracts": chunk})
    return len(rows)


def account_row(family: Family, account: DebitAccount) -> dict[str, Any]:
    """Describe a debit contract and what is on the account behind it.

    Debits at the visit come one after another. The night debits several bills of one account at
    once, and which of them got the last money would be chance: such an account has all or nothing.
    """
    at_night = family.funding != "debit"
    return {
        "contract_id": account.contract_id,
        "openid": account.openid,
        "balance_fen": (0 if account.is_empty else None) if at_night else account.balance_fen,
        "daily_limit_fen": None if at_night else account.daily_limit_fen,
    }


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
