"""The interface's text files: TAB between columns, UTF-8, ``null`` for empty, zipped."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NULL = "null"


def zipped(name: str, lines: Iterable[Sequence[str]]) -> bytes:
    """Return lines as a zip that holds them as ``name``."""
    text = "".join("\t".join(line) + "\n" for line in lines)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return buffer.getvalue()
