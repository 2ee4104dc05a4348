"""List the licence of every part that a lock installs; end with 1 when one is not permissive.

Usage: ``python tools/licences.py requirements.lock``
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==")
# Copyleft that would reach the whole program. The LGPL (psycopg) leaves its users free.
_REFUSED = re.compile(r"(?<!L)(?<!Lesser )(?:A?GPL|General Public License|Affero)", re.IGNORECASE)
_LESSER = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def licence_of(part: Distribution) -> str:
    """Give a distribution's licence as its metadata state it: expression, classifiers or text."""
    meta = part.metadata.json
    if expression := meta.get("license_expression"):
        return str(expression)
    classifiers = [
        entry.rpartition("::")[2].strip()
        for entry in meta.get("classifier", ())
        if entry.startswith("License ::") and entry.count("::") > 1
    ]
    text = str(meta.get("license", "")).strip().splitlines()
    return "; ".join(classifiers) or (text[0][:60] if text else "not stated")


def main(lock: Path) -> int:
    """Print name, version and licence of each part installed from the lock."""
    refused = 0
    for line in lock.read_text().splitlines():
        if not (pinned := _PINNED.match(line)):
            continue
        try:
            part = distribution(pinned[1])
        except PackageNotFoundError:
            continue  # for another platform
        licence = licence_of(part)
        bad = bool(_REFUSED.search(licence)) and not _LESSER.search(licence)
        refused += bad
        print(f"{part.name:28} {part.version:14} {licence}{'   <- NOT PERMISSIVE' if bad else ''}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
