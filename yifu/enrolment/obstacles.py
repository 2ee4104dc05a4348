"""What stands in the way of closing (P1.6): one question over the tables that know.

Bills, disputes and settlements belong to contexts above this one, so they are read here and never
written: this module imports none of theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from yifu import rows
from yifu.credit.models import CreditLine
from yifu.ledger import services as ledger
from yifu.patients.models import Contract

NAMES: Final = {
    "bill": ("未付账单", "an unpaid bill"),
    "written_off": ("已核销但未付的账单", "a bill written off and not paid"),
    "owed": ("未入账单的欠款", "a debt beyond the bills"),
    "hold": ("锁定的额度", "an amount held on the line"),
    "settlement": ("进行中的结算", "a settlement under way"),
    "attempt": ("结果未知的扣款", "a debit without an answer"),
    "refund": ("退款途中", "a refund on its way"),
    "excess": ("多付待退", "an overpayment to go back"),
    "listed": ("失信认定", "an entry of the default list"),
    "disputed": ("异议处理中", "a dispute that is open"),
    "bank_line": ("银行额度已使用", "the bank's line is in use"),
}

_IN_THE_WAY = """
WITH bill AS (
    SELECT id, account, line_id, state, amount_fen, paid_fen
    FROM collection_bill WHERE principal_id = %(person)s
), line AS (
    SELECT id, owed_fen FROM ledger_line WHERE id = %(line)s OR parent_id = %(line)s
), family AS (
    SELECT %(person)s::bigint AS id
    UNION SELECT person_id FROM patients_dependant
          WHERE contract_id = %(contract)s AND ended_at IS NULL
), subject AS (
    SELECT 'bill:' || id AS name FROM bill
    UNION ALL
    SELECT 'settlement:' || settlement.id
    FROM settlement_settlement settlement JOIN bill ON bill.id = settlement.bill_id
), attempt AS (
    SELECT id, subject, amount_fen, state FROM payments_attempt
    WHERE subject IN (SELECT name FROM subject)
       OR binding_id IN (SELECT id FROM payments_binding WHERE person_id = %(person)s)
)
SELECT 'bill', 'bill:' || id, amount_fen - paid_fen
FROM bill WHERE state IN ('open', 'overdue', 'defaulted')
UNION ALL
SELECT 'written_off', 'bill:' || id, amount_fen - paid_fen FROM bill WHERE state = 'written_off'
UNION ALL
SELECT 'owed', 'line:' || line.id,
       line.owed_fen - (SELECT COALESCE(sum(bill.amount_fen - bill.paid_fen), 0) FROM bill
                        WHERE bill.line_id IN (SELECT id FROM line)
                          AND bill.state IN ('open', 'overdue', 'defaulted'))
FROM line WHERE line.id = %(line)s
UNION ALL
SELECT 'hold', 'hold:' || hold.id, hold.amount_fen
FROM ledger_hold hold JOIN line ON line.id = hold.line_id WHERE hold.state = 'open'
UNION ALL
SELECT 'settlement', 'settlement:' || settlement.id, settlement.total_fen
FROM settlement_settlement settlement JOIN family ON family.id = settlement.person_id
WHERE settlement.state IN ('claimed', 'insured', 'unknown', 'reversing')
UNION ALL
SELECT 'attempt', 'attempt:' || id, amount_fen FROM attempt WHERE state IN ('requested', 'unknown')
UNION ALL
SELECT 'refund', 'refund:' || refund.id, refund.amount_fen
FROM payments_refund refund JOIN attempt ON attempt.id = refund.attempt_id
WHERE refund.state IN ('requested', 'unknown')
UNION ALL
SELECT 'excess', 'bill:' || id, paid_fen - amount_fen FROM bill WHERE paid_fen > amount_fen
UNION ALL
SELECT 'listed', 'entry:' || entry.id, bill.amount_fen - bill.paid_fen
FROM collection_defaultentry entry JOIN bill ON bill.id = entry.bill_id
WHERE entry.state IN ('proposed', 'confirmed')
UNION ALL
SELECT 'disputed', 'dispute:' || dispute.id, bill.amount_fen - bill.paid_fen
FROM collection_dispute dispute
JOIN collection_defaultentry entry ON entry.id = dispute.entry_id
JOIN bill ON bill.id = entry.bill_id
WHERE dispute.state = 'open'
UNION ALL
SELECT 'bank_line', 'bank_line:' || bank.id, bank.bank_used_fen
FROM credit_bankline bank JOIN credit_creditline credit ON credit.id = bank.credit_line_id
WHERE credit.line_id = %(line)s AND bank.bank_used_fen > 0 AND bank.state <> 'closed'
"""

_BILLED = """
SELECT COALESCE(sum(amount_fen - paid_fen), 0)::bigint FROM collection_bill
WHERE account = %(account)s AND state IN ('open', 'overdue', 'defaulted')
"""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that has to end first; `subject` names it, amount in fen."""

    kind: str
    subject: str
    amount_fen: int

    def facts(self) -> dict[str, str | int]:
        """Describe it for a person and a machine."""
        zh, en = NAMES[self.kind]
        return {
            "kind": self.kind,
            "subject": self.subject,
            "amount_fen": self.amount_fen,
            "zh": zh,
            "en": en,
        }


def standing_in_the_way(contract: Contract) -> list[Obstacle]:
    """List what has to end before a contract can be closed; empty: nothing."""
    return of_person(contract.person_id, contract=contract)


def of_person(person_id: int, *, contract: Contract | None) -> list[Obstacle]:
    """List what is open in a person's name, under a contract or without one."""
    credit_line = CreditLine.objects.filter(contract=contract).first() if contract else None
    parameters = {
        "person": person_id,
        "contract": contract.pk if contract else None,
        "line": credit_line.line_id if credit_line else None,
    }
    found = [
        Obstacle(kind, subject, int(fen))
        for kind, subject, fen in rows.run(_IN_THE_WAY, parameters)
        if kind != "owed" or fen > 0
    ]
    if not any(one.kind == "owed" for one in found):
        found += _unexplained(person_id)
    return sorted(found, key=lambda one: (list(NAMES).index(one.kind), one.subject))


def _unexplained(person_id: int) -> Iterable[Obstacle]:
    """Find what the books have as owed by a person beyond what the bills say."""
    account = f"owed:{person_id}"
    owed_fen = ledger.balances(account).get(account, 0)
    billed = rows.one(_BILLED, {"account": account})
    beyond_fen = owed_fen - int(billed[0] if billed else 0)
    return [Obstacle("owed", account, beyond_fen)] if beyond_fen > 0 else []
