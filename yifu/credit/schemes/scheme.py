"""What a scheme decides, as frozen values. Amounts in fen, times in China.

Every table of a scheme file is one class here; the file and the class have the same names. What
one field alone can say is checked by its type, what several say together by the class.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yifu.money import MAX_FEN

Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Amount = Annotated[int, Field(strict=True, ge=0, lt=MAX_FEN)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Day = Annotated[date, Field(strict=True)]
"""A date as TOML writes one; a number or a text is none."""
Clock = Annotated[time, Field(strict=True)]
VisitKind = Literal["outpatient", "emergency", "inpatient", "pharmacy"]
Funding = Literal["platform", "bank", "debit"]
Party = Literal["credit_platform", "insurer"]
Kinship = Literal["child", "parent", "spouse", "other"]
Proof = Literal[
    "birth_certificate",
    "household_register",
    "relatives_code",
    "marriage_certificate",
    "declaration",
]


class Part(BaseModel):
    """A table of a scheme: unknown keys are refused, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ConsentText(Part):
    """What a person agrees to, in the words of one version (P1.2)."""

    version: Annotated[str, Field(pattern=r"^[!-~]{1,20}$")]
    effective_from: Day
    zh: Text
    en: Text


class Signing(Part):
    """Who may sign, where, and what proves kinship (P1.2, P1.4)."""

    channels: tuple[Literal["phone", "kiosk", "window"], ...]
    funding: tuple[Funding, ...]
    adult_age: Count
    dependants_most: Count
    proofs: Mapping[Kinship, tuple[Proof, ...]]
    """Which proofs of each kinship are taken; a kinship that is not listed cannot be added."""


class ScoreBand(Part):
    """A closed range of scores and the limit it gives."""

    lowest: Count
    highest: Count
    limit_fen: Amount


class Score(Part):
    """From a credit score to a limit (P2.1). The bands leave no gap and do not overlap."""

    dimensions: tuple[Code, ...]
    valid_months: Annotated[int, Field(strict=True, ge=1, le=120)]
    unscored_limit_fen: Amount
    """The limit of somebody whose score the platform cannot or will not tell."""
    bands: tuple[ScoreBand, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.bands:
            raise ValueError("bands: at least one is needed")
        for row, band in enumerate(self.bands):
            if band.highest < band.lowest:
                raise ValueError(f"bands.{row}: {band.lowest} to {band.highest} is no range")
        for row, (below, above) in enumerate(pairwise(self.bands), start=1):
            _meets(f"bands.{row}", below.highest, above.lowest)
            if above.limit_fen < below.limit_fen:
                raise ValueError(f"bands.{row}: a better score from {above.lowest} on gives less")
        return self

    def limit_fen(self, score: int | None) -> int:
        """Look a score's limit up; what lies beyond the bands counts as the nearest band."""
        if score is None:
            return self.unscored_limit_fen
        for band in self.bands:
            if score <= band.highest:
                return band.limit_fen
        return self.bands[-1].limit_fen


def _meets(where: str, highest: int, lowest: int) -> None:
    """Raise `ValueError` unless a range begins right after the one before it."""
    if lowest > highest + 1:
        raise ValueError(f"{where}: a gap from {highest + 1} to {lowest - 1}")
    if lowest <= highest:
        raise ValueError(f"{where}: {lowest} to {highest} is covered twice")


class Limits(Part):
    """How much may go on credit; an absent limit does not limit."""

    visit_fen: Amount | None = None
    day_fen: Amount | None = None
    dependant_fen: Amount | None = None
    """What a dependant gets where the principal chose nothing."""
    dependant_most_fen: Amount | None = None
    emergency_over_fen: Amount = 0
    """How far emergency treatment may go over the line (P2.3); each such case is listed."""


class Spending(Part):
    """Whether a visit's estimate is held at its beginning, or charges go on the line (P2.4)."""

    mode: Literal["charge", "hold"]
    hold_fen: Mapping[VisitKind, Amount] = {}
    hold_expires_hours: Annotated[int, Field(strict=True, ge=1, le=8784)] = 72
    authorised: Literal["signing", "booking"] = "signing"
    """When it was agreed that nothing in the room needs to be confirmed any more (P2.5)."""


class Due(Part):
    """When a bill is due (P4.1)."""

    days_after_visit: Count
    then_hours: Count
    stay: Literal["as_visit", "on_leaving"] = "as_visit"


class Channel(Part):
    """A channel of the chain: which comes after it, and how much it takes."""

    channel: Code
    then: Code | None = None
    per_second: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 1000


class Debit(Part):
    """The night's debits (P4.2, P2.6)."""

    at: Clock
    first: Code | None = None
    channels: tuple[Channel, ...] = ()
    tries_per_channel: Annotated[int, Field(strict=True, ge=1, le=5)] = 2
    daily_limit_fen: Amount
    """Per person and channel, where the person chose nothing."""
    days_of_month: tuple[Annotated[int, Field(strict=True, ge=1, le=31)], ...] = ()
    """On which days the night debits; none named: on all."""
    not_on: tuple[Day, ...] = ()
    stop_after_days: Count | None = None
    """So many days after it was due a bill is not debited any more; absent: always."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        places: dict[str, int] = {}
        for place, row in enumerate(self.channels):
            if row.channel in places:
                raise ValueError(f"channels.{place}: {row.channel} comes twice")
            places[row.channel] = place
        passed: list[str] = []
        said, here = "first", self.first
        while here is not None:
            if here in passed:
                raise ValueError(f"{said}: the chain comes back to {here}")
            if here not in places:
                raise ValueError(f"{said}: {here} is named, but is not there")
            passed.append(here)
            said, here = f"channels.{places[here]}.then", self.channels[places[here]].then
        for channel, place in places.items():
            if channel not in passed:
                raise ValueError(f"channels.{place}: nothing leads to {channel}")
        return self

    @property
    def chain(self) -> tuple[str, ...]:
        """The channels in the order they are tried."""
        known = {row.channel: row for row in self.channels}
        found: list[str] = []
        here = self.first
        while here is not None:
            found.append(here)
            here = known[here].then
        return tuple(found)

    def debits_on(self, day: date) -> bool:
        """Tell whether the night of a business date debits."""
        return day not in self.not_on and (not self.days_of_month or day.day in self.days_of_month)


class Reminders(Part):
    """When somebody is told what is due or overdue, and when nobody is disturbed (P4.2, P4.3)."""

    before_due_hours: tuple[Count, ...] = ()
    overdue_days: tuple[Count, ...] = ()
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet_from and quiet_to belong together")
        return self


class Overdue(Part):
    """What not paying means (P4.3, P4.4)."""

    suspend_after_hours: Count
    default_after_months: Annotated[int, Field(strict=True, ge=1, le=120)]
    confirmed_by: Literal["institution", "nobody"]
    contest_days: Count
    """So long before and after a confirmation a person may contest; meanwhile nothing is pushed."""
    tell: tuple[Party, ...]


class Provision(Part):
    """How much of a receivable of a certain age is set aside, in thousandths."""

    from_days: Count
    to_days: Count | None = None
    permille: Annotated[int, Field(strict=True, ge=0, le=1000)]


class BadDebt(Part):
    """Who bears what is not paid (P4.6)."""

    provisions: tuple[Provision, ...]
    write_off_after_months: Annotated[int, Field(strict=True, ge=1, le=1200)]
    otherwise: Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,40}$")]
    """The bearer where no district is named, e.g. `treasury.330100`."""
    bearers: Mapping[str, Annotated[str, Field(pattern=r"^[a-z0-9._-]{1,40}$")]] = {}
    """The bearer by an institution's district."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        rows = self.provisions
        if not rows or rows[0].from_days != 0:
            raise ValueError("provisions.0: they begin at from_days = 0")
        for place, row in enumerate(rows):
            if row.to_days is not None and row.to_days < row.from_days:
                raise ValueError(f"provisions.{place}: a range ends before it begins")
        for place, (below, above) in enumerate(pairwise(rows), start=1):
            if below.to_days is None:
                raise ValueError(f"provisions.{place}: {above.from_days} on is covered twice")
            _meets(f"provisions.{place}", below.to_days, above.from_days)
        last = rows[-1]
        if last.to_days is not None:
            place = len(rows) - 1
            raise ValueError(f"provisions.{place}: nothing is said from {last.to_days + 1} days on")
        return self

    def permille(self, *, age_days: int) -> int:
        """Look up how much of a receivable so many days past due is set aside."""
        return next(
            row.permille for row in reversed(self.provisions) if max(age_days, 0) >= row.from_days
        )

    def bearer(self, district: str) -> str:
        """Name who bears the bad debt of a district's institutions."""
        return self.bearers.get(district, self.otherwise)


class Restoration(Part):
    """How soon who has paid is back (P4.5)."""

    within_seconds: Annotated[int, Field(strict=True, ge=1, le=86_400)]
    retry_seconds: Annotated[
        tuple[Annotated[int, Field(strict=True, ge=1)], ...], Field(min_length=1)
    ]
    """Waits between tellings that are not acknowledged; the last goes on for ever."""


class Scheme(Part):
    """A city's rules: everything that differs between cities is here and nowhere else."""

    code: Code
    name_zh: Text
    name_en: Text
    effective_from: Day
    lender: Code
    """`platform`, or the code of the bank that lends."""
    consent_texts: tuple[ConsentText, ...]
    signing: Signing
    score: Score
    limits: Limits
    spending: Spending
    due: Due
    debit: Debit
    reminders: Reminders
    overdue: Overdue
    bad_debt: BadDebt
    restoration: Restoration

    @model_validator(mode="after")
    def _texts(self) -> Self:
        if not self.consent_texts:
            raise ValueError("consent_texts: at least one is needed")
        for place, text in enumerate(self.consent_texts):
            earlier = self.consent_texts[:place]
            if any(one.version == text.version for one in earlier):
                raise ValueError(f"consent_texts.{place}: version {text.version} comes twice")
            if any(one.effective_from == text.effective_from for one in earlier):
                raise ValueError(f"consent_texts.{place}: two begin on {text.effective_from}")
        return self

    def consent_text(self, version: str, *, on: date) -> ConsentText | None:
        """Find a text that may be agreed to on a day; None when it is unknown or not in force yet.

        Older texts may still be agreed to by who was shown them before the newer came.
        """
        found = (text for text in self.consent_texts if text.version == version)
        text = next(found, None)
        return text if text is not None and text.effective_from <= on else None

    def current_text(self, *, on: date) -> ConsentText:
        """Give the text that is shown on a day: the newest in force."""
        return newest(self.consent_texts, on=on)


def newest(texts: Sequence[ConsentText], *, on: date) -> ConsentText:
    """Choose the newest text in force; before all of them, the first."""
    ordered = sorted(texts, key=lambda text: text.effective_from)
    begun = [text for text in ordered if text.effective_from <= on]
    return begun[-1] if begun else ordered[0]
