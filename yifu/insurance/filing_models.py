"""Filings (备案) with the insurer: transfers, chronic diseases, fixed places, injuries."""

from django.db import models
from django.db.models import F, Q

from yifu.institutions.models import IdempotencyRecord, Institution
from yifu.patients.models import Person


class FilingKind(models.TextChoices):
    """What is filed: NHSA 2501, 2503, 2505 (also a contract with a general practitioner), 2507."""

    TRANSFER = "transfer", "转院备案"
    CHRONIC = "chronic", "慢特病备案"
    FIXED_PLACE = "fixed_place", "定点备案"
    INJURY = "injury", "意外伤害备案"


class FilingState(models.TextChoices):
    """`asked → filed | refused | unknown`; `unknown → filed | refused`.

    `filed → withdrawing → withdrawn | filed`: it is withdrawn when the insurer says so. What never
    left for the insurer is `refused` too: it has nothing there.
    """

    ASKED = "asked", "已提交"
    FILED = "filed", "已备案"
    REFUSED = "refused", "未备案"
    UNKNOWN = "unknown", "未知"
    WITHDRAWING = "withdrawing", "备案撤销中"
    WITHDRAWN = "withdrawn", "备案已撤销"


class Filing(models.Model):
    """One filing of one person by one institution.

    No two of the same matter overlap in time while they may be in force: `filings_do_not_overlap`,
    an exclusion constraint written in the migration (decision 0018).
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="filings", db_index=False
    )
    request = models.ForeignKey(
        IdempotencyRecord,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_comment="the key of the request under way; taken off here before the record goes",
    )
    kind = models.CharField(max_length=11, choices=FilingKind.choices)
    state = models.CharField(max_length=11, choices=FilingState.choices, default=FilingState.ASKED)
    matter = models.CharField(
        max_length=40, db_comment="disease, receiving hospital, type and rank, or day of injury"
    )
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, db_comment="the last day; null: without an end")
    about = models.JSONField(db_comment="what the message says besides; see filing_forms")
    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    insuplc_admdvs = models.CharField(max_length=6)
    trt_dcla_detl_sn = models.CharField(
        max_length=30, blank=True, db_comment="the insurer's number"
    )
    reason = models.CharField(
        max_length=200, blank=True, db_comment="why it is refused, unknown or still filed"
    )
    withdrawal_reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "医保备案 filings with the insurer"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FilingKind.values), name="filing_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=FilingState.values), name="filing_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="filing_ends_after_beginning",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=False) | ~Q(state__in=["filed", "withdrawing"]),
                name="filing_filed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) ^ ~Q(state="withdrawn"),
                name="filing_withdrawn_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "institution"], name="filings_of_a_person"),
            # What stopped in between is looked for every minute; usually there is none.
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["asked", "unknown", "withdrawing"]),
                name="filings_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.matter}"
