"""Versions of schemes, and what they gave to whom: scores, changes of limits, room granted."""

from django.db import models
from django.db.models import F, Q

from yifu.patients.models import Person


class VersionState(models.TextChoices):
    """`proposed → approved | refused`; `approved → withdrawn` before it begins."""

    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"


class SchemeVersion(models.Model):
    """A scheme's text, in force from a date on until the next one; approved by a second person."""

    code = models.CharField(max_length=30)
    text = models.TextField(db_comment="the TOML file as it was proposed")
    digest = models.BinaryField(max_length=32, db_comment="SHA-256 of the text")
    effective_from = models.DateField()
    state = models.CharField(
        max_length=9, choices=VersionState.choices, default=VersionState.PROPOSED
    )
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True, db_comment="why it was proposed or refused")

    class Meta:
        db_table_comment = "付费方案版本 versions of schemes"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values), name="scheme_version_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
                name="scheme_version_approved_by_another",
            ),
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                condition=Q(state="approved"),
                name="one_scheme_version_per_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.effective_from}"


class Score(models.Model):
    """What a credit platform said about a person (P2.1); null: it would not or could not tell."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scores")
    score = models.IntegerField(null=True)
    dimensions = models.JSONField(default=dict, db_comment="{dimension: points}")
    reference = models.CharField(max_length=64, blank=True, db_comment="the platform's number")
    asked_at = models.DateTimeField()
    valid_until = models.DateField()
    reason = models.CharField(
        max_length=80, blank=True, db_default="", db_comment="the platform's word for a refusal"
    )

    class Meta:
        db_table_comment = "信用评分 scores"
        indexes = [models.Index(fields=["person", "-asked_at"], name="newest_score_first")]

    def __str__(self) -> str:
        return f"score {self.pk}"
