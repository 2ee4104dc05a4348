"""Signing up and leaving: consents, contract, line, family, debit binding, all or nothing.

Invariants: everybody has one principal at most, who is paid for pays for nobody, a closed contract
has no dependants and its line no room. `services.py` is the front door: `enrol`, `close`; families
in `families.py`, coming of age and death in `life.py`, duplicates in `merging.py`.

Locks: persons, contracts, lines (a principal's before its dependants'), then what others lock
after lines; each kind by ascending id.
"""
