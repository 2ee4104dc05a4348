"""Bills, due dates, the night's debits, reminders, restoration.

A bill knows its visit, not its settlements. Main functions: `services.open_bill`,
`services.pay_bill`, and `nightly.run`.
"""
