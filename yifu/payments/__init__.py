"""Channels, debit contracts, payment attempts and refunds.

One row per try, never reused; `unknown` is left only by a query or a notice (decision 4).
Main functions: `services.request_debit`, `services.send_debit`, `services.request_refund`.
"""
