"""Persons, registrations, contracts, dependants, notices."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from yifu.institutions.models import Area, Institution
from yifu.patients.rules import Funding

__all__ = [
    "Consent",
    "ConsentText",
    "Contract",
    "ContractState",
    "Dependant",
    "Funding",
    "Notice",
    "NoticeState",
    "Person",
    "PersonEvent",
    "PersonEventKind",
    "Registration",
    "Sex",
]


class Sex(models.TextChoices):
    """Codes of the national table `gend`."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Person(models.Model):
    """A patient, or somebody who pays for one."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    name = models.CharField(max_length=50)
    certificate_type = models.CharField(
        max_length=6, default="01", db_comment="psn_cert_type; 01 identity card"
    )
    certificate_cipher = models.BinaryField()
    certificate_index = models.BinaryField(max_length=32, db_comment="keyed blind index")
    phone_cipher = models.BinaryField()
    phone_index = models.BinaryField(max_length=32, db_index=True)
    sex = models.CharField(max_length=1, choices=Sex.choices)
    birth_date = models.DateField()
    created_at = models.DateTimeField()
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="person"
    )
    died_on = models.DateField(null=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="merged",
        db_comment="the same human being under another number; this row is kept for its history",
    )

    class Meta:
        db_table_comment = "参保人/患者 persons"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "certificate_index"], name="one_person_per_certificate"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class PersonEventKind(models.TextChoices):
    """What happened to a person once and for all."""

    DIED = "died", "死亡"
    MERGED = "merged", "合并"


class PersonEvent(models.Model):
    """A death or a merge of two numbers of one human being: who wrote it down, and upon what."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=6, choices=PersonEventKind.choices)
    into = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="the survivor"
    )
    happened_on = models.DateField()
    document_cipher = models.BinaryField(null=True, db_comment="the number of the paper seen")
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table_comment = "死亡与合并 events of persons; append-only"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PersonEventKind.values), name="person_event_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="merged") | Q(into__isnull=False), name="merged_into_somebody"
            ),
            models.UniqueConstraint(fields=["person", "kind"], name="happens_once_to_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Registration(models.Model):
    """First-visit registration (初诊登记, P1.3) of a person at an institution."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    registered_at = models.DateTimeField()

    class Meta:
        db_table_comment = "初诊登记 registrations"
        constraints = [
            models.UniqueConstraint(fields=["person", "institution"], name="registered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.institution_id}"


class ContractState(models.TextChoices):
    """`signed → active → suspended ⇄ active → closed`."""

    SIGNED = "signed", "已签约"
    ACTIVE = "active", "生效"
    SUSPENDED = "suspended", "暂停"
    CLOSED = "closed", "已关闭"


class Contract(models.Model):
    """A principal's consent to a scheme (P1.2): the text's version, how and when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contracts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, db_comment="where it was signed"
    )
    scheme = models.CharField(max_length=30)
    state = models.CharField(
        max_length=9, choices=ContractState.choices, default=ContractState.SIGNED
    )
    funding = models.CharField(max_length=8, choices=Funding.choices)
    bank = models.CharField(max_length=20, blank=True)
    consent_text_version = models.CharField(max_length=20)
    consent_channel = models.CharField(max_length=10, db_comment="phone, kiosk or window")
    acted_by = models.CharField(
        max_length=150, blank=True, db_default="", db_comment="who acted on behalf (代操作)"
    )
    signed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        db_comment="asked, died, merged, principal_changed",
    )

    class Meta:
        db_table_comment = "签约 contracts"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ContractState.values), name="contract_state_known"
            ),
            models.CheckConstraint(
                condition=Q(funding__in=Funding.values), name="contract_funding_known"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=~Q(state="closed"), name="one_live_contract_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"contract {self.pk}"


class ConsentText(models.Model):
    """A text as it was shown: kept for ever, whatever becomes of the scheme's file (P1.2)."""

    scheme = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    zh = models.TextField()
    en = models.TextField()
    digest = models.BinaryField(max_length=32, db_comment="SHA-256 of both texts")
    created_at = models.DateTimeField()

    class Meta:
        db_table_comment = "授权文本 consent texts"
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "version", "digest"], name="one_row_per_consent_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.version}"


class Consent(models.Model):
    """Who agreed to which text, when it was shown, how, and who acted for whom; append-only."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT)
    language = models.CharField(max_length=2, db_comment="zh or en: which of the two was shown")
    shown_at = models.DateTimeField()
    agreed_at = models.DateTimeField()
    channel = models.CharField(max_length=10, db_comment="phone, kiosk or window")
    acted_by = models.CharField(max_length=150, blank=True, db_default="")

    class Meta:
        db_table_comment = "授权记录 consents"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at__gte=models.F("shown_at")), name="agreed_after_it_was_shown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} agreed to {self.text_id}"


class Dependant(models.Model):
    """Somebody whose personal part a principal pays (亲情付, P1.4)."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="dependants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="depends_on")
    kinship = models.CharField(max_length=10, db_comment="child, parent, spouse or other")
    limit_fen = models.BigIntegerField(
        null=True, db_comment="sub-limit within the principal's line; null: none"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(
        max_length=40,
        blank=True,
        db_default="",
        db_comment="asked, closed, adult, died, merged, moved",
    )
    proof = models.CharField(
        max_length=30, blank=True, db_default="", db_comment="what proved kinship, see the scheme"
    )
    proof_cipher = models.BinaryField(null=True, db_comment="the number of that paper")
    proof_seen_by = models.CharField(max_length=150, blank=True, db_default="")

    class Meta:
        db_table_comment = "被代付人 dependants"
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_fen__isnull=True) | Q(limit_fen__gte=0),
                name="dependant_limit_not_negative",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at__isnull=True),
                name="one_principal_per_dependant",
            ),
        ]

    def __str__(self) -> str:
        return f"dependant {self.person_id}"


class NoticeState(models.TextChoices):
    """`requested → sent | refused | withdrawn`; without an answer it is sent again.

    `withdrawn`: by the time it was to be sent there was nothing to say any more.
    """

    REQUESTED = "requested", "待发送"
    SENT = "sent", "已发送"
    REFUSED = "refused", "被拒绝"
    WITHDRAWN = "withdrawn", "不再发送"


class Notice(models.Model):
    """A text message to a person, written in the transaction that makes it necessary."""

    key = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    template = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    state = models.CharField(
        max_length=9, choices=NoticeState.choices, default=NoticeState.REQUESTED
    )
    created_at = models.DateTimeField()
    send_after = models.DateTimeField(null=True, db_comment="not before; null: at once")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "通知 notices"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="one_notice_per_key"),
            models.CheckConstraint(
                condition=Q(state__in=NoticeState.values), name="notice_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.key
