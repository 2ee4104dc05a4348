"""Catalogues for download: 1301-1303, 1305-1311, 1313-1315, 1320-1327, and their files (9102).

Every catalogue has versions v0001, v0002, …; asked with the version that the institution has (at
first v0000), the insurer gives the file of the next one, and with the latest an empty file and
``data_cnt`` 0. Shipped are the codes and names of published lists in steps of 5,000 rows, and a
last version that withdraws a few; catalogues that no published list is at hand for have twenty
invented rows. The switchboard publishes further versions (``control``).

A file is TXT in a zip, TAB between columns, ``null`` for empty. The specification's text gives the
number of columns of 1301, 1305 and 1307 and the places of some; where it gives no place for the
flag and the version of 1307 they stand in the 19th and 23rd column, and all other catalogues have
six columns: code, name, specification, unit, ``vali_flag``, ``ver``.

``POST /_control/catalogue-versions {"infno": "1301", "rows": [{"code", "name", "vali_flag", …}]}``
    Publishes a new version of a catalogue; other keys are the names in ``LAYOUTS``.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from starlette.routing import BaseRoute, Route

from counterparts.frame import BadControl, control_message, json_answer
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.textfile import NULL, zipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from counterparts.insurer.office import Handler, Message, Office

_DATA = Path(__file__).parent / "data"
FIRST = "v0000"
PUBLIC = "plc"
_STEP = 5_000
_WITHDRAWN_EVERY = 250
_INVENTED = 20
_KEPT_DAYS = 30
_NUMBER = re.compile(r"[0-9]{6}([0-9]{8})([CN])(13[0-9]{2}A?)(v[0-9]{4})")
_VALID, _WITHDRAWN = "1", "0"
_CLASS_NAMES = {"01": "甲", "02": "乙"}


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's number of columns and, by our name, the places (from 1) that have values."""

    columns: int
    places: Mapping[str, int]

    def line(self, values: Mapping[str, str]) -> list[str]:
        """Return the cells of a row."""
        cells = [NULL] * self.columns
        for name, place in self.places.items():
            cells[place - 1] = values.get(name) or NULL
        return cells


_DRUGS = {
    "code": 1,
    "name": 4,
    "dosform": 10,
    "spec": 14,
    "maker": 54,
    "lmt_scope": 57,
    "lmt_flag": 58,
    "nego": 76,
    "vali_flag": 79,
    "ver": 83,
    "class": 92,
}
LAYOUTS = {
    "1301": Layout(97, _DRUGS),
    "1305": Layout(19, {"code": 1, "unit": 2, "vali_flag": 7, "name": 10, "ver": 15}),
    "1307": Layout(24, {"code": 11, "name": 12, "vali_flag": 19, "ver": 23}),
}
_OTHER = Layout(6, {"code": 1, "name": 2, "spec": 3, "unit": 4, "vali_flag": 5, "ver": 6})
_SHIPPED = {"1301": "drugs.csv", "1305": "services.csv", "1307": "diagnoses.csv"}
_LISTS = {
    "1302": ("T9901", "示例中药饮片"),
    "1303": ("Z9901", "示例医疗机构制剂"),
    "1306": ("C9901", "示例医用耗材"),
    "1306A": ("C9902", "示例医用耗材"),
    "1308": ("99.01", "示例手术操作"),
    "1309": ("M9901", "示例门诊慢特病种"),
    "1310": ("D9901", "示例按病种付费病种"),
    "1311": ("R9901", "示例日间手术病种"),
    "1313": ("M9902", "示例肿瘤形态"),
    "1314": ("A99.01.", "示例中医疾病"),
    "1315": ("B99.01.", "示例中医证候"),
    "1320": ("P9901", "示例中药配方颗粒"),
    "1321": ("F9901", "示例医疗服务项目"),
    "1322": ("I9901", "示例体外诊断试剂"),
    "1323": ("I9902", "示例体外诊断试剂注册证关联"),
    "1324": ("I9903", "示例检测指标"),
    "1325": ("I9904", "示例体外诊断试剂编码"),
    "1326": ("I9905", "示例试剂注册证"),
    "1327": ("I9906", "示例体外诊断试剂分类"),
}
"""What invented rows begin with, and are called."""
_ROWS = "SELECT code, name, details, vali_flag FROM catalogue_rows WHERE infno = ? AND ver = ?"
_VERSIONS = "SELECT DISTINCT ver FROM catalogue_rows WHERE infno = ? ORDER BY ver"


class Entry(NamedTuple):
    """One item of a catalogue in one of its versions."""

    code: str
    name: str
    vali_flag: str = _VALID
    details: Mapping[str, str] = {}


@cache
def published(name: str) -> Mapping[str, str]:
    """Return a published list, code to name."""
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def name_of(code: str) -> str:
    """Return what a national code is called, or the code."""
    return published("drugs.csv").get(code) or published("services.csv").get(code, code)


@cache
def _shipped(infno: str) -> Mapping[str, Sequence[Entry]]:
    """Return a catalogue's shipped versions: its rows in steps, then a few withdrawn."""
    if infno in _SHIPPED:
        rows = [Entry(code, name) for code, name in published(_SHIPPED[infno]).items()]
    else:
        start, name = _LISTS[infno]
        rows = [Entry(f"{start}{at:04d}", f"{name}{at}") for at in range(1, _INVENTED + 1)]
    steps = [rows[at : at + _STEP] for at in range(0, len(rows), _STEP)]
    steps.append([row._replace(vali_flag=_WITHDRAWN) for row in rows[::-_WITHDRAWN_EVERY]])
    return {f"v{at:04d}": step for at, step in enumerate(steps, 1)}


def versions(office: Office, infno: str) -> list[str]:
    """Return a catalogue's versions in their order."""
    later = [row[0] for row in office.books.db.execute(_VERSIONS, (infno,))]
    return [*_shipped(infno), *later]


def entries(office: Office, infno: str, ver: str) -> Sequence[Entry]:
    """Return what a version of a catalogue adds or changes.

    What the hospital's own price list uses is never withdrawn by a shipped version.
    """
    if ver in _shipped(infno):
        rows = _shipped(infno)[ver]
        kept = office.catalogue
        return [row for row in rows if row.vali_flag == _VALID or row.code not in kept]
    found = office.books.db.execute(_ROWS, (infno, ver))
    return [Entry(code, name, flag, orjson.loads(details)) for code, name, details, flag in found]


def offer(office: Office, message: Message) -> dict[str, Any]:
    """Answer 1301 and its kin: where the file of the next version lies.

    Raises RefusedError for a version that this insurer never gave.
    """
    infno, ver = message.infno, message.input["data"]["ver"]
    known = [FIRST, *versions(office, infno)]
    if ver not in known:
        raise RefusedError(f"ver 版本号{ver}不存在")
    later = known[known.index(ver) + 1 :]
    given = later[0] if later else ver
    day = message.inf_time[:10].replace("-", "")
    end = "dld_endtime" if infno == "1306A" or infno >= "1320" else "dld_end_time"
    return {
        "file_qury_no": f"{office.admdvs}{day}{'C' if later else 'N'}{infno}{given}",
        "filename": _filename(infno, given),
        end: (message.day + timedelta(days=_KEPT_DAYS)).isoformat(),
        "data_cnt": len(entries(office, infno, given)) if later else 0,
    }


def _filename(infno: str, ver: str) -> str:
    return f"{infno}_{ver}.txt.zip"


def is_catalogue_file(file_qury_no: str) -> bool:
    """Say whether a number is one of ``offer``."""
    return _NUMBER.fullmatch(file_qury_no) is not None


def download(office: Office, message: Message) -> bytes:
    """Answer 9102 for a catalogue's file.

    Raises RefusedError for an unknown file, one whose time is over, or another owner than ``plc``.
    """
    about = message.input["fsDownloadIn"]
    found = _NUMBER.fullmatch(about["file_qury_no"])
    if about["fixmedins_code"] != PUBLIC:
        raise RefusedError(f"fixmedins_code 目录文件固定传入{PUBLIC}")
    if found is None or about["filename"] != _filename(found[3], found[4]):
        raise RefusedError(f"file_qury_no {about['file_qury_no']}不存在")
    given, infno, ver = date.fromisoformat(found[1]), found[3], found[4]
    if message.day > given + timedelta(days=_KEPT_DAYS):
        raise RefusedError(f"file_qury_no {about['file_qury_no']}已过下载截止日期")
    rows = entries(office, infno, ver) if found[2] == "C" else []
    layout = LAYOUTS.get(infno, _OTHER)
    lines = (layout.line(_values(office, row, ver)) for row in rows)
    return zipped(_filename(infno, ver).removesuffix(".zip"), lines)


def _values(office: Office, row: Entry, ver: str) -> dict[str, str]:
    """Return what a row says by our names; maker and the like are invented."""
    item = office.catalogue.get(row.code)
    return {
        "code": row.code,
        "name": row.name,
        "maker": "示例制药有限公司",
        "unit": "次",
        "lmt_flag": "0" if item is None else item.lmt_used_flag,
        "class": "" if item is None else _CLASS_NAMES.get(item.chrgitm_lv, ""),
        **row.details,
        "vali_flag": row.vali_flag,
        "ver": ver,
    }


def routes(office: Office) -> list[BaseRoute]:
    """Return the switchboard's route that publishes a version."""

    async def publish(request: Request) -> Response:
        order = await control_message(request)
        infno, rows = order.get("infno"), order.get("rows")
        if infno not in ASKING or not isinstance(rows, list) or not rows:
            raise BadControl(f"infno: one of {sorted(ASKING)}; rows: a list of objects")
        ver = f"v{len(versions(office, infno)) + 1:04d}"
        with office.books.transaction():
            for row in rows:
                office.books.db.execute(
                    "INSERT INTO catalogue_rows VALUES (?, ?, ?, ?, ?, ?)",
                    _published(infno, ver, row),
                )
        return json_answer({"infno": infno, "ver": ver, "count": len(rows)})

    return [Route("/_control/catalogue-versions", publish, methods=["POST"])]


def _published(infno: str, ver: str, row: object) -> tuple[str, ...]:
    if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
        raise BadControl("a row is an object of texts")
    details = dict(row)
    try:
        code, name = details.pop("code"), details.pop("name")
    except KeyError as error:
        raise BadControl(f"a row needs {error}") from error
    flag = details.pop("vali_flag", _VALID)
    if unknown := details.keys() - LAYOUTS.get(infno, _OTHER).places.keys():
        raise BadControl(f"no such column: {', '.join(sorted(unknown))}")
    return infno, ver, code, name, orjson.dumps(details).decode(), flag


ASKING: dict[str, Handler] = dict.fromkeys((*_SHIPPED, *_LISTS), offer)
