"""What a bench prints, and on what machine."""

import json
import os
import platform
import resource
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure beside its reference. `ratio` is ours over the reference.

    `kept` says that what was asked for in milliseconds, seconds or MB is kept too.
    """

    name: str
    size: int
    seconds: float
    per_second: float
    p50_ms: float
    p99_ms: float
    peak_mb: float
    reference: dict[str, Any]
    ratio: float
    wanted: float
    machine: dict[str, Any]
    more: dict[str, Any]
    kept: bool = True
    smaller_is_better: bool = False

    @property
    def reached(self) -> bool:
        """True when the figure that was asked for is reached."""
        within = self.ratio <= self.wanted if self.smaller_is_better else self.ratio >= self.wanted
        return self.kept and within


def machine() -> dict[str, Any]:
    """Describe the machine without naming it."""
    model = "unknown"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    return {
        "cores": len(os.sched_getaffinity(0)),
        "model": model,
        "python": platform.python_version(),
        "system": platform.system(),
    }


def percentile(durations: Sequence[float], share: float) -> float:
    """Give the duration below which a share of them lies, in milliseconds; seconds in."""
    ordered = sorted(durations)
    place = min(len(ordered) - 1, int(share * len(ordered)))
    return round(ordered[place] * 1000, 3)


def peak_mb() -> float:
    """Give the most memory this process has held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def line(measured: Measured) -> str:
    """Write a figure for people."""
    mark = "ok" if measured.reached else "SHORT"
    bound = "at most" if measured.smaller_is_better else "at least"
    return (
        f"{measured.name:<28} {measured.per_second:>9.1f}/s  p50 {measured.p50_ms:>7.2f} ms  "
        f"p99 {measured.p99_ms:>7.2f} ms  {measured.reference['name']} "
        f"{measured.reference['per_second']:.0f}/s  ratio {measured.ratio:.4f} "
        f"(wanted {bound} {measured.wanted})  {mark}"
    )


def keep(measured: Sequence[Measured], *, now: datetime) -> Path:
    """Write a dated file of results."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%d}.json"
    rows = [asdict(row) | {"reached": row.reached} for row in measured]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
