"""Items, diagnoses, published limits and pairs that may not be charged together."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution


class Item(models.Model):
    """One line of an institution's price list, mapped to its national code."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    local_code = models.CharField(max_length=60)
    national_code = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, db_comment="drug, service or consumable")
    unit = models.CharField(max_length=20)
    price_fen = models.DecimalField(max_digits=18, decimal_places=4)
    charge_category = models.CharField(max_length=2, db_comment="med_chrgitm_type")
    price_source = models.CharField(max_length=20)

    class Meta:
        db_table_comment = "收费目录 price list"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "local_code"], name="one_item_per_local_code"
            ),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="item_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Diagnosis(models.Model):
    """An ICD-10 category."""

    code = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=200)

    class Meta:
        db_table_comment = "诊断 diagnoses"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
