"""What unpaid bills mean for their principals, and the way back (P4.3 to P4.5).

Everything here runs inside the caller's transaction, over sets. Locks are taken in the order that
`services` documents: credit lines, then entries of the default list, then tellings.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from yifu.collection import rules, tellings
from yifu.collection import standing_statements as statements
from yifu.credit import services as credit
from yifu.credit.models import Standing
from yifu.credit.services import Change
from yifu.patients.models import Person
from yifu.patients.notices import Message, notify_many
from yifu.rows import run

BANK_RULE = "P2.2"
_ORDER = (Standing.GOOD, Standing.SUSPENDED, Standing.DEFAULTED)
"""From the best to the worst."""


def reconsider(reasons: Mapping[int, str], *, rule: str, now: datetime) -> int:
    """Let principals (each with the reason) have the standing that their bills leave them.

    Lifts entries of what is paid, never makes a standing worse (that is the night's), writes the
    tellings that follow, tells the persons; gives how many are good again. The credit lines are
    locked before the bills are looked at, so of two payments at once the later sees the earlier.
    """
    if not reasons:
        return 0
    persons = sorted(reasons)
    lines = run(statements.LOCK_CREDIT_LINES, {"persons": persons})
    listed = run(statements.LOCK_ENTRIES, {"persons": persons})
    if listed:
        run(statements.LIFT_PAID, {"persons": persons, "now": now})
    restored = _change(lines, reasons, rule=rule, now=now)
    if listed:
        tellings.write(reasons, now=now)
    names = names_of(restored.values())
    messages = [
        Message(
            key=f"credit:{line_id}:restored:{now.isoformat()}",
            person_id=person_id,
            template="restored",
            params={"name": names[person_id]},
        )
        for line_id, person_id in restored.items()
    ]
    return notify_many(messages, now=now)


def _change(
    lines: Iterable[tuple[int, int, str]], reasons: Mapping[int, str], *, rule: str, now: datetime
) -> dict[int, int]:
    """Change the standings that are worse than they need be; gives (line, person) good again."""
    worse = [(pk, person, was) for pk, person, was in lines if was != Standing.GOOD]
    if not worse:
        return {}
    bills = defaultdict(list)
    persons = sorted({person for _, person, _ in worse})
    for person, state, entry in run(statements.BAD_BILLS, {"persons": persons}):
        bills[person].append((state, entry))
    by_bills = {person: rules.standing_of(bills[person]) for person in persons}
    frozen = run(statements.FROZEN_BY_BANK, {"lines": [pk for pk, _, _ in worse]})
    left = {pk: by_bills[person] for pk, person, _ in worse}
    # What is left is the bank's doing then, and the bank's to lift (P2.2).
    banks = {pk for (pk,) in frozen if left[pk] == Standing.GOOD}
    left |= dict.fromkeys(banks, Standing.SUSPENDED)
    changes = [
        Change(
            credit_line_id=pk,
            to=left[pk],
            reason=reasons[person],
            rule=BANK_RULE if pk in banks else rule,
        )
        for pk, person, was in worse
        if _ORDER.index(left[pk]) < _ORDER.index(Standing(was))
    ]
    changed = credit.change_standings(changes, now=now)
    credit.note_rule(banks - changed, reason="bank frozen", rule=BANK_RULE, now=now)
    return {pk: person for pk, person, _ in worse if pk in changed and left[pk] == Standing.GOOD}


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Look names up, for messages to the persons themselves."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
