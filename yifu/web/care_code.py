"""The care code (诊疗码): sixteen digits that stand for a person at this installation.

It is not an identity number and nothing about the person can be read from it: a person's row
number goes through a keyed permutation (a Feistel network over two halves of seven digits), so
that nobody can guess another's code without the key, and the code leads back without a table. The
first digit is the form of the code, the last one Luhn's check digit, for codes typed by hand.
"""

import hashlib
import hmac
from functools import cache
from typing import Final

from django.conf import settings

FORM: Final = "8"
DIGITS: Final = 16
_HALF: Final = 10**7
_ROUNDS: Final = 8
# Luhn: a doubled digit of two figures counts as the sum of them.
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def code_of(person_id: int) -> str:
    """Give a person's care code; `ValueError` for a number that has no place in it."""
    if not 0 <= person_id < _HALF**2:
        raise ValueError("a person's number has at most fourteen digits")
    left, right = divmod(person_id, _HALF)
    for turn in range(_ROUNDS):
        left, right = right, (left + _mix(turn, right)) % _HALF
    digits = f"{FORM}{left:07d}{right:07d}"
    return digits + check_digit(digits)


def person_id_of(code: str) -> int | None:
    """Find whose code it is; spaces between the digits are forgiven. None: it is no care code."""
    digits = "".join(code.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    if digits[0] != FORM or check_digit(digits[:-1]) != digits[-1]:
        return None
    left, right = int(digits[1:8]), int(digits[8:15])
    for turn in reversed(range(_ROUNDS)):
        left, right = (right - _mix(turn, left)) % _HALF, left
    return left * _HALF + right


def grouped(code: str) -> str:
    """Write a code in fours, as people read it aloud."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def check_digit(digits: str) -> str:
    """Compute Luhn's check digit: it finds every wrong digit and nearly every swap."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += _DOUBLED[int(digit)] if place % 2 == 0 else int(digit)
    return str(-total % 10)


def _mix(turn: int, half: int) -> int:
    message = f"{turn}:{half}".encode()
    digest = hmac.new(_key(settings.YIFU_DATA_KEY), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) % _HALF


@cache
def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"yifu:care-code", hashlib.sha256).digest()
