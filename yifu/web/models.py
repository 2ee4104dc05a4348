"""Who among the staff may see which pages."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.patients.models import Contract, Person


class Role(models.TextChoices):
    """What a member of staff does."""

    DOCTOR = "doctor", "医生"
    FINANCE = "finance", "财务"
    INSURANCE = "insurance", "医保办"
    CASHIER = "cashier", "收费员"
    CITY = "city", "城市运营"


class Seat(models.Model):
    """A user's place at an institution."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat"
    )
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    role = models.CharField(max_length=10, choices=Role.choices)
    doctor_code = models.CharField(max_length=30, blank=True)

    class Meta:
        db_table_comment = "工作人员岗位 seats"
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="seat_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class FamilyRequestState(models.TextChoices):
    """`asked → agreed | declined | withdrawn`; nothing else."""

    ASKED = "asked", "待本人同意"
    AGREED = "agreed", "已同意"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class FamilyRequest(models.Model):
    """A principal asks an adult relative to be paid for; the relative answers on the own phone.

    An adult's bills are theirs to show, so nobody else can agree for them (P1.4).
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="requests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="family_requests")
    kinship = models.CharField(max_length=10)
    limit_fen = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=30)
    proof_cipher = models.BinaryField(db_comment="the number of the paper that proves kinship")
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=9, choices=FamilyRequestState.choices, default=FamilyRequestState.ASKED
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "亲情付邀请 requests to be paid for"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FamilyRequestState.values), name="family_request_state_known"
            ),
            models.UniqueConstraint(
                fields=["contract", "person"],
                condition=Q(state="asked"),
                name="asked_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"family request {self.pk}"
