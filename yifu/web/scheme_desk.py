"""Scheme versions as the city reads them: which is in force, and what another one changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from django.utils.translation import gettext as _

from yifu.credit import schemes, versions
from yifu.credit.models import SchemeVersion, VersionState
from yifu.credit.schemes import Scheme
from yifu.money import display
from yifu.web.scheme_words import FIELDS, GENERAL, GROUPS

ROW_KEYS: Final = {
    "consent_texts": "version",
    "score.bands": "lowest",
    "debit.channels": "channel",
    "bad_debt.provisions": "from_days",
}
"""By which of its fields a row is the same row in another version."""

SHIPPED: Final = "shipped"
"""The number of the version that the project ships, in addresses."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs between two versions; an empty text: it is not there."""

    group: str
    path: str
    field: str
    row: str
    """Which row of a list, e.g. a channel's code."""
    before: str
    after: str

    @property
    def group_label(self) -> str:
        """Name the table of the file in Chinese."""
        return GROUPS.get(self.group, GENERAL)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is listed; `row` is None for what the project ships."""

    number: str
    effective_from: date
    standing: str
    """`in_force`, `future`, `past`, `proposed`, `refused` or `withdrawn`."""
    row: SchemeVersion | None


def listed(code: str, *, on: date) -> list[Version]:
    """List a scheme's versions, proposed ones first, then by the date they begin, newest first."""
    found = SchemeVersion.objects.filter(code=code).order_by("-effective_from", "-id")
    approved = [row for row in found if row.state == VersionState.APPROVED]
    current = next((row for row in approved if row.effective_from <= on), None)
    listed = [_version(row, current, on=on) for row in found]
    first = schemes.load(code)
    standing = "in_force" if current is None else "past"
    listed.append(Version(SHIPPED, first.effective_from, standing, None))
    return sorted(listed, key=lambda one: one.standing != "proposed")


def _version(row: SchemeVersion, current: SchemeVersion | None, *, on: date) -> Version:
    standing = str(row.state)
    if row.state == VersionState.APPROVED:
        future = row.effective_from > on
        standing = "future" if future else "in_force" if row == current else "past"
    return Version(str(row.pk), row.effective_from, standing, row)


def find(code: str, number: str, *, on: date) -> Version | None:
    """Find one of a scheme's versions by its number."""
    return next((one for one in listed(code, on=on) if one.number == number), None)


def text_of(code: str, version: Version) -> str:
    """Give a version's text as it was proposed, or shipped."""
    return schemes.text_of(code) if version.row is None else version.row.text


def scheme_of(code: str, version: Version) -> Scheme:
    """Read a version."""
    return schemes.parse(text_of(code, version), name=code)


def base_of(version: Version, code: str, *, on: date) -> Version | None:
    """Tell with what a version is compared when nothing is chosen: what it follows.

    For one that is or was in force that is the one before it; for one that may come, the one in
    force on the day before it would begin.
    """
    if version.row is None:
        return None
    approved = [
        one
        for one in listed(code, on=on)
        if one.standing in {"in_force", "future", "past"} and one.number != version.number
    ]
    before = [one for one in approved if one.effective_from <= version.effective_from]
    return max(before, key=lambda one: (one.effective_from, one.row is not None), default=None)


def current(code: str, *, on: date) -> Scheme:
    """Give the scheme in force on a day."""
    return versions.in_force(code, on=on)


def differences(before: Scheme, after: Scheme) -> Sequence[Change]:
    """Compare two schemes field by field, in the order of the file; equal fields are left out."""
    old, new = dict(_flat(before)), dict(_flat(after))
    paths = [*new, *(path for path in old if path not in new)]
    order = {name: place for place, name in enumerate(["", *GROUPS])}
    changed = [path for path in paths if old.get(path) != new.get(path)]
    changes = [_change(path, old, new) for path in changed]
    return sorted(changes, key=lambda one: order.get(one.group, 0))


_Path = tuple[str, str]
"""A field's path without rows, and which row."""


def _change(path: _Path, old: Mapping[_Path, Any], new: Mapping[_Path, Any]) -> Change:
    field, row = path
    top = field.partition(".")[0]
    return Change(
        group=top if top in GROUPS else "",
        path=field,
        field=FIELDS.get(field, field),
        row=row,
        before=written(field, old[path]) if path in old else "",
        after=written(field, new[path]) if path in new else "",
    )


def _flat(scheme: Scheme) -> Iterator[tuple[_Path, Any]]:
    yield from _walk("", "", scheme.model_dump())


def _walk(path: str, row: str, value: Any) -> Iterator[tuple[_Path, Any]]:  # noqa: ANN401 - a scheme's values
    if path in ROW_KEYS:
        key = ROW_KEYS[path]
        for one in value:
            # That a row is there at all is a fact of its own: its key is not compared again.
            yield (path, str(one[key])), one[key]
            rest = {name: part for name, part in one.items() if name != key}
            yield from _walk_each(path, str(one[key]), rest)
    elif isinstance(value, Mapping):
        if path in FIELDS:
            for name, part in value.items():
                yield (path, str(name)), part
        else:
            yield from _walk_each(path, row, value)
    else:
        yield (path, row), value


def _walk_each(path: str, row: str, values: Mapping[str, Any]) -> Iterator[tuple[_Path, Any]]:
    for name, part in values.items():
        yield from _walk(f"{path}.{name}" if path else name, row, part)


def written(path: str, value: Any) -> str:  # noqa: ANN401 - a scheme's values
    """Write a value for people: fen as yuan, thousandths with their sign, lists with commas."""
    if value is None:
        return _("不限")
    if isinstance(value, tuple | list):
        return "、".join(written(path, one) for one in value) or _("无")
    if path.endswith(("_fen", "hold_fen")) and isinstance(value, int):
        return display(value)
    if path.endswith("permille"):
        return f"{value}‰"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)
