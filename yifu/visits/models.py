"""Visits and charges."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.patients.models import Person


class VisitKind(models.TextChoices):
    """What kind of care; it decides which messages the insurer is sent."""

    OUTPATIENT = "outpatient", "门诊"
    EMERGENCY = "emergency", "急诊"
    INPATIENT = "inpatient", "住院"
    PHARMACY = "pharmacy", "药店购药"


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
    med_type = models.CharField(
        max_length=6, blank=True, db_default="", db_comment="医疗类别; empty: the kind's own"
    )
    disease_code = models.CharField(
        max_length=30, blank=True, db_default="", db_comment="dise_codg of a chronic disease"
    )
    disease_name = models.CharField(max_length=300, blank=True, db_default="")
    insured_area = models.CharField(
        max_length=6, blank=True, db_default="", db_comment="参保地 if it is not the area's own"
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


class Stay(models.Model):
    """What a stay in hospital (住院) has besides a visit: bed, admission, discharge."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="stay")
    bed = models.CharField(max_length=30)
    admission_note = models.CharField(max_length=200, db_comment="adm_diag_dscr 入院诊断描述")
    discharge_way = models.CharField(max_length=3, blank=True, db_comment="dscg_way 离院方式")
    discharge_department_code = models.CharField(max_length=30, blank=True)
    discharge_department_name = models.CharField(max_length=100, blank=True)
    discharge_bed = models.CharField(max_length=30, blank=True)
    discharge_diagnoses = models.JSONField(default=list, db_comment="[{code, name}], main first")
    died_on = models.DateField(null=True)

    class Meta:
        db_table_comment = "住院 stays in hospital"

    def __str__(self) -> str:
        return f"stay of visit {self.visit_id}"


class Charge(models.Model):
    """One priced line (费用明细); a charge-off (冲销) names the line it takes from, negative."""

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
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="charge_offs", db_index=False
    )
    trace_code = models.CharField(
        max_length=100, blank=True, db_default="", db_comment="drug_trac_codg 药品追溯码"
    )
    outside_rx_no = models.CharField(
        max_length=30,
        blank=True,
        db_default="",
        db_comment="rxno of an outside prescription 外配处方",
    )

    class Meta:
        db_table_comment = "费用明细 charges"
        constraints = [
            models.UniqueConstraint(fields=["visit", "line_no"], name="one_charge_per_line"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, amount_fen__gte=0, quantity__gt=0)
                | Q(corrects__isnull=False, amount_fen__lte=0, quantity__lt=0),
                name="only_charge_offs_are_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["corrects"],
                condition=Q(corrects__isnull=False),
                name="charge_offs_of_a_charge",
            )
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
