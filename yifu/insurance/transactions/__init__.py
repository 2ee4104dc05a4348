"""All transactions of the national interface: what each is called, how it travels, what it does.

`TRANSACTIONS` is the registry; the modules `t11`, `t12` … (written by `tools/make_types.py`) hold
the types of every input and output, and pair them. `build`, `check` and `read` work by number, the
pairs do the same with types.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from yifu.insurance import fields
from yifu.insurance.fields import check
from yifu.insurance.transactions.building import Incomplete, build, read

__all__ = ["TRANSACTIONS", "Incomplete", "Transaction", "Way", "build", "check", "read"]


class Way(StrEnum):
    """How a transaction travels."""

    MESSAGE = "message"
    """A message to the insurer, answered at once."""
    UPLOAD = "upload"
    """A file beside the message (9101)."""
    DOWNLOAD = "download"
    """A message that a file answers (9102)."""
    CENTRE = "centre"
    """A sealed message to the payment centre or the prescription centre (61xx-64xx, 71xx, 72xx)."""
    CALLBACK = "callback"
    """A sealed message from a centre to us: `input` is what it sends, `output` what we answer."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of the interface.

    `changes` says whether it changes the insurer's books, so that a lost answer leaves something
    open; `names_person` whether its input must name a person by number, so that the envelope must
    name the area that insures them.
    """

    infno: str
    name: str
    name_en: str
    way: Way
    changes: bool
    names_person: bool

    def label(self, language: str) -> str:
        """Give the name in Chinese, or in English for any other language."""
        return self.name if language.startswith("zh") else self.name_en


def _registry() -> Mapping[str, Transaction]:
    text = files(__package__).joinpath("registry.csv").read_text(encoding="utf-8")
    known = fields.transactions()
    return {
        row["infno"]: Transaction(
            infno=row["infno"],
            name=known[row["infno"]].name,
            name_en=row["name_en"],
            way=Way(row["way"]),
            changes=row["changes"] == "Y",
            names_person=row["infno"] in fields.naming_a_person(),
        )
        for row in csv.DictReader(io.StringIO(text, newline=""))
    }


TRANSACTIONS = _registry()
"""Every transaction by its number."""
