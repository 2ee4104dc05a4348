"""The only place that reads the clock. Rules and services take `now` as an argument.

When the platform runs in simulation (`YIFU_SIMULATION=1`) a request may carry the header
`Yifu-Now`, so that a whole day is lived through in seconds; otherwise the header is ignored.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from yifu.dates import CHINA, business_date, day_bounds, midnight
from yifu.errors import InvalidRequest

__all__ = [
    "CHINA",
    "business_date",
    "day_bounds",
    "job_now",
    "midnight",
    "now",
    "request_now",
    "simulated",
]


def now() -> datetime:
    """Read the real clock. Only for the edges: HTTP, command line, jobs."""
    return datetime.now(tz=CHINA)


def request_now(request: HttpRequest) -> datetime:
    """Tell the time a request happens at: the real clock, or its `Yifu-Now` in simulation.

    Raises `InvalidRequest` when the header is not an RFC 3339 time with an offset.
    """
    claimed = request.headers.get("Yifu-Now") if settings.YIFU_SIMULATION else None
    if claimed is None:
        return now()
    try:
        at = datetime.fromisoformat(claimed)
    except ValueError:
        raise InvalidRequest(field="Yifu-Now") from None
    if at.tzinfo is None:
        raise InvalidRequest(field="Yifu-Now")
    return at.astimezone(CHINA)


def job_now(hint: datetime | None) -> datetime:
    """Tell the time for a background job: the real clock, or in simulation the row's own time.

    A simulated day is over in seconds; what its jobs do belongs to the day, not to those seconds.
    """
    if settings.YIFU_SIMULATION and hint is not None:
        return hint.astimezone(CHINA)
    return now()


def simulated() -> bool:
    """Tell whether days are simulated here: their hours pass in seconds."""
    return bool(settings.YIFU_SIMULATION)
