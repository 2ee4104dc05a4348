"""Credit lines of principals, shares of dependants, changes of standing."""

from django.db import models
from django.db.models import Q

from yifu.credit.hold_models import VisitHold
from yifu.credit.outside_models import CreditParty
from yifu.credit.rules import Standing
from yifu.credit.scheme_models import SchemeVersion, Score, VersionState
from yifu.ledger.models import Line
from yifu.patients.models import Contract, Dependant, Person

__all__ = [
    "BankLine",
    "BankLineState",
    "CreditLine",
    "CreditParty",
    "LimitChange",
    "OverLimit",
    "SchemeVersion",
    "Score",
    "Share",
    "Standing",
    "StandingChange",
    "VersionState",
    "VisitHold",
]


class CreditLine(models.Model):
    """A principal's line and standing under one contract; signing again opens a new one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="credit_lines")
    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="credit_line")
    line = models.OneToOneField(Line, on_delete=models.PROTECT)
    lender = models.CharField(max_length=20, db_comment="platform, or the bank's code")
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.GOOD)
    standing_since = models.DateTimeField()

    class Meta:
        db_table_comment = "授信 credit lines"
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="standing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"credit line {self.pk}"


class Share(models.Model):
    """A dependant's part of the principal's line, with a limit of its own (P2.7)."""

    credit_line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="shares")
    dependant = models.OneToOneField(Dependant, on_delete=models.PROTECT)
    line = models.OneToOneField(Line, on_delete=models.PROTECT)

    class Meta:
        db_table_comment = "家庭共享额度 dependants' shares"

    def __str__(self) -> str:
        return f"share {self.pk}"


class StandingChange(models.Model):
    """Why and when a standing changed; every effect on a person has a reason and a rule."""

    credit_line = models.ForeignKey(CreditLine, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=9, choices=Standing.choices)
    after = models.CharField(max_length=9, choices=Standing.choices)
    at = models.DateTimeField()
    reason = models.CharField(max_length=80, db_comment="e.g. bill:12 overdue")
    rule = models.CharField(max_length=40, db_comment="e.g. P4.3")

    class Meta:
        db_table_comment = "信用状态变化 changes of standing; append-only"

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class LimitChange(models.Model):
    """Why and when a limit changed; append-only. Amounts in fen."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="limit_changes")
    before_fen = models.BigIntegerField()
    after_fen = models.BigIntegerField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=80, db_comment="e.g. score:7, bank:…, chosen")
    rule = models.CharField(max_length=40, db_comment="e.g. P2.1")

    class Meta:
        db_table_comment = "额度变化 changes of limits; append-only"

    def __str__(self) -> str:
        return f"{self.before_fen} → {self.after_fen}"


class OverLimit(models.Model):
    """Emergency treatment that went over a line by policy: listed, each once (P2.3)."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="over_limits")
    subject = models.CharField(max_length=40, unique=True, db_comment="e.g. settlement:12")
    over_fen = models.BigIntegerField()
    at = models.DateTimeField()
    rule = models.CharField(max_length=40)

    class Meta:
        db_table_comment = "超额急救 emergency treatment over the limit"
        constraints = [
            models.CheckConstraint(condition=Q(over_fen__gt=0), name="over_limit_is_over"),
        ]

    def __str__(self) -> str:
        return self.subject


class BankLineState(models.TextChoices):
    """`opening → open | refused | unknown → open | refused`; `open ⇄ frozen`, both `→ closed`."""

    OPENING = "opening", "开立中"
    OPEN = "open", "正常"
    FROZEN = "frozen", "冻结"
    CLOSED = "closed", "已关闭"
    REFUSED = "refused", "银行拒绝"
    UNKNOWN = "unknown", "未知"


class BankLine(models.Model):
    """The bank's own line behind a credit line; ours follows the bank's answers (P2.2)."""

    credit_line = models.OneToOneField(
        CreditLine, on_delete=models.PROTECT, related_name="bank_line"
    )
    bank = models.CharField(max_length=20)
    request_no = models.CharField(max_length=32, unique=True)
    line_no_cipher = models.BinaryField(null=True, db_comment="the bank's number")
    state = models.CharField(
        max_length=8, choices=BankLineState.choices, default=BankLineState.OPENING
    )
    bank_limit_fen = models.BigIntegerField(default=0)
    bank_used_fen = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True, db_comment="when the bank last answered")
    reason = models.CharField(max_length=80, blank=True, db_comment="the bank's word for a refusal")

    class Meta:
        db_table_comment = "银行授信 lines at banks"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BankLineState.values), name="bank_line_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.request_no
