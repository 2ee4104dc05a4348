"""The ledger: accounts, postings, holds. The only code that changes a balance.

A posting is a set of movements, each from one account to another, so no posting can be out of
balance (L1). It is append-only: a correction is a new posting that names the one it corrects.
Lines (what one payer may owe) carry counters changed by one conditional UPDATE (L2); accounts that
everybody posts to carry none, so no row is hot. Main functions: `services.post`, `services.hold`.
"""
