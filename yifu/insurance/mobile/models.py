"""How institutions reach the payment centre, their orders there, and what it told us."""

from django.db import models

from yifu.institutions.models import Institution
from yifu.insurance.mobile.rules import EC_QR_FIELD, VERSION
from yifu.insurance.mobile.sm2 import DEFAULT_USER_ID


class CentreConnection(models.Model):
    """How an institution reaches the mobile payment centre, and what they know of each other."""

    institution = models.OneToOneField(
        Institution, on_delete=models.PROTECT, related_name="payment_centre"
    )
    base_url = models.URLField()
    app_id = models.CharField(max_length=64, unique=True)
    keys_cipher = models.BinaryField(
        db_comment="app_secret, private_key and centre_key as encrypted JSON"
    )
    user_id = models.CharField(
        max_length=64, default=DEFAULT_USER_ID, db_comment="what SM2 signatures are made as"
    )
    org_id = models.CharField(max_length=40, blank=True, db_comment="orgId of e-credentials")
    version = models.CharField(max_length=10, default=VERSION)
    paths = models.JSONField(
        default=dict, blank=True, db_comment="addresses by infno where they are not the usual ones"
    )
    qr_field = models.CharField(
        max_length=30, default=EC_QR_FIELD, db_comment="what 6101 calls the code's text"
    )
    timeout_s = models.PositiveSmallIntegerField(default=10)

    class Meta:
        app_label = "insurance"
        db_table_comment = "医保移动支付中心连接 connections to the payment centre"

    def __str__(self) -> str:
        return f"{self.institution_id} → {self.base_url}"


class PayOrder(models.Model):
    """An order at the payment centre (6201). Its tokens go when nothing can be done with them."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    subject = models.CharField(max_length=40, unique=True, db_comment="settlement:12")
    med_org_ord = models.CharField(max_length=40, unique=True)
    pay_ord_id = models.CharField(max_length=40)
    mdtrt_id = models.CharField(max_length=30)
    ord_stas = models.CharField(max_length=3, blank=True, db_comment="as last heard")
    lines = models.JSONField(default=list, db_comment="how the insurer sees each line, fen")
    pay_token_cipher = models.BinaryField(null=True)
    revs_token_cipher = models.BinaryField(null=True)
    revs_until = models.DateTimeField(null=True, db_comment="an hour after it was paid")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, db_comment="nothing can be done with it any more")

    class Meta:
        app_label = "insurance"
        db_table_comment = "医保移动支付订单 orders at the payment centre"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "pay_ord_id"], name="one_order_per_pay_ord_id"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(pay_token_cipher__isnull=True, revs_token_cipher__isnull=True),
                name="closed_order_keeps_no_token",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=models.Q(closed_at__isnull=True),
                name="open_orders_by_age",
            ),
        ]

    def __str__(self) -> str:
        return self.pay_ord_id


class Notice(models.Model):
    """What the centre told of an order (6204, 6302), each content once, tokens masked."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    infno = models.CharField(max_length=5)
    pay_ord_id = models.CharField(max_length=40)
    call_type = models.CharField(max_length=40, blank=True)
    content_hash = models.BinaryField()
    content = models.JSONField()
    received_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1, db_comment="how often it came")

    class Meta:
        app_label = "insurance"
        db_table_comment = "医保移动支付通知 notices of the payment centre"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "pay_ord_id", "infno", "call_type", "content_hash"],
                name="one_notice_per_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.infno} {self.pay_ord_id}"
