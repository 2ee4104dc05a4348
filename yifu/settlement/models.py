"""Settlements and their lines."""

from django.db import models
from django.db.models import F, Q

from yifu.collection.models import Bill
from yifu.institutions.models import IdempotencyRecord, Institution
from yifu.patients.models import Person
from yifu.settlement.rules import ENDED_STATES, Method, Refusal, SettlementState
from yifu.visits.models import Charge, Visit

__all__ = [
    "ENDED_STATES",
    "Method",
    "Refusal",
    "Settlement",
    "SettlementLine",
    "SettlementState",
]


class Settlement(models.Model):
    """One set of charges, one split, one outcome (结算). Amounts in fen."""

    # Columns that an index of their own would only slow down: the composite ones below serve.
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="settlements")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="settlements", db_index=False
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    bill = models.ForeignKey(Bill, null=True, on_delete=models.PROTECT, related_name="settlements")
    state = models.CharField(
        max_length=16,
        choices=SettlementState.choices,
        default=SettlementState.CLAIMED,
    )
    request = models.ForeignKey(
        IdempotencyRecord,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_comment="its key; taken off here before the record goes",
    )
    asked_method = models.CharField(max_length=10, db_comment="auto, cash or a channel")
    method = models.CharField(max_length=8, choices=Method.choices, blank=True)
    total_fen = models.BigIntegerField()
    fund_fen = models.BigIntegerField(default=0, db_comment="fund_pay_sumamt")
    account_fen = models.BigIntegerField(default=0, db_comment="acct_pay")
    personal_fen = models.BigIntegerField(default=0, db_comment="psn_cash_pay")
    hospital_fen = models.BigIntegerField(default=0, db_comment="hosp_part_amt")
    insured = models.BooleanField(
        default=False,
        db_comment="settled with the insurer, or wholly self-paid",
    )
    split = models.JSONField(null=True, db_comment="the parts of the insurer's split, fen")
    interim = models.BooleanField(
        default=False, db_default=False, db_comment="中途结算: the stay goes on"
    )
    clr_type = models.CharField(
        max_length=6, blank=True, db_default="", db_comment="清算类别 as the insurer answered"
    )
    setl_id = models.CharField(max_length=30, blank=True)
    msgid = models.CharField(max_length=30, blank=True, db_comment="of the message that settled it")
    business_date = models.DateField(db_comment="the day of the settlement, in China")
    claimed_at = models.DateTimeField()
    insured_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reason = models.CharField(
        max_length=200,
        blank=True,
        db_comment="why rejected, reversed or unknown",
    )
    refund_charges = models.JSONField(
        default=list,
        db_comment="charges a refund takes off; empty: the whole is reversed",
    )

    class Meta:
        db_table_comment = "结算 settlements"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SettlementState.values),
                name="settlement_state_known",
            ),
            models.CheckConstraint(
                condition=Q(total_fen__gte=0),
                name="settlement_total_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(insured_at__isnull=True)
                | Q(
                    total_fen=F("fund_fen")
                    + F("account_fen")
                    + F("personal_fen")
                    + F("hospital_fen"),
                ),
                name="split_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "business_date"], name="settlements_of_a_day"),
            models.Index(
                fields=["setl_id"], condition=~Q(setl_id=""), name="settlements_by_setl_id"
            ),
            models.Index(
                fields=["institution", "reversed_at"],
                condition=Q(reversed_at__isnull=False),
                name="reversals_of_a_day",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=Q(state__in=["claimed", "insured", "unknown", "reversing"]),
                name="settlements_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"settlement {self.pk}"

    @property
    def refusal(self) -> Refusal | None:
        """Why the personal part is not on credit, where somebody has signed for it."""
        known = self.method == Method.WINDOW and self.reason in Refusal.values
        return Refusal(self.reason) if known else None


class SettlementLine(models.Model):
    """A charge within a settlement and its split (fen). A charge is in one live settlement (L4)."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey(
        Charge,
        on_delete=models.PROTECT,
        related_name="settlement_lines",
        db_index=False,
    )
    live = models.BooleanField(default=True)
    amount_fen = models.BigIntegerField()
    own_fen = models.BigIntegerField(default=0, db_comment="fulamt_ownpay_amt")
    over_fen = models.BigIntegerField(default=0, db_comment="overlmt_amt")
    preself_fen = models.BigIntegerField(default=0, db_comment="preselfpay_amt")
    eligible_fen = models.BigIntegerField(default=0, db_comment="inscp_scp_amt")

    class Meta:
        db_table_comment = "结算明细 lines of settlements"
        constraints = [
            models.UniqueConstraint(
                fields=["charge"],
                condition=Q(live=True),
                name="charge_in_one_live_settlement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id}/{self.charge_id}"
