"""Put the scheme that was in force beside a changed one, over recorded months."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from yifu import dates
from yifu.credit import versions
from yifu.credit.schemes import Scheme
from yifu.insight import recorded as records
from yifu.insight import replay
from yifu.insight.models import WhatIf
from yifu.insight.recorded import Family, Recorded
from yifu.insight.replay import Lived, Tally, Timeline
from yifu.institutions.models import Area

Progress = Callable[[int, int], None]
"""Told how many families are done, and how many there are."""

_EVERY = 500
AGES = ((0, 17), (18, 39), (40, 59), (60, 74), (75, 200))
_BETTER, _WORSE, _MIXED, _SAME = "better", "worse", "mixed", "same"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a scheme comes to over the months; fen. Every figure is the model's."""

    parts: int
    credit_parts: int
    amount_fen: int
    credit_fen: int
    used_average_fen: int
    used_peak_fen: int
    overdue_bills: int
    overdue_fen: int
    suspended_people: int
    suspended_days: int
    defaulted_people: int
    bad_fen: int
    bad_by_bearer: Mapping[str, int]
    provision_fen: int
    owed_fen: int
    paid_fen: int
    refused: Mapping[str, int]
    """How many parts were paid at once, by what stood in the way."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of a kind: how many would have been better or worse off, and their credit; fen."""

    dimension: str
    value: str
    people: int
    better: int
    worse: int
    mixed: int
    amount_fen: int
    baseline_credit_fen: int
    changed_credit_fen: int


@dataclass(frozen=True, slots=True)
class ComparedSchemes:
    """The recorded scheme and a changed one side by side, over the same months."""

    scheme: str
    area: str
    since: str
    until: str
    digest: str
    changes: tuple[tuple[str, str, str], ...]
    """What the changed scheme says differently from the last one in force: place, before, after."""
    families: int
    people: int
    recorded: Recorded
    baseline: Figures
    changed: Figures
    groups: tuple[Group, ...]
    better: tuple[int, ...]
    worse: tuple[int, ...]
    """Persons who would have been better or worse off, by id."""
    assumptions: tuple[str, ...] = replay.BEHAVIOUR

    def as_json(self, *, people: bool) -> dict[str, Any]:
        """Give plain values for JSON; with or without the persons' ids."""
        report = asdict(self)
        if not people:
            del report["better"], report["worse"]
        return report


def compare(
    changed: Scheme,
    *,
    text: str,
    area: str,
    since: date,
    until: date,
    progress: Progress = lambda _done, _all: None,
) -> ComparedSchemes:
    """Replay the days from `since` to `until` under the scheme in force and under a changed one.

    Both are replayed by the same engine with the same assumptions, so what differs between them
    comes from the change; what was really recorded stands beside. Writes nothing. Raises
    `LookupError` for an area that has another scheme.
    """
    code = Area.objects.values_list("scheme", flat=True).get(pk=area)
    if code != changed.code:
        raise LookupError(f"the scheme of {area} is {code}, not {changed.code}")
    begin, end = dates.midnight(since), dates.midnight(until + timedelta(days=1))
    in_force = _in_force(code, since, until)
    both = _Both(
        baseline=Timeline(in_force),
        changed=Timeline([(since, changed)]),
        since=replay.seconds(begin),
        end=replay.seconds(end),
        year=since.year,
    )
    total = records.count_families(area=area, until=end)
    for done, family in enumerate(records.families(area=area, since=begin, until=end), start=1):
        both.add(family)
        if not done % _EVERY:
            progress(done, max(done, total))
    progress(both.families, both.families)
    last = in_force[-1][1]
    return ComparedSchemes(
        scheme=code,
        area=area,
        since=since.isoformat(),
        until=until.isoformat(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        changes=tuple(replay.differences(last, changed)),
        families=both.families,
        people=both.people,
        recorded=records.recorded(area=area, since=begin, until=end),
        baseline=_figures(both.before, last),
        changed=_figures(both.after, changed),
        groups=both.grouped(),
        better=tuple(both.better),
        worse=tuple(both.worse),
    )


def _in_force(code: str, since: date, until: date) -> list[tuple[date, Scheme]]:
    """List the schemes in force between two days, each with the day it begins or `since`."""
    days = [since, *versions.beginnings(code, after=since, until=until)]
    return [(day, versions.in_force(code, on=day)) for day in days]


@dataclass(slots=True)
class _Both:
    """The sums of both replays, family by family."""

    baseline: Timeline
    changed: Timeline
    since: int
    end: int
    year: int
    families: int = 0
    people: int = 0
    better: list[int] = field(default_factory=list)
    worse: list[int] = field(default_factory=list)
    before: Tally = field(init=False)
    after: Tally = field(init=False)
    _groups: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = Tally(self.since, self.end)
        self.after = Tally(self.since, self.end)

    def add(self, family: Family) -> None:
        """Replay a family twice and count it in."""
        before, after = (
            replay.live(family.events, timeline, score=family.score, since=self.since, end=self.end)
            for timeline in (self.baseline, self.changed)
        )
        self.before.add(before)
        self.after.add(after)
        self.families += 1
        told: set[int] = set()
        for event in family.events:
            if not event.carried and event.person_id not in told:
                told.add(event.person_id)
                birth_year, sex = family.persons[event.person_id]
                kinds = (
                    ("age", _age(self.year - birth_year)),
                    ("sex", "男" if sex == "1" else "女"),
                    ("role", "dependant" if event.dependant else "principal"),
                    ("district", event.district or "—"),
                )
                self._add_person(event.person_id, kinds, before, after)

    def _add_person(
        self, person_id: int, kinds: tuple[tuple[str, str], ...], before: Lived, after: Lived
    ) -> None:
        self.people += 1
        _, _, amount_fen, before_fen = before.credit[person_id]
        after_fen = after.credit[person_id][3]
        effect = _effect(after_fen - before_fen, before.level - after.level)
        if effect == _BETTER:
            self.better.append(person_id)
        elif effect == _WORSE:
            self.worse.append(person_id)
        for kind in (("all", "all"), *kinds):
            sums = self._groups.setdefault(kind, [0] * 7)
            sums[0] += 1
            sums[1] += effect == _BETTER
            sums[2] += effect == _WORSE
            sums[3] += effect == _MIXED
            sums[4] += amount_fen
            sums[5] += before_fen
            sums[6] += after_fen

    def grouped(self) -> tuple[Group, ...]:
        """Give the groups in order."""
        return tuple(Group(*kind, *sums) for kind, sums in sorted(self._groups.items()))


def _age(years: int) -> str:
    low, high = next(((low, high) for low, high in AGES if years <= high), AGES[-1])
    return f"{low}+" if high == AGES[-1][1] else f"{low}–{high}"


def _effect(more_credit: int, better_standing: int) -> str:
    """Say whether somebody is better off: more on credit, or in better standing, and nothing less.

    A family's standing counts for all who use its line.
    """
    gains = more_credit > 0 or better_standing > 0
    losses = more_credit < 0 or better_standing < 0
    if gains and losses:
        return _MIXED
    return _BETTER if gains else _WORSE if losses else _SAME


def _figures(tally: Tally, scheme: Scheme) -> Figures:
    average_fen, peak_fen = tally.used()
    return Figures(
        parts=tally.parts,
        credit_parts=tally.credit_parts,
        amount_fen=tally.amount_fen,
        credit_fen=tally.credit_fen,
        used_average_fen=average_fen,
        used_peak_fen=peak_fen,
        overdue_bills=tally.overdue_bills,
        overdue_fen=tally.overdue_fen,
        suspended_people=tally.suspended_people,
        suspended_days=tally.suspended_days,
        defaulted_people=tally.defaulted_people,
        bad_fen=sum(tally.bad_fen.values()),
        bad_by_bearer=dict(sorted(tally.bad_fen.items())),
        provision_fen=tally.set_aside(scheme),
        owed_fen=tally.owed_fen,
        paid_fen=tally.paid_fen,
        refused=dict(sorted(tally.refused.items())),
    )


def keep(found: ComparedSchemes, *, by: str, now: datetime) -> WhatIf:
    """Keep a report beside the text it is about, without the persons' ids."""
    return WhatIf.objects.create(
        area_id=found.area,
        scheme=found.scheme,
        digest=bytes.fromhex(found.digest),
        since=found.since,
        until=found.until,
        report=orjson.loads(orjson.dumps(found.as_json(people=False))),
        made_at=now,
        made_by=by,
    )


def latest(*, digest: bytes) -> WhatIf | None:
    """Find the newest report about a text (`SchemeVersion.digest`)."""
    return WhatIf.objects.filter(digest=digest).order_by("-made_at", "-pk").first()
