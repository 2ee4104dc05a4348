"""Connections to the insurer, visits known there, and every exchange."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from yifu.institutions.models import Institution
from yifu.insurance.audit_models import Audit, AuditFinding
from yifu.insurance.filing_models import Filing, FilingKind, FilingState
from yifu.insurance.mobile import models as _mobile  # noqa: F401 - so that Django finds them
from yifu.visits.models import Charge, Visit

__all__ = [
    "Audit",
    "AuditFinding",
    "AuditPolicy",
    "Connection",
    "Encounter",
    "Exchange",
    "ExchangeState",
    "Filing",
    "FilingKind",
    "FilingState",
    "SignIn",
    "UploadedLine",
]


class AuditPolicy(models.TextChoices):
    """Where the insurer's audit (3101, 3102) is asked; settling waits for it by `settle` only."""

    OFF = "off", "不审核"
    PAGE = "page", "预结算与医生页面"
    SETTLE = "settle", "结算前"


class Connection(models.Model):
    """How an institution reaches its insurer."""

    institution = models.OneToOneField(
        Institution, on_delete=models.PROTECT, related_name="insurer"
    )
    base_url = models.URLField()
    access_key = models.CharField(max_length=100)
    secret_cipher = models.BinaryField()
    region = models.CharField(
        max_length=20, default="national", db_default="national", db_comment="insurance/regions/*"
    )
    receiver = models.CharField(
        max_length=10, blank=True, default="", db_comment="recer_sys_code; empty: the region's"
    )
    version = models.CharField(
        max_length=6, blank=True, default="", db_comment="infver; empty: the region's"
    )
    timeout_s = models.PositiveSmallIntegerField(default=10)
    audit_policy = models.CharField(
        max_length=6,
        choices=AuditPolicy.choices,
        default=AuditPolicy.PAGE,
        db_comment="where the insurer's audit is asked",
    )

    class Meta:
        db_table_comment = "医保接口连接 connections"

    def __str__(self) -> str:
        return f"{self.institution_id} → {self.base_url}"


class SignIn(models.Model):
    """The day's sign-in (9001) of an institution."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE)
    business_date = models.DateField()
    sign_no = models.CharField(max_length=30)

    class Meta:
        db_table_comment = "签到 sign-ins"
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "business_date"], name="one_sign_in_per_day"
            )
        ]

    def __str__(self) -> str:
        return self.sign_no


class Encounter(models.Model):
    """A visit as the insurer knows it (2201)."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="encounter")
    mdtrt_id = models.CharField(max_length=30)
    psn_no = models.CharField(max_length=30)
    insutype = models.CharField(max_length=6)
    psn_type = models.CharField(max_length=6)
    insuplc_admdvs = models.CharField(max_length=6)
    diagnoses_sent = models.BooleanField(
        default=False, db_comment="2203 was answered, or 2401 which has them"
    )
    discharged = models.BooleanField(
        default=False, db_default=False, db_comment="2402 was answered, and not undone"
    )

    class Meta:
        db_table_comment = "医保就诊 encounters"

    def __str__(self) -> str:
        return self.mdtrt_id


class UploadedLine(models.Model):
    """A charge of a stay that the insurer has (2301), and how it split it; fen.

    A stay's charges are uploaded as they come and stay there until they are settled. The insurer
    knows a line by its charge's number.
    """

    charge = models.OneToOneField(
        Charge, on_delete=models.PROTECT, primary_key=True, related_name="uploaded"
    )
    encounter = models.ForeignKey(Encounter, on_delete=models.PROTECT, related_name="lines")
    own_fen = models.BigIntegerField(db_comment="fulamt_ownpay_amt")
    over_fen = models.BigIntegerField(db_comment="overlmt_amt")
    preself_fen = models.BigIntegerField(db_comment="preselfpay_amt")
    eligible_fen = models.BigIntegerField(db_comment="inscp_scp_amt")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table_comment = "住院已上传费用 charges of stays that the insurer has"

    def __str__(self) -> str:
        return f"line {self.charge_id}"


class ExchangeState(models.TextChoices):
    """`sending → answered | refused | unsent | unknown → resolved`."""

    SENDING = "sending", "已发出"
    ANSWERED = "answered", "已应答"
    REFUSED = "refused", "被拒绝"
    UNSENT = "unsent", "未送达"
    UNKNOWN = "unknown", "未知"
    RESOLVED = "resolved", "已查明"


class Exchange(models.Model):
    """One message to the insurer and its answer, credentials masked."""

    msgid = models.CharField(max_length=30)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, db_index=False)
    infno = models.CharField(max_length=5)
    subject = models.CharField(max_length=40, db_comment="e.g. settlement:12, visit:7")
    insuplc_admdvs = models.CharField(max_length=6, blank=True, db_default="")
    sign_no = models.CharField(max_length=30, blank=True, db_default="")
    state = models.CharField(
        max_length=8, choices=ExchangeState.choices, default=ExchangeState.SENDING
    )
    request = models.JSONField(db_comment="the input; {} once it was emptied")
    answer = models.JSONField(null=True, db_comment="the output; null once it was emptied")
    detail = models.CharField(
        max_length=300, blank=True, db_comment="err_msg, warn_msg, or why there is no answer"
    )
    inf_refmsgid = models.CharField(max_length=30, blank=True, db_default="")
    respond_time = models.CharField(max_length=20, blank=True, db_default="")
    took_ms = models.IntegerField(null=True, db_comment="real time, also of a simulated day")
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True, db_comment="when its content was let go")

    class Meta:
        db_table_comment = "医保报文 exchanges with the insurer"
        indexes = [
            models.Index(fields=["subject"], name="exchanges_by_subject"),
            # Of blocks, not of rows: nothing is written into it when a message is.
            BrinIndex(fields=["sent_at"], name="exchanges_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["msgid"], name="one_exchange_per_msgid"),
            models.CheckConstraint(
                condition=Q(state__in=ExchangeState.values), name="exchange_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.msgid


class DialectMessage(models.Model):
    """One message to an insurer that speaks a dialect, said on behalf of an exchange.

    Credentials are gone and personal data is masked, as in the exchange. The numbers tie messages
    together: what a lost one settled is asked for by its `application`.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="dialect")
    kind = models.CharField(max_length=4, db_comment="e.g. SI12")
    msgid = models.CharField(max_length=30)
    state = models.CharField(
        max_length=8, choices=ExchangeState.choices, default=ExchangeState.SENDING
    )
    visit = models.CharField(max_length=30, blank=True, db_comment="e.g. jzdyh")
    batch = models.CharField(max_length=30, blank=True, db_comment="chrg_bchno")
    bill = models.CharField(max_length=40, blank=True, db_comment="e.g. mxzdh")
    application = models.CharField(max_length=40, blank=True, db_comment="e.g. jssqxh")
    serial = models.CharField(max_length=30, blank=True, db_comment="e.g. lsh")
    request = models.JSONField()
    answer = models.JSONField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "方言报文 messages in an insurer's dialect"
        indexes = [models.Index(fields=["visit", "kind"], name="dialect_by_visit")]
        constraints = [
            models.UniqueConstraint(fields=["msgid"], name="one_dialect_message_per_msgid"),
            models.CheckConstraint(
                condition=Q(state__in=ExchangeState.values), name="dialect_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.msgid}"


class RetentionDay(models.Model):
    """A day whose traces of one kind were walked; what was left behind is walked again."""

    kind = models.CharField(max_length=10)
    day = models.DateField(db_comment="of sent_at, in China")
    emptied = models.IntegerField(default=0)
    left = models.IntegerField(default=0, db_comment="held by something undecided")
    walked_at = models.DateTimeField()

    class Meta:
        db_table_comment = "留存 what the policy of retention has let go"
        constraints = [
            models.UniqueConstraint(fields=["kind", "day"], name="one_retention_of_kind_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
