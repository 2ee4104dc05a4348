"""What is asked of a channel and what its bill has, as plain values. Amounts in fen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitOrder:
    """A debit to be made: our number, the person's contract with the channel, fen."""

    out_trade_no: str
    contract_id: str
    amount_fen: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A refund to be made of the debit `out_trade_no`, which took `total_fen`."""

    out_refund_no: str
    out_trade_no: str
    amount_fen: int
    total_fen: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """One movement as the channel's bill has it; fen. A refund's row names both our numbers."""

    out_trade_no: str
    out_refund_no: str | None
    transaction_id: str
    amount_fen: int
    refund_fen: int
    fee_fen: int
