"""Accounts, lines with their counters, holds, postings and movements."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q


class AccountKind(models.TextChoices):
    """What an account means; debits and credits follow `domain.md`."""

    INSURER = "insurer", "医保应收"
    OWED = "owed", "个人应收"
    BANK = "bank", "银行应收"
    CHANNEL = "channel", "渠道清算"
    CASH = "cash", "窗口现金"
    PREPAID = "prepaid", "预存款"
    REVENUE = "revenue", "医疗收入"
    BADDEBT = "baddebt", "坏账"
    FEES = "fees", "渠道手续费"


class Account(models.Model):
    """A place where fen can be. Its balance is the sum of its movements, nothing else."""

    code = models.CharField(
        max_length=80, unique=True, db_comment="kind:whose, e.g. insurer:990100"
    )
    kind = models.CharField(max_length=10, choices=AccountKind.choices)

    class Meta:
        db_table_comment = "账户 accounts; balances are sums of movements, never stored"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AccountKind.values), name="account_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Line(models.Model):
    """How much may be owed on an account: limit, held and owed, all fen.

    A dependant's line has a parent: the principal's, on which the money is really owed.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="shares")
    limit_fen = models.BigIntegerField()
    held_fen = models.BigIntegerField(default=0)
    owed_fen = models.BigIntegerField(default=0)
    extra_fen = models.BigIntegerField(
        default=0,
        db_default=0,
        db_comment="room granted beyond the limit (emergency); ends as it is repaid",
    )

    class Meta:
        db_table_comment = "授信额度 lines; counters change only by one conditional UPDATE"
        constraints = [
            models.CheckConstraint(condition=Q(limit_fen__gte=0), name="line_limit_not_negative"),
            models.CheckConstraint(condition=Q(held_fen__gte=0), name="line_held_not_negative"),
            models.CheckConstraint(condition=Q(owed_fen__gte=0), name="line_owed_not_negative"),
            models.CheckConstraint(condition=Q(extra_fen__gte=0), name="line_extra_not_negative"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def available_fen(self) -> int:
        """What may still be held or owed; never below 0 (a limit can be lowered below its use)."""
        return max(0, self.limit_fen + self.extra_fen - self.held_fen - self.owed_fen)


class HoldState(models.TextChoices):
    """`open → captured | released | expired`; no other transition exists."""

    OPEN = "open", "锁定"
    CAPTURED = "captured", "已扣"
    RELEASED = "released", "已释放"
    EXPIRED = "expired", "已过期"


class Hold(models.Model):
    """An amount kept free on a line until it is captured, released or expires."""

    key = models.CharField(max_length=80, db_comment="whose effect this is; makes it happen once")
    line = models.ForeignKey(Line, on_delete=models.PROTECT)
    amount_fen = models.BigIntegerField()
    captured_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=HoldState.choices, default=HoldState.OPEN)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "额度锁定 holds"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_hold_per_key"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=HoldState.values), name="hold_state_known"
            ),
            models.CheckConstraint(
                condition=Q(captured_fen__gte=0, captured_fen__lte=F("amount_fen")),
                name="hold_captured_within",
            ),
            models.CheckConstraint(
                condition=Q(state="captured", captured_fen__gt=0)
                | (~Q(state="captured") & Q(captured_fen=0)),
                name="hold_captured_when_captured",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state="open"), name="open_holds_by_expiry"
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.key}"


class Posting(models.Model):
    """One event in the books. Its movements say what went where."""

    key = models.CharField(max_length=80, db_comment="e.g. settlement:12; posts once")
    kind = models.CharField(max_length=20)
    occurred_at = models.DateTimeField()
    business_date = models.DateField()
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table_comment = "记账 postings; append-only"
        constraints = [models.UniqueConstraint(fields=["key"], name="one_posting_per_key")]
        indexes = [BrinIndex(fields=["business_date"], name="postings_by_day")]

    def __str__(self) -> str:
        return self.key


class Movement(models.Model):
    """An amount that goes from one account (credit) to another (debit): balanced by its form."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="movements")
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    line = models.ForeignKey(
        Line, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        db_table_comment = (
            "分录 movements; append-only, every one debits and credits the same amount"
        )
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="movement_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="movement_goes_somewhere"),
        ]
        indexes = [
            models.Index(fields=["line"], condition=Q(line__isnull=False), name="movement_of_line"),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id}: {self.amount_fen}"
