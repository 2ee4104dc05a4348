"""Who takes part: pooling areas, institutions, their machine clients, and what each asked before.

Owns the idempotency records: one (institution, key) has one effect (L9). Main function:
`services.claim_key`.
"""
