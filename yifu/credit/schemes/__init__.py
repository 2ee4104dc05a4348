"""A city's rules as data: one TOML file each (decision 8).

`scheme.Scheme` says what a scheme decides, `reading.parse` turns a file's text into one or names
every fault by its line. The files here are what the project ships; which version is in force on a
date is `yifu.credit.versions`' question.
"""

from functools import cache
from pathlib import Path

from yifu.credit.schemes.reading import SchemeUnreadable, parse
from yifu.credit.schemes.scheme import Scheme

__all__ = ["SHIPPED", "Scheme", "SchemeUnreadable", "load", "parse", "text_of"]

SHIPPED = ("hangzhou", "shanghai", "wenzhou")
"""The codes of the schemes that the project ships."""


def text_of(code: str) -> str:
    """Read a shipped scheme's text; `LookupError` for an unknown code."""
    if code not in SHIPPED:
        raise LookupError(code)
    return Path(__file__).with_name(f"{code}.toml").read_text(encoding="utf-8")


@cache
def load(code: str) -> Scheme:
    """Read a shipped scheme; `LookupError` for an unknown code."""
    return parse(text_of(code), name=f"{code}.toml")
