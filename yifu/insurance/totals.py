"""The insurer's verdict on a period's total accounts (NHSA 3201), one insurance and kind at a time.

An account is asked for even when we have nothing in it: the insurer may have something. 3201 says
whether the sums agree, in a code that differs by province and a sentence; it gives no sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from yifu.insurance import answers, messages
from yifu.insurance.errors import InsurerNonsense, NoMonthlyTotals
from yifu.insurance.exchanges import Envelope, endpoint_of, exchange
from yifu.insurance.messages import Totals
from yifu.insurance.regions.loading import region
from yifu.insurance.services import sign_number
from yifu.insurance.statements import EQUAL, Period


class Account(NamedTuple):
    """Which settlements are summed up: of one insurance, cleared in one way."""

    insutype: str
    clr_type: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the insurer says of an account's sums.

    `meaning` is `equal`, `unequal`, `ours_only` (we have more) or `theirs_only` (they have more).
    """

    account: Account
    ours: Totals
    stmt_rslt: str
    meaning: str
    description: str

    @property
    def agrees(self) -> bool:
        """Say whether both sides have the same."""
        return self.meaning == EQUAL


NOTHING: Final = Totals(medfee_fen=0, fund_fen=0, account_fen=0, cash_fen=0, count=0)


def compare_totals(
    institution_id: int, ours: Mapping[Account, Totals], *, period: Period, now: datetime
) -> list[Verdict]:
    """Ask the insurer about every account of a period, ours and those that an area can have.

    Must be called outside any transaction. Raises `InsurerNonsense` also for a verdict that the
    region's table (`stmt_rslt`) does not know, `NoMonthlyTotals`, `NotConnected`, `InsurerRefused`,
    `InsurerUnavailable`.
    """
    endpoint = endpoint_of(institution_id)
    area, place = endpoint.mdtrtarea_admvs, region(endpoint.region)
    clearing = place.clearing
    if place.dialect is not None:
        raise NoMonthlyTotals(region=place.code)
    possible = [
        Account(insutype, clr_type) for insutype in clearing.insutypes for clr_type in clearing.ask
    ]
    sign_no = sign_number(institution_id, now=now)
    meanings = place.results(area)
    verdicts = []
    for account in dict.fromkeys([*possible, *ours]):
        totals = ours.get(account, NOTHING)
        input_ = messages.statement_total(
            insutype=account.insutype,
            clr_type=account.clr_type,
            setl_optins=area,
            begin=period.begin,
            end=period.end,
            totals=totals,
        )
        subject = f"total:{period}:{account.insutype}:{account.clr_type}"
        heard = exchange(
            institution_id, Envelope("3201", subject, input_, sign_no=sign_no), now=now
        )
        said = answers.read_comparison(heard.output_or_raise())
        if said.stmt_rslt not in meanings:
            raise InsurerNonsense(message=f"3201: unknown stmt_rslt {said.stmt_rslt[:6]}")
        meaning = meanings[said.stmt_rslt]
        verdicts.append(Verdict(account, totals, said.stmt_rslt, meaning, said.description))
    return verdicts
