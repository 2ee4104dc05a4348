"""The national insurer interface: messages, signing, client, and what was said when.

A call is written down before it is sent and after it is answered (decision 4); no transaction is
open while waiting. Insurance credentials are used and dropped (P1.7). Main functions:
`registering.register_visit`, the messages that settle (`courses`), `exchanges.send`.
"""
