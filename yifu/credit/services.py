"""Open credit lines, find who pays, change a standing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from yifu import rows
from yifu.credit.models import CreditLine, Share, StandingChange
from yifu.credit.rules import Payer, Standing
from yifu.credit.schemes import Scheme
from yifu.ledger import services as ledger
from yifu.patients.models import Contract, Dependant
from yifu.patients.rules import Funding

# A person's own contract comes before one that somebody else pays.
_PAYER = """
SELECT contract.id, contract.person_id, contract.funding, contract.bank, credit.id, credit.line_id,
       share_line.id, credit.standing
FROM patients_contract contract
LEFT JOIN patients_dependant dependant
       ON dependant.contract_id = contract.id AND dependant.person_id = %(person)s
      AND dependant.ended_at IS NULL
LEFT JOIN credit_creditline credit ON credit.contract_id = contract.id
LEFT JOIN credit_share share ON share.dependant_id = dependant.id
LEFT JOIN ledger_line share_line ON share_line.id = share.line_id
WHERE contract.state = 'active'
  AND (contract.person_id = %(person)s
       OR contract.id = (SELECT d.contract_id FROM patients_dependant d
                         WHERE d.person_id = %(person)s AND d.ended_at IS NULL))
ORDER BY contract.person_id = %(person)s DESC
LIMIT 1
"""


def find_payer(person_id: int) -> Payer | None:
    """Find who pays for a person: by the own contract or a principal's; None: nobody signed."""
    row = rows.one(_PAYER, {"person": person_id})
    if row is None:
        return None
    contract_id, principal_id, funding, bank, credit_line_id, line_id, share_id, standing = row
    return Payer(
        principal_id=principal_id,
        contract_id=contract_id,
        funding=Funding(funding),
        bank=bank,
        credit_line_id=credit_line_id,
        lines=tuple(line for line in (line_id, share_id) if line is not None),
        standing=Standing(standing or Standing.GOOD),
    )


def open_credit_line(
    contract: Contract, dependants: Iterable[Dependant], *, scheme: Scheme, now: datetime
) -> CreditLine | None:
    """Open a contract's line with the dependants' shares, in the caller's transaction.

    A contract of immediate debits has no line.
    """
    if contract.funding == Funding.DEBIT:
        return None
    bank_funded = contract.funding == Funding.BANK
    account = f"bank:{contract.bank}" if bank_funded else f"owed:{contract.person_id}"
    lender = contract.bank if bank_funded else scheme.lender
    credit_line = CreditLine.objects.create(
        person_id=contract.person_id,
        contract=contract,
        line=ledger.open_line(account=account, limit_fen=scheme.score.unscored_limit_fen),
        lender=lender,
        standing_since=now,
    )
    for dependant in dependants:
        if dependant.limit_fen is not None:
            share = ledger.open_line(
                account=account, limit_fen=dependant.limit_fen, parent_id=credit_line.line_id
            )
            Share.objects.create(credit_line=credit_line, dependant=dependant, line=share)
    return credit_line


def set_standing(
    *, credit_line_id: int, to: Standing, reason: str, rule: str, now: datetime
) -> bool:
    """Change a principal's standing and write down why; False when it is that already."""
    credit_line = CreditLine.objects.select_for_update().get(pk=credit_line_id)
    if credit_line.standing == to:
        return False
    StandingChange.objects.create(
        credit_line=credit_line,
        before=credit_line.standing,
        after=to,
        at=now,
        reason=reason,
        rule=rule,
    )
    credit_line.standing = to
    credit_line.standing_since = now
    credit_line.save(update_fields=["standing", "standing_since"])
    return True


_CHANGE_STANDINGS = """
WITH wanted AS (
    SELECT * FROM unnest(%(persons)s::bigint[], %(reasons)s::text[]) AS row (person_id, reason)
), changing AS (
    SELECT credit.id, credit.standing, wanted.reason
    FROM credit_creditline credit
    JOIN wanted ON wanted.person_id = credit.person_id
    JOIN patients_contract contract ON contract.id = credit.contract_id
    WHERE contract.state <> 'closed' AND credit.standing = ANY(%(before)s::text[])
    ORDER BY credit.id FOR NO KEY UPDATE OF credit
), changed AS (
    UPDATE credit_creditline credit SET standing = %(to)s, standing_since = %(now)s::timestamptz
    FROM changing WHERE credit.id = changing.id
), noted AS (
    INSERT INTO credit_standingchange (credit_line_id, before, after, at, reason, rule)
    SELECT id, standing, %(to)s, %(now)s::timestamptz, reason, %(rule)s FROM changing ORDER BY id
)
SELECT count(*) FROM changing
"""


def worsen_standings(reasons: Mapping[int, str], *, to: Standing, rule: str, now: datetime) -> int:
    """Suspend or default principals (each with the reason), in the caller's transaction.

    Nobody is made better by it, and lines of closed contracts stay as they are. Gives how many
    credit lines changed; every change is written down (P4.3, P4.4).
    """
    before = [Standing.GOOD] if to == Standing.SUSPENDED else [Standing.GOOD, Standing.SUSPENDED]
    found = rows.one(
        _CHANGE_STANDINGS,
        {
            "persons": list(reasons),
            "reasons": list(reasons.values()),
            "before": [standing.value for standing in before],
            "to": to.value,
            "rule": rule,
            "now": now,
        },
    )
    return int(found[0]) if found else 0
