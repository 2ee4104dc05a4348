"""The invented population of the pooling area 990100 示范市. Pure: no clock, no chance, no I/O.

``make_population`` gives the same families for the same ``seed``, ``families`` and ``today``. The
``run`` changes only who they are on paper: the region digits of their identity numbers
(``99`` + four digits of the run, a region that does not exist), their telephone numbers, and
everything that is derived from them (insurer's number, contract, openid). So one day can be lived
through again on the same database by other persons with the same ages, names and ways of paying.

Telephone numbers begin with 154, a range that was never issued. Money is integer fen.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Literal, TypeVar

from counterparts.names import Sex, draw_given_name, draw_surname, surname_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Label = TypeVar("_Label")
Kinship = Literal["self", "spouse", "child", "parent"]
Funding = Literal["platform", "bank", "debit", "none"]
InsuranceKind = Literal[
    "employee_working",
    "employee_retired",
    "resident_adult",
    "resident_child",
    "resident_elderly",
    "none",
]

# --- identity numbers (GB 11643) -----------------------------------------------------------------

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_ID_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_MAX_SEQUENCE = 999


def id_check_character(first17: str) -> str:
    """Return the eighteenth character of an identity number (ISO 7064 MOD 11-2).

    Raises:
        ValueError: ``first17`` is not seventeen digits.

    """
    if not re.fullmatch(r"[0-9]{17}", first17):
        raise ValueError("an identity number begins with seventeen digits")
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def make_id_number(*, region: str, born: date, sequence: int) -> str:
    """Return the identity number of a person; an odd ``sequence`` (1–999) is a man's.

    Raises:
        ValueError: the region is not six digits, or the sequence is out of range.

    """
    if not re.fullmatch(r"[0-9]{6}", region):
        raise ValueError(f"a region is six digits, not {region!r}")
    if not 1 <= sequence <= _MAX_SEQUENCE:
        raise ValueError(f"a sequence lies between 1 and {_MAX_SEQUENCE}, not {sequence}")
    first17 = f"{region}{born:%Y%m%d}{sequence:03d}"
    return first17 + id_check_character(first17)


def check_id_number(number: str) -> bool:
    """Say whether ``number`` has the shape, a real birth date and the right check character."""
    if not _ID_SHAPE.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return id_check_character(number[:17]) == number[17]


# --- what a population consists of ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """How a person is insured. ``insutype`` and ``psn_type`` are the insurer's own codes.

    A self-payer has kind ``none``, no codes and no ``psn_no``. Only employees have a personal
    account; for everybody else ``account_balance_fen`` is 0.
    """

    kind: InsuranceKind
    insutype: str | None
    psn_type: str | None
    psn_no: str | None
    account_balance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitAccount:
    """A contract for debits without confirmation, and the account behind it.

    ``balance_fen`` and ``daily_limit_fen`` are ``None`` where there is no bound.
    """

    contract_id: str
    openid: str
    balance_fen: int | None
    daily_limit_fen: int | None

    @property
    def is_empty(self) -> bool:
        """Whether hardly any debit can succeed (less than thirty yuan)."""
        return self.balance_fen is not None and self.balance_fen < _EMPTY_BELOW_FEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person. ``key`` is the same in every run (``F0007-child-1``)."""

    key: str
    name: str
    sex: Sex
    birth_date: date
    id_number: str
    phone: str
    kinship: Kinship
    insurance: Insurance
    sub_limit_fen: int | None = None
    """What a dependant may spend of the principal's line; ``None`` for no bound of its own."""

    def age_on(self, day: date) -> int:
        """Return the completed years of age on ``day``."""
        had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - (0 if had_birthday else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A household: one principal whose line pays, and those who share it.

    ``funding`` is how the principal enrols: the platform's line, a bank's line, debit at once, or
    not at all. ``debit`` is bound for all who enrol, because the nightly debit of a bill uses it.
    """

    number: int
    principal: Person
    dependants: tuple[Person, ...]
    funding: Funding
    debit: DebitAccount | None

    @property
    def members(self) -> tuple[Person, ...]:
        """The principal, then the dependants."""
        return (self.principal, *self.dependants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """All families of one run, in the order of their numbers."""

    seed: int
    run: int
    today: date
    families: tuple[Family, ...]

    def persons(self) -> Iterator[Person]:
        """Yield every person, family by family, the principal first."""
        for family in self.families:
            yield from family.members

    def debit_accounts(self) -> Iterator[DebitAccount]:
        """Yield every bound debit contract."""
        return (family.debit for family in self.families if family.debit is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportions:
    """The make-up of a population, in per cent.

    ``funding`` and ``empty_debit`` are met exactly (largest remainders), so that even a small
    population has some of each; the others are chances drawn for each family.
    """

    funding: Mapping[Funding, int] = field(
        default_factory=lambda: {"platform": 55, "bank": 12, "debit": 18, "none": 15}
    )
    empty_debit: int = 14
    unlimited_debit: int = 40
    old_principal: int = 16
    spouse: int = 58
    child: int = 62
    second_child: int = 24
    parent: int = 34
    sub_limit: int = 30

    def __post_init__(self) -> None:
        """Refuse shares that are no shares."""
        if sum(self.funding.values()) != _WHOLE or min(self.funding.values()) < 0:
            raise ValueError("the shares of the ways of paying must add up to 100")


_WHOLE = 100
_EMPTY_BELOW_FEN = 30_00
_ADULT_AGE = 18
_ELDERLY_AGE = 60
_RETIRES: dict[Sex, int] = {"M": 60, "F": 55}
_OTHER: dict[Sex, Sex] = {"M": "F", "F": "M"}
_CODES: dict[InsuranceKind, tuple[str, str] | None] = {
    "employee_working": ("310", "11"),
    "employee_retired": ("310", "12"),
    "resident_adult": ("390", "15"),
    "resident_child": ("390", "151"),
    "resident_elderly": ("390", "16"),
    "none": None,
}
# Chances in per cent, by the time of life: employee, resident; the rest is not insured.
_INSURED = {"child": (0, 93), "adult": (72, 20), "old": (62, 34)}
# Personal accounts: (low, high) in yuan.
_ACCOUNT_YUAN: dict[InsuranceKind, tuple[int, int]] = {
    "employee_working": (0, 4_500),
    "employee_retired": (300, 9_000),
}


def make_population(
    *,
    seed: int,
    run: int,
    families: int,
    today: date,
    proportions: Proportions | None = None,
) -> Population:
    """Return ``families`` invented households as they are on the day ``today``.

    Raises:
        ValueError: a negative run or number of families.

    """
    if run < 0 or families < 0:
        raise ValueError("run and families cannot be negative")
    shares = proportions or Proportions()
    # The whole population hangs on the seed alone; secrecy is not wanted here.
    rng = Random(f"population {seed}")  # noqa: S311
    fundings = _shuffled_quotas(rng, shares.funding, families)
    empties = _shuffled_quotas(
        rng, {True: shares.empty_debit, False: _WHOLE - shares.empty_debit}, families
    )
    paper = _Papers(run=run)
    made = tuple(
        _make_family(
            rng,
            number=number,
            today=today,
            shares=shares,
            paper=paper,
            funding=funding,
            empty=empty,
        )
        for number, (funding, empty) in enumerate(zip(fundings, empties, strict=True), start=1)
    )
    return Population(seed=seed, run=run, today=today, families=made)


def _shuffled_quotas(rng: Random, shares: Mapping[_Label, int], count: int) -> list[_Label]:
    """Deal ``count`` labels by largest remainders, in a shuffled order."""
    order = sorted(shares, key=lambda label: -(shares[label] * count % _WHOLE))
    dealt = {label: share * count // _WHOLE for label, share in shares.items()}
    for label in order[: count - sum(dealt.values())]:
        dealt[label] += 1
    labels = [label for label, number in dealt.items() for _ in range(number)]
    rng.shuffle(labels)
    return labels


# --- how a family is made ------------------------------------------------------------------------


class _Papers:
    """Issues the numbers that tell persons apart on paper, each only once in a population."""

    def __init__(self, *, run: int) -> None:
        self._run = run
        self._region = f"99{run % 10_000:04d}"
        self._used: set[str] = set()
        self._phones = 0

    def id_number(self, rng: Random, *, born: date, sex: Sex) -> str:
        """Issue an identity number of the run's region.

        Raises:
            ValueError: all numbers of that day and sex are issued.

        """
        odd = 1 if sex == "M" else 0
        first = rng.randrange(_SEQUENCES)
        for step in range(_SEQUENCES):
            sequence = 2 * ((first + step) % _SEQUENCES) + 2 - odd
            number = make_id_number(region=self._region, born=born, sequence=sequence)
            if number not in self._used:
                self._used.add(number)
                return number
        raise ValueError(f"no identity number is left for {born} in region {self._region}")

    def phone(self) -> str:
        """Issue a telephone number; runs are ten thousand numbers apart."""
        number = (self._run * 10_000 + self._phones) % 10**8
        self._phones += 1
        return f"154{number:08d}"


_SEQUENCES = 499


def _make_family(
    rng: Random,
    *,
    number: int,
    today: date,
    shares: Proportions,
    paper: _Papers,
    funding: Funding,
    empty: bool,
) -> Family:
    household = _Household(rng, number=number, today=today, paper=paper, shares=shares)
    principal = household.principal()
    dependants = household.dependants(principal)
    account = _debit_account(rng, principal, shares, empty=empty)
    return Family(
        number=number,
        principal=principal,
        dependants=dependants,
        funding=funding,
        debit=None if funding == "none" else account,
    )


class _Household:
    """Draws the members of one family."""

    def __init__(
        self, rng: Random, *, number: int, today: date, paper: _Papers, shares: Proportions
    ) -> None:
        self._rng = rng
        self._number = number
        self._today = today
        self._paper = paper
        self._shares = shares

    def principal(self) -> Person:
        """Draw the adult whose line pays."""
        old = self._happens(self._shares.old_principal)
        age = self._rng.randint(62, 82) if old else self._rng.randint(22, 61)
        sex: Sex = "M" if self._happens(50) else "F"
        return self._person("self", 0, sex=sex, age=age, surname=draw_surname(self._rng))

    def dependants(self, principal: Person) -> tuple[Person, ...]:
        """Draw spouse, children and an elderly parent, as the principal's age allows."""
        rng, shares = self._rng, self._shares
        age = principal.age_on(self._today)
        drawn: list[Person] = []
        spouse = None
        if age >= _MARRIES_FROM and self._happens(shares.spouse):
            spouse_age = max(_MARRIES_FROM, age + rng.randint(-4, 4))
            spouse = self._person(
                "spouse", 0, sex=_OTHER[principal.sex], age=spouse_age, surname=draw_surname(rng)
            )
            drawn.append(spouse)
        father = spouse if spouse is not None and spouse.sex == "M" else principal
        child_age = age - rng.randint(23, 36)
        chance = shares.child
        while 0 <= child_age < _ADULT_AGE and self._happens(chance):
            sex: Sex = "M" if self._happens(51) else "F"
            surname = surname_of(father.name)
            ordinal = 1 + sum(person.kinship == "child" for person in drawn)
            drawn.append(self._person("child", ordinal, sex=sex, age=child_age, surname=surname))
            child_age -= rng.randint(2, 6)
            chance = shares.second_child
        if age <= _PARENT_UNTIL and self._happens(shares.parent):
            parent_age = max(_ELDERLY_AGE, age + rng.randint(22, 32))
            sex = "M" if self._happens(42) else "F"
            surname = surname_of(principal.name) if sex == "M" else draw_surname(rng)
            drawn.append(self._person("parent", 0, sex=sex, age=parent_age, surname=surname))
        return tuple(replace(person, sub_limit_fen=self._sub_limit_fen()) for person in drawn)

    def _person(
        self, kinship: Kinship, ordinal: int, *, sex: Sex, age: int, surname: str
    ) -> Person:
        rng = self._rng
        born = _born(self._today, age=age, days=rng.randrange(365))
        given = draw_given_name(rng, sex=sex, birth_year=born.year)
        id_number = self._paper.id_number(rng, born=born, sex=sex)
        return Person(
            key=f"F{self._number:05d}-{kinship}" + (f"-{ordinal}" if ordinal else ""),
            name=surname + given,
            sex=sex,
            birth_date=born,
            id_number=id_number,
            phone=self._paper.phone(),
            kinship=kinship,
            insurance=_insurance(rng, sex=sex, age=age, id_number=id_number),
        )

    def _sub_limit_fen(self) -> int | None:
        drawn = self._rng.choice((300_00, 500_00, 1_000_00, 2_000_00))
        return drawn if self._happens(self._shares.sub_limit) else None

    def _happens(self, percent: int) -> bool:
        return self._rng.randrange(_WHOLE) < percent


_MARRIES_FROM = 23
_PARENT_UNTIL = 58


def _born(today: date, *, age: int, days: int) -> date:
    """Return a birth date of one who is ``age`` today; ``days`` (0–364) since the birthday."""
    # The 28th stands for the 29th of February in years that have none.
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - age, today.month, day) - timedelta(days=days)


def _insurance(rng: Random, *, sex: Sex, age: int, id_number: str) -> Insurance:
    kind = _insurance_kind(rng, sex=sex, age=age)
    low, high = _ACCOUNT_YUAN.get(kind, (0, 0))
    # Many accounts are nearly empty: the smaller of two draws leans to the low end.
    balance_fen = min(rng.randint(low * 100, high * 100), rng.randint(low * 100, high * 100))
    codes = _CODES[kind]
    return Insurance(
        kind=kind,
        insutype=codes[0] if codes else None,
        psn_type=codes[1] if codes else None,
        psn_no=f"990100{_digits('psn_no', id_number, 14)}" if codes else None,
        account_balance_fen=balance_fen,
    )


def _insurance_kind(rng: Random, *, sex: Sex, age: int) -> InsuranceKind:
    life = "child" if age < _ADULT_AGE else "old" if age >= _RETIRES[sex] else "adult"
    employee, resident = _INSURED[life]
    drawn = rng.randrange(_WHOLE)
    if drawn >= employee + resident:
        return "none"
    if drawn < employee:
        return "employee_retired" if life == "old" else "employee_working"
    if life == "child":
        return "resident_child"
    return "resident_elderly" if age >= _ELDERLY_AGE else "resident_adult"


def _debit_account(
    rng: Random, principal: Person, shares: Proportions, *, empty: bool
) -> DebitAccount:
    little_fen = rng.randrange(_EMPTY_BELOW_FEN)
    plenty_fen = rng.randint(800_00, 20_000_00)
    unlimited = rng.randrange(_WHOLE) < shares.unlimited_debit
    daily_limit_fen = rng.choice((None, 2_000_00, 5_000_00, 10_000_00))
    return DebitAccount(
        contract_id=_digits("contract", principal.id_number, 20),
        openid="o" + hashlib.sha256(f"openid {principal.id_number}".encode()).hexdigest()[:27],
        balance_fen=little_fen if empty else None if unlimited else plenty_fen,
        daily_limit_fen=daily_limit_fen,
    )


def _digits(purpose: str, id_number: str, length: int) -> str:
    """Return digits that belong to the person, so that whoever returns has the same ones."""
    digest = hashlib.sha256(f"{purpose} {id_number}".encode()).digest()
    return f"{int.from_bytes(digest, 'big') % 10**length:0{length}d}"
