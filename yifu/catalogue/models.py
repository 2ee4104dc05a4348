"""An institution's items and their mapping, diagnoses, and the insurer's catalogues."""

from django.db import models
from django.db.models import Q

from yifu.institutions.models import Area, Institution


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
    insurer_class = models.CharField(
        max_length=3, blank=True, db_comment="chrgitm_lv as the price list has it: 01, 02, 03"
    )
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


class NationalItem(models.Model):
    """An item of a catalogue that the insurer gives out: drug, service, consumable, disease."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    infno = models.CharField(max_length=5, db_comment="the transaction that gives it: 1301 ...")
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=500)
    dosage_form = models.CharField(max_length=500, blank=True)
    specification = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=100, blank=True)
    maker = models.CharField(max_length=500, blank=True)
    limit_scope = models.TextField(blank=True, db_comment="限制使用范围")
    limited = models.BooleanField(default=False, db_comment="限制使用标志")
    valid = models.BooleanField(default=True, db_comment="vali_flag")
    version = models.CharField(max_length=50)

    class Meta:
        db_table_comment = "医保目录条目 items of the insurer's catalogues"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "infno", "code"], name="one_national_item_per_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Term(models.Model):
    """An insurer's class of a code and for how long (1312)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    code = models.CharField(max_length=50, db_comment="hilist_code")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    name = models.CharField(max_length=200)
    insurer_class = models.CharField(max_length=3, db_comment="chrgitm_lv: 01, 02, 03")
    charge_category = models.CharField(max_length=6, db_comment="med_chrgitm_type")
    limited = models.BooleanField(db_comment="lmt_used_flag")
    list_type = models.CharField(max_length=3)
    valid = models.BooleanField(db_comment="vali_flag")
    updated_on = models.DateField()

    class Meta:
        db_table_comment = "医保等级 classes of codes"
        constraints = [
            models.UniqueConstraint(fields=["area", "code", "begins_on"], name="one_term_per_begin")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.insurer_class}"


class PriceCap(models.Model):
    """An insurer's price limit of a code by level of hospital (1318)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    code = models.CharField(max_length=50, db_comment="hilist_code")
    level = models.CharField(max_length=6, db_comment="hilist_lmtpric_type: 1, 2, 3")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    cap_fen = models.DecimalField(max_digits=18, decimal_places=4)
    over_way = models.CharField(max_length=6, db_comment="overlmt_dspo_way")
    valid = models.BooleanField(db_comment="vali_flag")
    updated_on = models.DateField()

    class Meta:
        db_table_comment = "医保限价 price caps of codes"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code", "level", "begins_on"], name="one_cap_per_level_and_begin"
            ),
            models.CheckConstraint(condition=Q(cap_fen__gte=0), name="cap_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.level} {self.cap_fen}"


class SelfPay(models.Model):
    """What a group of persons bears first of a code (1319, 先自付比例)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    code = models.CharField(max_length=50, db_comment="hilist_code")
    persons = models.CharField(max_length=6, db_comment="selfpay_prop_psn_type: 310, 390 ...")
    kind = models.CharField(max_length=6, db_comment="selfpay_prop_type")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, db_comment="selfpay_prop, 0 to 1")
    valid = models.BooleanField(db_comment="vali_flag")
    updated_on = models.DateField()

    class Meta:
        db_table_comment = "先自付比例 shares borne first"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code", "persons", "kind", "begins_on"],
                name="one_share_per_persons_and_begin",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="share_between_0_and_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.persons} {self.share}"


class Cursor(models.Model):
    """How far a catalogue of an area has been fetched; moved in the transaction that stores."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    infno = models.CharField(max_length=5)
    version = models.CharField(
        max_length=50, blank=True, db_comment="ver, or for paged queries updt_time asked from"
    )
    page = models.PositiveIntegerField(default=1, db_comment="of a paged query: the next one")
    latest = models.CharField(
        max_length=50, blank=True, db_comment="of a paged query: its latest updt_time"
    )
    rows = models.BigIntegerField(default=0, db_comment="stored so far, changes included")
    fetched_at = models.DateTimeField()
    complete_at = models.DateTimeField(null=True, db_comment="when there was nothing new last")

    class Meta:
        db_table_comment = "目录下载进度 catalogue cursors"
        constraints = [
            models.UniqueConstraint(fields=["area", "infno"], name="one_cursor_per_catalogue")
        ]

    def __str__(self) -> str:
        return f"{self.infno} {self.version}"


class MappingState(models.TextChoices):
    """`pending → sending → uploaded | refused`, `uploaded → withdrawing → withdrawn`.

    Either message may leave `unknown`, out of which only the insurer's own list (1317) leads.
    """

    PENDING = "pending", "待上传"
    SENDING = "sending", "上传中"
    UPLOADED = "uploaded", "已上传"
    REFUSED = "refused", "被拒绝"
    WITHDRAWING = "withdrawing", "撤销中"
    WITHDRAWN = "withdrawn", "已撤销"
    UNKNOWN = "unknown", "未知"


class Mapping(models.Model):
    """What the insurer was told of one local code (目录对照, 3301): which national code it is."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    local_code = models.CharField(max_length=60, db_comment="fixmedins_hilist_id")
    national_code = models.CharField(max_length=50, db_comment="med_list_codg, as last sent")
    list_type = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, blank=True)
    begins_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=11, choices=MappingState.choices, default=MappingState.PENDING
    )
    reason = models.CharField(max_length=300, blank=True, db_comment="why it was refused")
    undoing = models.BooleanField(default=False, db_comment="the last message was 3302")
    confirmed = models.BooleanField(
        default=False, db_comment="the insurer has name and unit as they stand here"
    )
    changed_at = models.DateTimeField()

    class Meta:
        db_table_comment = "目录对照 mappings"
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "local_code"], name="one_mapping_per_local_code"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MappingState.values), name="mapping_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_code} → {self.national_code}"
