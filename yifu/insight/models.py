"""Kept reports of what a change of scheme would have done."""

from django.db import models
from django.db.models import Q

from yifu.credit.models import SchemeVersion
from yifu.institutions.models import Area


class WhatIf(models.Model):
    """A comparison that was made: of which changed text, over which months, and what came of it."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    scheme = models.CharField(max_length=30, db_comment="code of the scheme")
    digest = models.BinaryField(max_length=32, db_comment="SHA-256 of the changed text")
    since = models.DateField(db_comment="first day that is replayed")
    until = models.DateField(db_comment="last day that is replayed")
    report = models.JSONField(db_comment="insight.comparing.ComparedSchemes; no names of persons")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        db_table_comment = "方案变更推演 what-if reports"
        indexes = [models.Index(fields=["scheme", "digest", "-made_at"], name="newest_what_if")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.since} to {self.until}"


class ReplayState(models.TextChoices):
    """`waiting → running → done | failed`; one that nobody carries on fails when asked again."""

    WAITING = "waiting", "等待开始"
    RUNNING = "running", "正在推演"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"


class Replay(models.Model):
    """A comparison that somebody asked for on a page: made in the background, watched meanwhile."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="replays")
    since = models.DateField()
    until = models.DateField()
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=ReplayState.choices, default=ReplayState.WAITING)
    done = models.IntegerField(default=0, db_comment="families replayed")
    total = models.IntegerField(default=0)
    heard_at = models.DateTimeField(db_comment="of its last progress, by the database's own clock")
    detail = models.CharField(max_length=200, blank=True, db_comment="why it failed")
    what_if = models.OneToOneField(WhatIf, null=True, on_delete=models.PROTECT)

    class Meta:
        db_table_comment = "推演任务 replays that were asked for"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReplayState.values), name="replay_state_known"
            ),
            models.UniqueConstraint(
                fields=["area", "version"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_replay_under_way_per_version",
            ),
        ]

    def __str__(self) -> str:
        return f"replay {self.pk}"

    @property
    def under_way(self) -> bool:
        """True while its outcome is not known yet."""
        return self.state in {ReplayState.WAITING, ReplayState.RUNNING}
