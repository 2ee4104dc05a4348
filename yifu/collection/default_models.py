"""Who is listed for not paying, what was told to whom, who contests it; bad debt.

Every effect on a person has a reason, a rule, a date, and a way back.
"""

from django.db import models
from django.db.models import F, Q

from yifu.collection.bill_models import Bill
from yifu.institutions.models import Area, Institution
from yifu.patients.models import Person


class EntryState(models.TextChoices):
    """`proposed → confirmed | refused`; `proposed | confirmed → lifted` (paid, or upheld)."""

    PROPOSED = "proposed", "待认定"
    CONFIRMED = "confirmed", "已认定"
    REFUSED = "refused", "不予认定"
    LIFTED = "lifted", "已解除"


class DefaultEntry(models.Model):
    """A bill unpaid for so long that its principal is recognised as dishonest (失信认定, P4.4)."""

    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, related_name="default_entry")
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="default_entries")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    state = models.CharField(max_length=9, choices=EntryState.choices, default=EntryState.PROPOSED)
    rule = models.CharField(max_length=40, db_comment="e.g. P4.4")
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, db_comment="why refused or lifted")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "失信认定 entries of the default list"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EntryState.values), name="default_entry_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=""),
                name="default_entry_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["principal"],
                condition=Q(state__in=["proposed", "confirmed"]),
                name="live_entries_of_principal",
            ),
            models.Index(fields=["institution", "state"], name="entries_to_decide"),
        ]

    def __str__(self) -> str:
        return f"default entry {self.pk}"


class DisputeState(models.TextChoices):
    """`open → upheld | rejected | withdrawn`."""

    OPEN = "open", "异议中"
    UPHELD = "upheld", "异议成立"
    REJECTED = "rejected", "异议不成立"
    WITHDRAWN = "withdrawn", "已撤回"


class Dispute(models.Model):
    """A person contests an entry; while it is open nothing is pushed, what was is called back."""

    entry = models.ForeignKey(DefaultEntry, on_delete=models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=500)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=DisputeState.choices, default=DisputeState.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table_comment = "异议 disputes"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DisputeState.values), name="dispute_state_known"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="open"), name="one_open_dispute_per_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"dispute {self.pk}"


class Telling(models.Model):
    """What a party has to be told about a person's standing, until it acknowledges it (P4.4, P4.5).

    Numbers ascend: a party that has heard a later one ignores an earlier one. One that was
    overtaken before it was acknowledged is superseded and not sent any more.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tellings")
    party = models.CharField(max_length=20, db_comment="credit_platform or insurer")
    listed = models.BooleanField(db_comment="true: list or stop; false: delist or restore")
    reason = models.CharField(max_length=80, db_comment="e.g. bill:12 paid")
    content = models.JSONField(
        default=dict,
        db_default={},
        db_comment="what is said each time: institution, amount_fen, since",
    )
    caused_at = models.DateTimeField(db_comment="when it was paid, or confirmed")
    wanted_at = models.DateTimeField(
        db_comment="the same by the database's own clock: where waiting begins"
    )
    next_try_at = models.DateTimeField(null=True, db_comment="null: nothing more to be sent")
    tries = models.IntegerField(default=0)
    code = models.CharField(max_length=40, blank=True, db_comment="the last answer's code")
    acknowledged_at = models.DateTimeField(null=True, db_comment="by the database's own clock")
    superseded = models.BooleanField(default=False)

    class Meta:
        db_table_comment = "信用状态通知 tellings"
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(acknowledged_at__isnull=True, superseded=False),
                name="tellings_to_send",
            ),
            models.Index(fields=["person", "party", "-id"], name="newest_telling_first"),
            models.Index(
                fields=["area", "caused_at"],
                condition=Q(listed=False),
                name="tellings_of_ways_back",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "party"],
                condition=Q(acknowledged_at__isnull=True, superseded=False),
                name="one_telling_on_its_way",
            ),
        ]

    def __str__(self) -> str:
        return f"telling {self.pk}"


class WriteOffState(models.TextChoices):
    """`proposed → approved | refused`; an approved one is posted in the approving transaction."""

    PROPOSED = "proposed", "待核销"
    APPROVED = "approved", "已核销"
    REFUSED = "refused", "不核销"


class WriteOff(models.Model):
    """A bill given up: who bears it, proposed by one and approved by another (P4.6). Fen.

    What the bearer still bears is amount − recovered − lowered. An approved row changes only under
    its bill's lock.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="write_offs")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    amount_fen = models.BigIntegerField()
    bearer = models.CharField(max_length=40, db_comment="e.g. treasury.city")
    rule = models.CharField(max_length=80, db_comment="which rule names the bearer")
    state = models.CharField(
        max_length=8, choices=WriteOffState.choices, default=WriteOffState.PROPOSED
    )
    proposed_by = models.CharField(max_length=150)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    recovered_fen = models.BigIntegerField(default=0, db_comment="paid after all")
    lowered_fen = models.BigIntegerField(
        default=0, db_default=0, db_comment="taken off the bill after all, by a refund"
    )

    class Meta:
        db_table_comment = "坏账核销 write-offs"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WriteOffState.values), name="write_off_state_known"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="write_off_positive"),
            models.CheckConstraint(
                condition=Q(recovered_fen__gte=0, lowered_fen__gte=0)
                & Q(recovered_fen__lte=F("amount_fen") - F("lowered_fen")),
                name="write_off_ends_within",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
                name="write_off_approved_by_another",
            ),
            models.UniqueConstraint(
                fields=["bill"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_write_off_per_bill",
            ),
        ]

    def __str__(self) -> str:
        return f"write-off {self.pk}"


class Provision(models.Model):
    """What is set aside on a date, by bearer and age; recomputable from the bills. Fen."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    as_of = models.DateField()
    bearer = models.CharField(max_length=40)
    from_days = models.IntegerField(db_comment="days past due, see the scheme's provisions")
    bills = models.IntegerField()
    owed_fen = models.BigIntegerField()
    permille = models.IntegerField()
    provision_fen = models.BigIntegerField()

    class Meta:
        db_table_comment = "坏账准备 provisions"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "as_of", "bearer", "from_days"], name="one_provision_per_band"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.bearer} {self.from_days}"
