"""The insurer (医保经办机构), simulated: the national interface, benefit rules and its own books.

It answers the hospital side's messages at ``POST /fsi/api/rsfComIfsService/callService`` as the
national platform does (envelope, gateway signature, fields of ``data/fields.csv``), splits charges
by the policy tables under ``policies/``, and keeps persons, visits, settlements and yearly
accumulators in an SQLite file of its own.

Where to look: ``app`` (what comes in over HTTP) → ``service`` (one message, one transaction) → the
messages themselves: ``registration``, ``charging``, ``settling`` (outpatients), ``stays``,
``stay_charging``, ``stay_settling``, ``pharmacy``, ``filings``, ``queries``, ``rights`` (2001),
``reversing`` (2601), ``statements`` → ``reckoning`` (how a settlement comes about and is undone) →
``benefits`` (who pays what, pure), ``policies`` (the tables), ``accounts``, ``clearing`` and
``books`` (storage). ``centre_door`` is the mobile payment centre (``centre``,
``centre_core``, ``centre_books``, ``centre_envelope``), ``standings`` the office's switch for those
who do not pay. ``control`` is the simulator's switchboard.

Laws: money is integer fen inside and yuan with two decimals on the wire; a message number settles
at most once; every settlement keeps ``medfee = fund + account + cash + hospital``; an undone
settlement leaves accumulators and accounts as if it had not been; what is taken back of a charge
never exceeds it; credential numbers are not stored.
"""
