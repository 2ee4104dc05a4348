"""Quiet hours: when nobody is sent a message. Pure; times of day are China's."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yifu import dates


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of every day, which may pass midnight; none when either end is None or both agree."""

    begin: time | None = None
    end: time | None = None

    def ends(self, at: datetime) -> datetime | None:
        """Tell when the quiet hours around an instant end; None when it is not quiet then.

        At their beginning it is quiet, at their end it is not any more.
        """
        around = self._around(at)
        return around[1] if around else None

    def began(self, at: datetime) -> datetime | None:
        """Tell when the quiet hours around an instant began; None when it is not quiet then."""
        around = self._around(at)
        return around[0] if around else None

    def _around(self, at: datetime) -> tuple[datetime, datetime] | None:
        if self.begin is None or self.end is None or self.begin == self.end:
            return None
        here = at.astimezone(dates.CHINA)
        for back in (0, 1):
            day = here.date() - timedelta(days=back)
            begin = datetime.combine(day, self.begin, tzinfo=dates.CHINA)
            later = day + timedelta(days=int(self.end < self.begin))
            end = datetime.combine(later, self.end, tzinfo=dates.CHINA)
            if begin <= here < end:
                return begin, end
        return None
