"""How the credit platform, the insurer's office and banks are reached."""

from django.db import models

from yifu.institutions.models import Area


class CreditParty(models.Model):
    """A party outside that scores, lists, stops or lends, and how an area speaks to it."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    code = models.CharField(
        max_length=20, db_comment="credit_platform, insurer, or a bank's code such as icbc"
    )
    base_url = models.URLField()
    app = models.CharField(max_length=40)
    key_cipher = models.BinaryField()
    timeout_s = models.IntegerField(default=5)
    changes_since = models.BigIntegerField(
        default=0, db_default=0, db_comment="a bank's: its newest change that was followed"
    )

    class Meta:
        db_table_comment = "信用平台与银行 parties of credit"
        constraints = [
            models.UniqueConstraint(fields=["area", "code"], name="one_credit_party_per_area"),
        ]

    def __str__(self) -> str:
        return self.code
