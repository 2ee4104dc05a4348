"""Schemes as data, credit lines, families, standing.

Every city's rules are a file in `schemes/` (decision 8). A credit line is a ledger line with a
person and a standing. Main function: `services.find_payer`: who pays the personal part, and how.
"""
