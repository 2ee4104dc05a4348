"""Who among the staff may see which pages."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution


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
