"""Who somebody is, decided from what is written down: identity numbers, ages, masks.

Pure: no clock, so the day is always an argument. Sources: GB 11643-1999 (citizen identification
number), ISO 7064 MOD 11-2 (its check character), GB/T 2261.1 (codes of sex, `gend` of the
national interface).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal

from yifu.choices import Choice
from yifu.errors import YifuError

SexCode = Literal["1", "2"]
"""`1` male, `2` female: GB/T 2261.1, and the national interface's `gend`."""

ADULT_AGE: Final = 18
"""From the birthday on which it is reached a person may have a line of their own (P2.1)."""

MASK: Final = "*"

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_EARLIEST_BIRTH_YEAR = 1900
_KEPT_HEAD, _KEPT_TAIL = 3, 4
_SHORTEST_WITH_ENDS = 9


class Funding(Choice):
    """Whose money carries the personal part until it is repaid."""

    PLATFORM = "platform", "平台授信"
    BANK = "bank", "银行授信"
    DEBIT = "debit", "即时代扣"


class FalseIdentityNumber(YifuError):
    """The text is no identity number. The number itself is not among the facts: it is personal."""

    code = "false_identity_number"
    status = 422
    zh = "身份证号无效：{reason_zh}"
    en = "The identity number is not valid: {reason_en}"

    REASONS: ClassVar[dict[str, tuple[str, str]]] = {
        "shape": (
            "应为 18 位，前 17 位为数字",
            "it has 18 characters, the first 17 of them digits",
        ),
        "birth_date": ("出生日期不存在", "its birth date does not exist"),
        "future": ("出生日期晚于当前日期", "its birth date lies in the future"),
        "checksum": ("校验码不符", "its check character is wrong"),
    }

    def __init__(self, reason: str) -> None:
        zh, en = self.REASONS[reason]
        super().__init__(reason=reason, reason_zh=zh, reason_en=en)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number that passed its check, and what it says about its bearer."""

    number: str
    """Eighteen characters, the last one a digit or a capital X."""
    birth_date: date
    sex: SexCode


def check_identity_number(text: str, *, on: date | None = None) -> IdentityNumber:
    """Read an 18-character identity number (GB 11643); spaces around it and a small x are forgiven.

    With `on`, a birth date after that day is refused too. The region digits are not looked up:
    regions come and go, and a bearer keeps the number.

    Raises `FalseIdentityNumber`: wrong shape, impossible birth date, wrong check character.
    """
    number = text.strip(" \t").upper()
    # `strip` and `upper` cannot turn a full-width digit into one: the shape below is ASCII only.
    if not _SHAPE.fullmatch(number):
        raise FalseIdentityNumber("shape")
    birth_date = _birth_date(number)
    if on is not None and birth_date > on:
        raise FalseIdentityNumber("future")
    if check_character(number[:17]) != number[17]:
        raise FalseIdentityNumber("checksum")
    sex: SexCode = "1" if int(number[16]) % 2 else "2"
    return IdentityNumber(number=number, birth_date=birth_date, sex=sex)


def check_character(first17: str) -> str:
    """Compute the eighteenth character from the first seventeen digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def _birth_date(number: str) -> date:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if year < _EARLIEST_BIRTH_YEAR:
        raise FalseIdentityNumber("birth_date")
    try:
        return date(year, month, day)
    except ValueError:
        raise FalseIdentityNumber("birth_date") from None


def age_on(birth_date: date, on: date) -> int:
    """Count the completed years (周岁) on a day; who is born on 29 February waits until 1 March.

    Raises `ValueError` for a day before birth.
    """
    if on < birth_date:
        raise ValueError("nobody has an age before birth")
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday


def is_adult(birth_date: date, on: date) -> bool:
    """Tell whether a person may sign for themselves and have a line of their own (P2.1, HZ)."""
    return age_on(birth_date, on) >= ADULT_AGE


def mask_name(name: str) -> str:
    """Hide a name for screens and logs: `张三` → `张*`, `欧阳小明` → `欧**明`.

    A patient recognises it on a display, a bystander learns little.
    """
    text = name.strip()
    if len(text) <= 1:
        return MASK * len(text)
    if len(text) == len("张三"):
        return text[0] + MASK
    return text[0] + MASK * (len(text) - 2) + text[-1]


def mask_number(number: str) -> str:
    """Hide an identity, card or account number but for its first three and last four characters.

    What is too short for that is hidden wholly.
    """
    text = number.strip()
    if len(text) < _SHORTEST_WITH_ENDS:
        return MASK * len(text)
    hidden = len(text) - _KEPT_HEAD - _KEPT_TAIL
    return text[:_KEPT_HEAD] + MASK * hidden + text[-_KEPT_TAIL:]


def mask_phone(phone: str) -> str:
    """Hide the middle of a telephone number: `13812345678` → `138****5678`."""
    return mask_number(phone)
