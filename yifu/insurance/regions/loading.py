"""Reads the regions' files. Everything is validated on load; an error names file and key."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, cast

from yifu.insurance.fields import codes
from yifu.insurance.regions.clearing import KINDS, OTHER, Clearing
from yifu.insurance.regions.dialect import Dialect
from yifu.insurance.regions.limits import Limits
from yifu.insurance.schemes import SCHEMES

NATIONAL: Final = "national"
FILE: Final = "region.toml"
MEANINGS: Final = frozenset({"equal", "unequal", "ours_only", "theirs_only"})
"""What a `stmt_rslt` can mean: both sides agree; they do not; the insurer lacks it; we do."""

_GATEWAY: Final = {"scheme", "path", "header", "encoding", "infver", "recer_sys_code"}
_SECTIONS: Final = {
    "gateway": _GATEWAY,
    "limits": {"lines_per_batch", "input_characters"},
    "transactions": {"reversal", "optional"},
}
_FREE: Final = {"stmt_rslt", "clearing", "codes"}
_HEAD: Final = {"code", "zh", "en", "admdvs", "dialect"}
_DIALECT: Final = "dialect"
_ADMDVS_DIGITS: Final = 6
_ENCODINGS: Final = ("utf-8", "gbk")
_LONGEST: Final = {"infver": 6, "recer_sys_code": 10, "header": 40}
_MOST_CHARACTERS: Final = 40_000
"""The interface's own limit (报文格式, `input`); a region may only have less."""


class BadRegion(ValueError):
    """A region's file says something it cannot mean. The message begins with file and key."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file = file
        self.key = key


@dataclass(frozen=True, slots=True)
class Region:
    """What an insurer's region has otherwise than another; see `national/region.toml`.

    `stmt_rslt` is by area within the region, "" for all others. `codes` holds codes by code table
    that are accepted besides the national ones. `reversal` says whether 2601 may be used,
    `optional` which transactions are spoken that the region may lack.
    """

    code: str
    zh: str
    en: str
    admdvs: tuple[str, ...]
    scheme: str
    path: str
    header: str
    encoding: str
    infver: str
    recer_sys_code: str
    limits: Limits
    stmt_rslt: Mapping[str, Mapping[str, str]]
    clearing: Clearing
    codes: Mapping[str, frozenset[str]]
    reversal: bool
    optional: frozenset[str]
    dialect: Dialect | None = None

    def results(self, area: str) -> Mapping[str, str]:
        """Give what each `stmt_rslt` means in an area of this region (NHSA 3202)."""
        return self.stmt_rslt.get(area, self.stmt_rslt[""])

    def speaks(self, infno: str) -> bool:
        """Say whether a transaction may be used here."""
        if infno == _REVERSAL:
            return self.reversal
        return infno not in OPTIONAL or infno in self.optional


_REVERSAL: Final = "2601"
OPTIONAL: Final = frozenset(
    {"3101", "3102", "3103", "3203", "3204", "4101", "4102", "4103", "5206"}
)
"""Transactions that not every region speaks: audit, clearing applications (which Hunan's edition
has abolished), settlement lists, what a year has used up."""


@cache
def region(code: str) -> Region:
    """Give a region by its code. Raises `BadRegion` for one that there is not."""
    folder = files(__package__).joinpath(code)
    if not code.isidentifier() or not folder.joinpath(FILE).is_file():
        raise BadRegion(f"{code}/{FILE}", "code", f"no such region; there are {', '.join(known())}")
    return read(folder)


@cache
def known() -> tuple[str, ...]:
    """Give the codes of all regions, the national one first."""
    folders = [one.name for one in files(__package__).iterdir() if one.joinpath(FILE).is_file()]
    return tuple(sorted(folders, key=lambda name: (name != NATIONAL, name)))


@cache
def region_of(admdvs: str) -> Region:
    """Give the region whose prefix an area's code begins with, the longest; else the national."""
    found = [
        (len(prefix), one.code)
        for one in map(region, known())
        for prefix in one.admdvs
        if admdvs.startswith(prefix)
    ]
    return region(max(found)[1] if found else NATIONAL)


def read(folder: Traversable) -> Region:
    """Read a region's folder over the national values. Raises `BadRegion`."""
    name = f"{folder.name}/{FILE}"
    text = folder.joinpath(FILE).read_text(encoding="utf-8")
    said = _File(name, _table(name, text))
    if said.head("code") != folder.name:
        raise BadRegion(name, "code", f"is not the folder's name {folder.name}")
    base = None
    if folder.name != NATIONAL:
        base = _File(f"{NATIONAL}/{FILE}", _table(NATIONAL, _national_text()))
    return _region(said, base)


def _national_text() -> str:
    return files(__package__).joinpath(NATIONAL, FILE).read_text(encoding="utf-8")


def _table(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRegion(name, "-", str(error)) from error


class _File:
    """One file's table; unknown keys are refused, and every value is asked for with its type."""

    def __init__(self, name: str, table: Mapping[str, Any]) -> None:
        self.name = name
        self.table = table
        self._refuse_unknown("", table, {*_HEAD, *_SECTIONS, *_FREE})
        for section, keys in _SECTIONS.items():
            self._refuse_unknown(f"{section}.", self.section(section), keys)

    def _refuse_unknown(self, where: str, table: Iterable[str], keys: Iterable[str]) -> None:
        for key in table:
            if key not in keys:
                raise self.bad(f"{where}{key}", f"unknown; there are {', '.join(sorted(keys))}")

    def bad(self, key: str, reason: str) -> BadRegion:
        return BadRegion(self.name, key, reason)

    def section(self, name: str) -> Mapping[str, Any]:
        value = self.table.get(name, {})
        if not isinstance(value, dict):
            raise self.bad(name, "a table is wanted")
        return value

    def head(self, key: str) -> str:
        return self._text(key, self.table.get(key))

    def text(self, section: str, key: str) -> str:
        return self._text(f"{section}.{key}", self.section(section).get(key))

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            raise self.bad(key, "a text is wanted")
        return value

    def number(self, section: str, key: str, *, most: int) -> int:
        value = self.section(section).get(key)
        if type(value) is not int or not 0 < value <= most:
            raise self.bad(f"{section}.{key}", f"a whole number from 1 to {most} is wanted")
        return value

    def truth(self, section: str, key: str) -> bool:
        value = self.section(section).get(key)
        if not isinstance(value, bool):
            raise self.bad(f"{section}.{key}", "true or false is wanted")
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.bad(key, "a list of texts is wanted")
        return tuple(value)


def _region(said: _File, base: _File | None) -> Region:
    """Put a file's values over the national ones and check the result."""

    def where(section: str, key: str) -> _File:
        return said if base is None or key in said.section(section) else base

    def text(key: str) -> str:
        return where("gateway", key).text("gateway", key)

    lines = where("limits", "lines_per_batch").number("limits", "lines_per_batch", most=1000)
    room = where("limits", "input_characters")
    optional = where("transactions", "optional")
    reversal = where("transactions", "reversal")
    made = Region(
        code=said.head("code"),
        zh=said.head("zh"),
        en=said.head("en"),
        admdvs=_admdvs(said),
        scheme=text("scheme"),
        path=text("path"),
        header=text("header"),
        encoding=text("encoding"),
        infver=text("infver"),
        recer_sys_code=text("recer_sys_code"),
        limits=Limits(lines, room.number("limits", "input_characters", most=_MOST_CHARACTERS)),
        stmt_rslt=_results(said, base),
        clearing=_clearing(said, base),
        codes=_codes(said),
        reversal=reversal.truth("transactions", "reversal"),
        optional=_optional(optional),
        dialect=_dialect(said),
    )
    _check_gateway(said, made)
    return made


def _check_gateway(said: _File, made: Region) -> None:
    if made.scheme not in SCHEMES:
        raise said.bad("gateway.scheme", f"{made.scheme}: there are {', '.join(sorted(SCHEMES))}")
    plain = made.path.isascii() and made.path.isprintable() and " " not in made.path
    if not (plain and made.path.startswith("/")):
        raise said.bad("gateway.path", "a path that begins with / is wanted")
    if not made.header.isascii() or not made.header.replace("-", "").replace("_", "").isalnum():
        raise said.bad("gateway.header", "the name of a header is wanted")
    if made.encoding not in _ENCODINGS:
        raise said.bad("gateway.encoding", f"one of {', '.join(_ENCODINGS)} is wanted")
    if (made.scheme == _DIALECT) != (made.dialect is not None):
        raise said.bad("gateway.scheme", f"{_DIALECT} is for a region with a dialect, and no other")
    for key, longest in _LONGEST.items():
        if len(getattr(made, key)) > longest:
            raise said.bad(f"gateway.{key}", f"at most {longest} characters")


def _admdvs(said: _File) -> tuple[str, ...]:
    prefixes = said.texts("admdvs", said.table.get("admdvs"))
    for prefix in prefixes:
        if not (prefix.isascii() and prefix.isdigit() and len(prefix) <= _ADMDVS_DIGITS):
            raise said.bad("admdvs", f"{prefix}: up to {_ADMDVS_DIGITS} digits are wanted")
    return prefixes


def _results(said: _File, base: _File | None) -> Mapping[str, Mapping[str, str]]:
    """Read `stmt_rslt`: codes with their meaning, and areas with a table of their own."""
    table = dict(said.section("stmt_rslt"))
    areas = table.pop("areas", {})
    if not isinstance(areas, dict):
        raise said.bad("stmt_rslt.areas", "a table by area is wanted")
    if not table and base is not None:
        table = dict(base.section("stmt_rslt"))
    found = {"": table, **areas}
    for area, meanings in found.items():
        place = f"stmt_rslt.areas.{area}" if area else "stmt_rslt"
        if not isinstance(meanings, dict) or not meanings:
            raise said.bad(place, "a table of codes is wanted")
        for code, meaning in meanings.items():
            if meaning not in MEANINGS:
                raise said.bad(f"{place}.{code}", f"one of {', '.join(sorted(MEANINGS))} is wanted")
    return found


def _clearing(said: _File, base: _File | None) -> Clearing:
    """Read `clearing`; an own table says all that it has otherwise."""
    tables: dict[str, dict[str, str]] = {"": {}, "by_med_type": {}, "cross_area": {}}
    lists: dict[str, tuple[str, ...]] = {"ask": (), "insutypes": ()}
    for file in filter(None, (base, said)):
        own = dict(file.section("clearing"))
        for name in lists:
            if name in own:
                lists[name] = file.texts(f"clearing.{name}", own.pop(name))
        tables["by_med_type"] |= _cleared(
            file, "by_med_type", own.pop("by_med_type", {}), codes()["med_type"]
        )
        tables["cross_area"] |= _cleared(file, "cross_area", own.pop("cross_area", {}), KINDS)
        tables[""] |= _cleared(file, "", own, KINDS)
    _check_codes(said, lists)
    if OTHER not in tables[""]:
        raise said.bad("clearing.other", "is missing")
    return Clearing(tables[""], tables["by_med_type"], tables["cross_area"], **lists)


def _cleared(file: _File, name: str, rows: object, known: Collection[str]) -> dict[str, str]:
    place = f"clearing.{name}" if name else "clearing"
    if not isinstance(rows, dict):
        raise file.bad(place, "a table is wanted")
    for key, code in rows.items():
        if key not in known:
            raise file.bad(f"{place}.{key}", f"there are {', '.join(sorted(known))}")
        if code not in codes()["clr_type"]:
            raise file.bad(f"{place}.{key}", f"{code}: not in table clr_type")
    return rows


def _check_codes(said: _File, lists: Mapping[str, tuple[str, ...]]) -> None:
    for name, table in (("ask", "clr_type"), ("insutypes", "insutype")):
        for code in lists[name]:
            if code not in codes()[table]:
                raise said.bad(f"clearing.{name}", f"{code}: not in table {table}")


def _codes(said: _File) -> Mapping[str, frozenset[str]]:
    found = {}
    for table, extra in said.section("codes").items():
        if table not in codes():
            raise said.bad(f"codes.{table}", "no such code table")
        found[table] = frozenset(said.texts(f"codes.{table}", extra))
    return found


def _optional(said: _File) -> frozenset[str]:
    listed = said.texts("transactions.optional", said.section("transactions").get("optional"))
    for infno in listed:
        if infno not in OPTIONAL:
            raise said.bad("transactions.optional", f"{infno}: not an optional transaction")
    return frozenset(listed)


def _dialect(said: _File) -> Dialect | None:
    """Find the region's own module; it offers `speak`, which makes it a dialect."""
    if "dialect" not in said.table:
        return None
    name = said.head("dialect")
    module = import_module(f"{__package__}.{said.head('code')}.{name}")
    return cast("Dialect", module.DIALECT)
