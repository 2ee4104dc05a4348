"""Statements of the other side, and differences."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution


class Party(models.TextChoices):
    """Whose statement it is."""

    INSURER = "insurer", "医保"
    CHANNEL = "channel", "支付渠道"


class Statement(models.Model):
    """What the other side says about one day; fetched again it is replaced."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    party = models.CharField(max_length=8, choices=Party.choices)
    channel = models.CharField(max_length=20, blank=True)
    business_date = models.DateField()
    fetched_at = models.DateTimeField()
    rows = models.IntegerField(default=0)
    their_fen = models.BigIntegerField(default=0)
    our_fen = models.BigIntegerField(default=0)
    matched = models.IntegerField(default=0)

    class Meta:
        db_table_comment = "对账单 statements"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "party", "channel", "business_date"],
                name="one_statement_per_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.business_date}"


class StatementRow(models.Model):
    """One row of a statement: the key both sides know it by, and its amounts in fen."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="entries")
    key = models.CharField(max_length=64, db_comment="setl_id or out_trade_no / out_refund_no")
    negative = models.BooleanField(default=False, db_comment="a reversal or refund")
    amount_fen = models.BigIntegerField(
        db_comment="medfee_sumamt, or the amount the channel moved; negative in negative rows"
    )
    fund_fen = models.BigIntegerField(default=0)
    account_fen = models.BigIntegerField(default=0)
    fee_fen = models.BigIntegerField(default=0)

    class Meta:
        db_table_comment = "对账明细 rows of statements"
        indexes = [
            models.Index(fields=["statement", "key", "negative"], name="statement_row_by_key")
        ]

    def __str__(self) -> str:
        return self.key


class DifferenceKind(models.TextChoices):
    """In what way the two sides differ."""

    THEIRS_ONLY = "theirs_only", "对方有、我方无"
    OURS_ONLY = "ours_only", "我方有、对方无"
    AMOUNT = "amount", "金额不一致"


class Figure(models.TextChoices):
    """Which figure it is in which the two sides differ."""

    AMOUNT = "amount", "金额"
    FUND = "fund", "基金支付"
    ACCOUNT = "account", "个人账户支付"


class DifferenceState(models.TextChoices):
    """`found → explained | corrected`."""

    FOUND = "found", "待处理"
    EXPLAINED = "explained", "已说明"
    CORRECTED = "corrected", "已更正"


class Difference(models.Model):
    """A place where we and the other side disagree, with both figures."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=11, choices=DifferenceKind.choices)
    key = models.CharField(max_length=64)
    negative = models.BooleanField(default=False)
    figure = models.CharField(max_length=7, choices=Figure.choices, default=Figure.AMOUNT)
    our_fen = models.BigIntegerField(null=True)
    their_fen = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=9, choices=DifferenceState.choices, default=DifferenceState.FOUND
    )
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "差异 differences"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DifferenceKind.values), name="difference_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(figure__in=Figure.values), name="difference_figure_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DifferenceState.values), name="difference_state_known"
            ),
            models.UniqueConstraint(
                fields=["statement", "key", "negative"], name="one_difference_per_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
