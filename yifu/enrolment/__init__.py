"""Signing up and leaving: contract, credit line, dependants and debit binding, all or nothing.

Main functions: `services.enrol`, `services.close`.
"""
