"""The insurer (医保经办机构), simulated: the national interface, benefit rules and its own books.

It answers the hospital side's messages at ``POST /fsi/api/rsfComIfsService/callService`` as the
national platform does (envelope, gateway signature, fields of ``data/fields.csv``), splits charges
by the policy tables under ``policies/``, and keeps persons, visits, settlements and yearly
accumulators in an SQLite file of its own.

Where to look: ``app`` (what comes in over HTTP) → ``service`` (one message, one transaction) →
``registration``, ``charging``, ``settling``, ``statements`` (the messages themselves) →
``benefits`` (who pays what, pure) and ``books`` (storage). ``control`` is the simulator's
switchboard.

Laws: money is integer fen inside and yuan with two decimals on the wire; a message number settles
at most once; every settlement keeps ``medfee = fund + account + cash + hospital``; an undone
settlement leaves accumulators and account as if it had not been; credential numbers are not stored.
"""
