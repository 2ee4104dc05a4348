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


class Verdict(models.TextChoices):
    """What the insurer says of a month's total account (3201), by the area's table of results."""

    EQUAL = "equal", "平"
    UNEQUAL = "unequal", "不平"
    OURS_ONLY = "ours_only", "医药机构多"
    THEIRS_ONLY = "theirs_only", "中心多"


class MonthlyTotal(models.Model):
    """A month's total account of one insurance and kind of clearing; asked again it is replaced.

    Their sums are null where the insurer's details do not tell them apart by insurance.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    month = models.DateField(db_comment="its first day")
    insutype = models.CharField(max_length=6)
    clr_type = models.CharField(max_length=6)
    verdict = models.CharField(max_length=11, choices=Verdict.choices)
    stmt_rslt = models.CharField(max_length=6)
    description = models.CharField(max_length=200, blank=True, db_comment="stmt_rslt_dscr")
    our_count = models.IntegerField()
    our_fen = models.BigIntegerField()
    our_fund_fen = models.BigIntegerField()
    our_account_fen = models.BigIntegerField()
    their_count = models.IntegerField(null=True)
    their_fen = models.BigIntegerField(null=True)
    their_fund_fen = models.BigIntegerField(null=True)
    their_account_fen = models.BigIntegerField(null=True)
    differing = models.IntegerField(default=0, db_comment="rows of its clr_type that differ (3202)")
    asked_at = models.DateTimeField()

    class Meta:
        db_table_comment = "月度总账 monthly total accounts"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "month", "insutype", "clr_type"],
                name="one_total_per_account_and_month",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="monthly_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.insutype} {self.clr_type}"

    @property
    def agrees(self) -> bool:
        """Say whether both sides have the same."""
        return self.verdict == Verdict.EQUAL
