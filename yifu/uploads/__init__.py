"""What goes to the insurer after the day: receipts, settlement lists, self-payers' charges.

Every upload is a row with a state, so that the insurance office (医保办) sees what waits, what was
refused and why. All of it can be repeated: a message without an answer is asked about before it is
sent again. Main functions: `services.run`, `receipts.upload`, `lists.upload`, `self_paid.upload`.
"""
