"""What the insurer's audit said of a visit's charges, and what the doctor decided."""

from django.db import models
from django.db.models import Q

from yifu.visits.models import Visit


class AuditStage(models.TextChoices):
    """When it was asked: of the doctor's orders (3101), or before settling (3102)."""

    BEFORE = "before", "事前"
    DURING = "during", "事中"


class AuditState(models.TextChoices):
    """How far an audit came. One without an answer never stops treatment."""

    ANSWERED = "answered", "已审核"
    SILENT = "silent", "审核服务未应答"
    NOT_ASKED = "not_asked", "未审核"


class Severity(models.TextChoices):
    """`sev_deg` of the national code table."""

    DEFINITE = "1", "明确违规"
    LIKELY = "2", "高度可疑"
    SLIGHT = "3", "轻度可疑"


class Decision(models.TextChoices):
    """`dspo_way` of 3103; empty while nobody has decided."""

    CONTINUE = "1", "继续执行医嘱"
    CHANGE = "2", "返回修改医嘱"


class Audit(models.Model):
    """One question about a visit's charges. The latest of a stage counts while charges are same."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="audits")
    stage = models.CharField(max_length=6, choices=AuditStage.choices)
    digest = models.CharField(max_length=32, db_comment="of the charges it was about")
    state = models.CharField(max_length=9, choices=AuditState.choices)
    detail = models.CharField(max_length=300, blank=True, db_comment="why there is no answer")
    asked_at = models.DateTimeField()

    class Meta:
        db_table_comment = "医保明细审核 audits by the insurer"
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=AuditStage.values), name="audit_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AuditState.values), name="audit_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.visit_id}"


class AuditFinding(models.Model):
    """A violation the insurer sees, and the doctor's decision about it (3103)."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings")
    jr_id = models.CharField(max_length=50, db_comment="warn_rslt_id of 3103")
    rule_id = models.CharField(max_length=50)
    rule_name = models.CharField(max_length=200)
    content = models.CharField(max_length=500)
    evidence = models.CharField(max_length=500, blank=True)
    severity = models.CharField(max_length=3, db_comment="sev_deg")
    amount_fen = models.BigIntegerField(db_comment="vola_amt")
    lines = models.JSONField(default=list, db_comment="line numbers of the charges it is about")
    decision = models.CharField(max_length=1, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, db_comment="3103 was answered")

    class Meta:
        db_table_comment = "医保审核提醒 findings of audits"
        constraints = [
            models.UniqueConstraint(fields=["audit", "jr_id"], name="one_finding_per_number"),
            models.CheckConstraint(
                condition=Q(decision__in=["", *Decision.values]), name="audit_decision_known"
            ),
            models.CheckConstraint(
                condition=~Q(decision="1") | ~Q(reason=""), name="going_on_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["decided_at"],
                condition=Q(decided_at__isnull=False, told_at__isnull=True),
                name="decisions_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return self.jr_id
