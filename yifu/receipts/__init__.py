"""Fiscal e-receipts (医疗收费电子票据): issue, red-flush, look up.

Main functions: `services.issue`, `services.flush`.
"""
