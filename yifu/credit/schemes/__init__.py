"""A city's rules as data: one TOML file each (decision 8)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scheme:
    """A city's rules, as far as the code asks for them. Amounts in fen."""

    code: str
    name_zh: str
    name_en: str
    lender: str
    consent_text_versions: frozenset[str]
    limit_fen: int
    due_days_after_visit: int
    due_then_hours: int
    debit_chain: tuple[str, ...]
    default_after_months: int


class SchemeUnreadable(ValueError):
    """A scheme file lacks something or says something impossible."""


@cache
def load(code: str) -> Scheme:
    """Read a scheme; `LookupError` for an unknown code, `SchemeUnreadable` for a bad file."""
    if not code.isidentifier():
        raise LookupError(code)
    path = Path(__file__).with_name(f"{code}.toml")
    if not path.exists():
        raise LookupError(code)
    return parse(path.read_text(encoding="utf-8"), name=path.name)


def parse(text: str, *, name: str) -> Scheme:
    """Turn a scheme file's text into rules; raises `SchemeUnreadable` naming what is wrong."""
    try:
        raw = tomllib.loads(text)
        scheme = Scheme(
            code=raw["code"],
            name_zh=raw["name_zh"],
            name_en=raw["name_en"],
            lender=raw["lender"],
            consent_text_versions=frozenset(raw["consent_text_versions"]),
            limit_fen=raw["line"]["limit_fen"],
            due_days_after_visit=raw["due"]["days_after_visit"],
            due_then_hours=raw["due"]["then_hours"],
            debit_chain=tuple(raw["debit"]["chain"]),
            default_after_months=raw["overdue"]["default_after_months"],
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SchemeUnreadable(f"{name}: {error}") from error
    numbers = {
        "line.limit_fen": scheme.limit_fen,
        "due.days_after_visit": scheme.due_days_after_visit,
        "due.then_hours": scheme.due_then_hours,
        "overdue.default_after_months": scheme.default_after_months,
    }
    for field, number in numbers.items():
        if type(number) is not int or number < 0:
            raise SchemeUnreadable(f"{name}: {field} must be a whole number that is not negative")
    return scheme
