"""Persons, their kinship, their contracts (签约) and what they are told.

Identity numbers and phones are encrypted and found again by fingerprint. Insurance credentials
are never kept (P1.7). Main functions: `services.register_person`, `services.sign`.
"""
