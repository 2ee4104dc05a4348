"""Kept reports of what a change of scheme would have done."""

from django.db import models

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
