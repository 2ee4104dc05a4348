"""What was uploaded to the insurer and what became of it."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.receipts.models import Receipt
from yifu.settlement.models import Settlement


class ListScope(models.TextChoices):
    """Of which settlements an institution uploads a settlement list (4101)."""

    REQUIRED = "required", "住院与门诊慢特病"
    ALL = "all", "全部结算"
    NONE = "none", "不上传"


class UploadPolicy(models.Model):
    """What an institution uploads, and who answers for its settlement lists."""

    institution = models.OneToOneField(
        Institution, on_delete=models.PROTECT, related_name="upload_policy"
    )
    receipts = models.BooleanField(default=True)
    lists = models.CharField(max_length=8, choices=ListScope.choices, default=ListScope.REQUIRED)
    self_paid = models.BooleanField(default=True)
    filled_in_department = models.CharField(
        max_length=100, blank=True, db_comment="medins_fill_dept of 4101"
    )
    filled_in_by = models.CharField(max_length=50, blank=True, db_comment="medins_fill_psn of 4101")

    class Meta:
        db_table_comment = "医保上传政策 upload policies"

    def __str__(self) -> str:
        return f"{self.institution_id}"


class UploadState(models.TextChoices):
    """`waiting → uploaded → accepted | refused → waiting`; `incomplete` waits for somebody."""

    WAITING = "waiting", "待上传"
    INCOMPLETE = "incomplete", "待补充"
    UPLOADED = "uploaded", "已上传"
    ACCEPTED = "accepted", "已通过"
    REFUSED = "refused", "被退回"
    OBSOLETE = "obsolete", "已撤销"


class BatchState(models.TextChoices):
    """`sending → uploaded → done`; without an answer it is asked about, then sent again."""

    SENDING = "sending", "发送中"
    UPLOADED = "uploaded", "已上传"
    DONE = "done", "已处理"
    REFUSED = "refused", "被拒绝"


class ReceiptBatch(models.Model):
    """Receipts uploaded by one message (4901, or 4905 `again`) under one number."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    number = models.CharField(max_length=13, db_comment="upldBchno: date and five digits")
    period = models.CharField(max_length=17, db_comment="bizStsb: yyyyMMdd-yyyyMMdd")
    again = models.BooleanField(default=False, db_comment="4905 instead of 4901")
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.SENDING)
    msgid = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        db_table_comment = "票据上传批次 batches of receipts"
        constraints = [
            models.UniqueConstraint(fields=["institution", "number"], name="one_batch_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="batch_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Upload(models.Model):
    """What every kind of upload has: whose, how far, and why not further."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    state = models.CharField(
        max_length=10, choices=UploadState.choices, default=UploadState.WAITING
    )
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


class ReceiptUpload(Upload):
    """A receipt, blue or red, on its way to the insurer."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="upload")
    batch = models.ForeignKey(
        ReceiptBatch, null=True, on_delete=models.PROTECT, related_name="uploads"
    )
    again = models.BooleanField(default=False, db_comment="was refused once: goes by 4905")

    class Meta:
        db_table_comment = "票据上传 receipts to the insurer"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UploadState.values), name="receipt_upload_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "state"], name="receipt_uploads_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.state}"


class ListUpload(Upload):
    """The settlement list (医疗保障基金结算清单) of a settlement."""

    settlement = models.OneToOneField(
        Settlement, on_delete=models.PROTECT, related_name="list_upload"
    )
    missing = models.JSONField(default=list, db_comment="names of fields that nobody has given")
    supplement = models.JSONField(default=dict, db_comment="what was filled in, by field")
    number = models.CharField(max_length=30, blank=True, db_comment="setl_list_id")
    submitted = models.BooleanField(default=False, db_comment="4102: may not be changed any more")

    class Meta:
        db_table_comment = "结算清单上传 settlement lists"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UploadState.values), name="list_upload_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "state"], name="list_uploads_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.state}"


class SelfPaidUpload(Upload):
    """The charges of a settlement without insurance (4201)."""

    settlement = models.OneToOneField(
        Settlement, on_delete=models.PROTECT, related_name="self_paid_upload"
    )
    sent_lines = models.IntegerField(default=0, db_comment="so many lines the insurer has")

    class Meta:
        db_table_comment = "自费费用上传 self-payers' charges"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UploadState.values), name="self_paid_upload_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "state"], name="self_paid_uploads_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.state}"
