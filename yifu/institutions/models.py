"""Areas, institutions, machine clients, idempotency records."""

from django.conf import settings
from django.db import models


class Area(models.Model):
    """A pooling area (统筹区): the cell within which credit, bills and insurance live."""

    code = models.CharField(
        primary_key=True, max_length=6, db_comment="area code as the insurer has it"
    )
    name = models.CharField(max_length=60)
    scheme = models.CharField(max_length=30, db_comment="code of the scheme in force, see credit")

    class Meta:
        db_table_comment = "统筹区 pooling areas"

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """A medical institution (医疗机构)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    code = models.CharField(max_length=12, unique=True, db_comment="fixmedins_code at the insurer")
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=2, db_comment="hosp_lv of the national code table")
    district = models.CharField(
        max_length=40, blank=True, db_comment="whose treasury bears bad debt"
    )

    class Meta:
        db_table_comment = "医疗机构 institutions"

    def __str__(self) -> str:
        return self.name


class ApiClient(models.Model):
    """The OAuth2 client of one institution's system; it sees that institution only."""

    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
        on_delete=models.CASCADE,
        related_name="api_client",
    )
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    scopes = models.CharField(max_length=200, db_comment="what it may ask for, separated by spaces")

    class Meta:
        db_table_comment = "机构接入客户端 machine clients"

    def __str__(self) -> str:
        return f"{self.institution_id}: {self.application_id}"


class IdempotencyRecord(models.Model):
    """What a key was used for and what was answered; written in the effect's transaction."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    key = models.CharField(max_length=80)
    request_hash = models.BinaryField(max_length=32)
    effect = models.CharField(max_length=60, blank=True, db_comment="e.g. settlement:12")
    status = models.SmallIntegerField(
        null=True, db_comment="HTTP status answered; null while under way"
    )
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table_comment = "幂等记录 idempotency records"
        constraints = [
            models.UniqueConstraint(fields=["institution", "key"], name="one_effect_per_key"),
        ]

    def __str__(self) -> str:
        return self.key
