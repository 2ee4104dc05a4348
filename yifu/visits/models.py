"""Visits and charges."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.patients.models import Person


class VisitKind(models.TextChoices):
    """What kind of care; inpatient and pharmacy visits come with the full insurer interface."""

    OUTPATIENT = "outpatient", "门诊"
    EMERGENCY = "emergency", "急诊"


class Visit(models.Model):
    """One visit (就诊) of one person."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    visit_no = models.CharField(
        max_length=30, db_comment="ipt_otp_no, unique within the institution"
    )
    kind = models.CharField(max_length=10, choices=VisitKind.choices)
    department_code = models.CharField(max_length=30)
    department_name = models.CharField(max_length=100)
    doctor_code = models.CharField(max_length=30)
    doctor_name = models.CharField(max_length=50)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    business_date = models.DateField(db_comment="the day it began, in China")
    diagnoses = models.JSONField(default=list, db_comment="[{code, name}], the main one first")
    uninsured = models.BooleanField(
        default=False, db_comment="the insurer does not know the person, or nobody asked"
    )

    class Meta:
        db_table_comment = "就诊 visits"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "visit_no"], name="one_visit_per_number"
            ),
            models.CheckConstraint(condition=Q(kind__in=VisitKind.values), name="visit_kind_known"),
        ]
        indexes = [
            models.Index(
                fields=["institution", "business_date", "doctor_code"], name="visits_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.visit_no


class Charge(models.Model):
    """One priced line (费用明细)."""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="charges", db_index=False
    )
    line_no = models.IntegerField()
    local_code = models.CharField(max_length=60)
    national_code = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=16, decimal_places=4)
    unit_price_fen = models.DecimalField(max_digits=18, decimal_places=4)
    amount_fen = models.BigIntegerField()
    occurred_at = models.DateTimeField()

    class Meta:
        db_table_comment = "费用明细 charges"
        constraints = [
            models.UniqueConstraint(fields=["visit", "line_no"], name="one_charge_per_line"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="charge_not_negative"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="charge_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.line_no}"


class Consent(models.Model):
    """The patient was told what insurance does not pay and agreed (P3.12, ZJ 6.2.4)."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="consents")
    wording = models.CharField(
        max_length=300, db_comment="the sentence that was read out, with its amount"
    )
    lines = models.JSONField(default=list, db_comment="line numbers of the charges it is about")
    recorded_by = models.CharField(max_length=60)
    agreed_at = models.DateTimeField()

    class Meta:
        db_table_comment = "自费项目知情同意 consents to what insurance does not pay; append-only"
        constraints = [
            models.UniqueConstraint(fields=["visit", "wording"], name="agreed_once_per_wording"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.wording}"
