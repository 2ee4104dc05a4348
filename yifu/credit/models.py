"""Credit lines of principals, shares of dependants, changes of standing."""

from django.db import models
from django.db.models import Q

from yifu.credit.rules import Standing
from yifu.ledger.models import Line
from yifu.patients.models import Contract, Dependant, Person

__all__ = ["CreditLine", "Share", "Standing", "StandingChange"]


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
