"""Open credit lines, find who pays, change a standing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yifu import rows
from yifu.credit.models import CreditLine, Share, StandingChange
from yifu.credit.rules import Held, Payer, Standing
from yifu.ledger import services as ledger
from yifu.ledger.models import Line
from yifu.patients.models import Contract, Dependant, Person
from yifu.patients.rules import Funding

# A person's own contract comes before one that somebody else pays.
# Who was merged into another row is paid for as that one is.
_PAYER = """
WITH who AS MATERIALIZED (
    SELECT COALESCE(merged_into_id, id) AS id FROM patients_person WHERE id = %(person)s
)
SELECT contract.id, contract.person_id, contract.funding, contract.bank, credit.id, credit.line_id,
       share_line.id, credit.standing, held.key, held.amount_fen, held.state, held.expires_at
FROM patients_contract contract
LEFT JOIN patients_dependant dependant
       ON dependant.contract_id = contract.id AND dependant.person_id = (SELECT id FROM who)
      AND dependant.ended_at IS NULL
LEFT JOIN credit_creditline credit ON credit.contract_id = contract.id
LEFT JOIN credit_share share ON share.dependant_id = dependant.id
LEFT JOIN ledger_line share_line ON share_line.id = share.line_id
LEFT JOIN LATERAL (
    SELECT hold.key, hold.amount_fen, hold.state, hold.expires_at
    FROM credit_visithold visit_hold JOIN ledger_hold hold ON hold.id = visit_hold.hold_id
    WHERE visit_hold.subject = %(subject)s AND hold.state IN ('open', 'captured')
      AND hold.line_id = coalesce(share.line_id, credit.line_id)
    ORDER BY hold.id DESC LIMIT 1
) held ON true
WHERE contract.state = 'active'
  AND (contract.person_id = (SELECT id FROM who)
       OR contract.id = (SELECT d.contract_id FROM patients_dependant d
                         WHERE d.person_id = (SELECT id FROM who) AND d.ended_at IS NULL))
ORDER BY contract.person_id = (SELECT id FROM who) DESC
LIMIT 1
"""


def find_payer(person_id: int, *, subject: str | None = None) -> Payer | None:
    """Find who pays for a person: by the own contract or a principal's; None: nobody signed.

    With a `subject` (`visit:12`) also the hold that was opened for it on that line.
    """
    row = rows.one(_PAYER, {"person": person_id, "subject": subject})
    if row is None:
        return None
    contract_id, principal_id, funding, bank, credit_line_id, line_id, share_id, standing = row[:8]
    key, held_fen, state, expires_at = row[8:]
    hold = None if key is None else Held(key, held_fen, state == "captured", expires_at)
    return Payer(
        principal_id=principal_id,
        contract_id=contract_id,
        funding=Funding(funding),
        bank=bank,
        credit_line_id=credit_line_id,
        lines=tuple(line for line in (line_id, share_id) if line is not None),
        standing=Standing(standing or Standing.GOOD),
        hold=hold,
    )


def open_credit_line(
    contract: Contract, *, lender: str, limit_fen: int, now: datetime
) -> CreditLine | None:
    """Open a contract's line, in the caller's transaction; None for immediate debits. Fen."""
    if contract.funding == Funding.DEBIT:
        return None
    bank_funded = contract.funding == Funding.BANK
    account = f"bank:{contract.bank}" if bank_funded else f"owed:{contract.person_id}"
    return CreditLine.objects.create(
        person_id=contract.person_id,
        contract=contract,
        line=ledger.open_line(account=account, limit_fen=limit_fen),
        lender=contract.bank if bank_funded else lender,
        standing_since=now,
    )


def open_share(credit_line: CreditLine, dependant: Dependant, *, limit_fen: int) -> Share:
    """Open a dependant's part of a principal's line (P2.7), in the caller's transaction. Fen."""
    line = ledger.open_line(
        account=credit_line.line.account.code,
        limit_fen=limit_fen,
        parent_id=credit_line.line_id,
    )
    return Share.objects.create(credit_line=credit_line, dependant=dependant, line=line)


def lock_lines(credit_line: CreditLine) -> list[Line]:
    """Lock a principal's line, then its shares by id; nothing is posted on them meanwhile."""
    principal = Line.objects.select_for_update(no_key=True).get(pk=credit_line.line_id)
    shares = Line.objects.select_for_update(no_key=True).filter(parent_id=principal.pk)
    return [principal, *shares.order_by("pk")]


def set_standing(
    *, credit_line_id: int, to: Standing, reason: str, rule: str, now: datetime
) -> bool:
    """Change a principal's standing and write down why; False when it is that already.

    Nothing is held against the dead: their standing only gets better.
    """
    credit_line = CreditLine.objects.select_for_update().get(pk=credit_line_id)
    if credit_line.standing == to:
        return False
    dead = Person.objects.filter(pk=credit_line.person_id, died_on__isnull=False)
    if to != Standing.GOOD and dead.exists():
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of standing that is wanted, and why."""

    credit_line_id: int
    to: Standing
    reason: str
    rule: str


# What was written down is what is changed: both see the standing as it was before the statement.
_CHANGE = """
WITH change AS (
    SELECT * FROM unnest(%(lines)s::bigint[], %(tos)s::text[], %(reasons)s::text[],
                         %(rules)s::text[]) AS row (line_id, standing, reason, rule)
), noted AS (
    INSERT INTO credit_standingchange (credit_line_id, before, after, at, reason, rule)
    SELECT line.id, line.standing, change.standing, %(now)s::timestamptz, left(change.reason, 80),
           change.rule
    FROM change JOIN credit_creditline line ON line.id = change.line_id
    WHERE line.standing <> change.standing
    RETURNING credit_line_id
)
UPDATE credit_creditline line SET standing = change.standing, standing_since = %(now)s::timestamptz
FROM change WHERE line.id = change.line_id AND line.standing <> change.standing
RETURNING line.id
"""


def change_standings(changes: Sequence[Change], *, now: datetime) -> set[int]:
    """Change many standings in the caller's transaction, which has locked the credit lines.

    Writes down why; gives the lines that were not so already.
    """
    if not changes:
        return set()
    changed = rows.run(
        _CHANGE,
        {
            "lines": [change.credit_line_id for change in changes],
            "tos": [change.to.value for change in changes],
            "reasons": [change.reason for change in changes],
            "rules": [change.rule for change in changes],
            "now": now,
        },
    )
    return {row[0] for row in changed}


def note_rule(credit_line_ids: Iterable[int], *, reason: str, rule: str, now: datetime) -> None:
    """Write down by which rule standings stay as they are from now on, in the caller's transaction.

    Whoever imposed a standing lifts it again, and the newest change says who that is.
    """
    StandingChange.objects.bulk_create(
        StandingChange(
            credit_line_id=pk, before=standing, after=standing, at=now, reason=reason, rule=rule
        )
        for pk, standing in CreditLine.objects.filter(pk__in=list(credit_line_ids))
        .order_by("pk")
        .values_list("pk", "standing")
    )


_CHANGE_STANDINGS = """
WITH wanted AS (
    SELECT * FROM unnest(%(persons)s::bigint[], %(reasons)s::text[]) AS row (person_id, reason)
), changing AS (
    SELECT credit.id, credit.standing, wanted.reason
    FROM credit_creditline credit
    JOIN wanted ON wanted.person_id = credit.person_id
    JOIN patients_contract contract ON contract.id = credit.contract_id
    JOIN patients_person person ON person.id = credit.person_id AND person.died_on IS NULL
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

    Nobody is made better by it; lines of closed contracts and of the dead stay as they are. Gives
    how many credit lines changed; every change is written down (P4.3, P4.4).
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
