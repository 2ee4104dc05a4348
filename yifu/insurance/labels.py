"""What fields are called: the interface's own Chinese label, and English made of its abbreviations.

The interface has no English, but its field names are English words cut short by rule, the same
piece always for the same word; `words.toml` has the words behind the pieces that come often.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_PIECE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def english(name: str) -> str:
    """Give a field's name in English words: `psn_cert_type`, person certificate type."""
    pieces = _PIECE.sub("_", name).lower().split("_")
    return " ".join(_words().get(piece, piece) for piece in pieces if piece)


@cache
def _words() -> Mapping[str, str]:
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    words: Mapping[str, str] = tomllib.loads(text)["words"]
    return words
