"""From the bytes of an export to its cells: encoding, lines, delimiter, header.

A line stands alone: a quoted cell may hold the delimiter, not a line break. So a wrong quote spoils
one row, and a file is read with the memory of its longest line.
"""

import codecs
import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, ClassVar

from yifu.errors import YifuError

MAX_LINE_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024

NAMED = frozenset({"department", "doctor"})
"""Columns that a column of names beside them, `department_name`, may stand in for."""
OPTIONAL = frozenset({"person_name", "phone", "diagnosis_name", "department_name", "doctor_name"})
_ALIASES = {
    "visit": "visit_no ipt_otp_no mdtrt_id 就诊号 就诊流水号 就诊id 门诊号 门诊流水号 挂号流水号",
    "person": "certno id_number identity_number 身份证号 身份证 身份证号码 证件号码 患者身份证号",
    "person_name": "psn_name patient_name 姓名 患者姓名 病人姓名",
    "phone": "tel mobile 电话 手机 手机号 手机号码 联系电话",
    "diagnosis": "diagnosis_code dise_codg 诊断 诊断编码 诊断代码 主要诊断 疾病诊断",
    "diagnosis_name": "dise_name 诊断名称",
    "department": "department_code bilg_dept_codg 科室 科室编码 科室代码 就诊科室 开单科室",
    "department_name": "bilg_dept_name 科室名称",
    "doctor": "doctor_code bilg_dr_codg 医生 医师 医生编码 医师编码 医生工号 开单医生",
    "doctor_name": "bilg_dr_name 医生姓名 医师姓名",
    "national_code": "med_list_codg 国家编码 国家码 国家医保编码 医保编码 医保目录编码",
    "local_code": "medins_list_codg 院内编码 项目编码 收费项目编码 医院编码",
    "name": "medins_list_name item_name 名称 项目名称 收费项目名称 费用名称",
    "quantity": "cnt 数量",
    "unit_price": "pric price 单价",
    "amount": "det_item_fee_sumamt 金额 总金额 费用金额",
    "time": "fee_ocur_time occurred_at 时间 费用时间 收费时间 发生时间 费用发生时间",
}
FIELDS = {alias: field for field, names in _ALIASES.items() for alias in (field, *names.split())}
REQUIRED = tuple(field for field in _ALIASES if field not in OPTIONAL)
# 患者 is the person's number in some exports, and the name beside a column of numbers in others.
_PATIENT = "患者"
_UNIT_IN_HEADER = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]$")


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a row cannot be used: a stable code, and a sentence in zh and en."""

    code: str
    zh: str
    en: str


TOO_LONG_LINE = Bad("line_too_long", "行过长", f"The line is longer than {MAX_LINE_BYTES} bytes")
BAD_ENCODING = Bad("bad_encoding", "无法按文件编码解读", "The line is not in the file's encoding")
BAD_QUOTES = Bad("bad_quotes", "引号不配对", "The quotes of the line do not match")
BAD_JSON = Bad("bad_json", "不是 JSON 对象", "The line is no JSON object")
BAD_JSON_VALUE = Bad("bad_json", "值须为文字或数字，且不得重名", "Values are text or numbers, once")


class UnreadableExport(YifuError):
    """The file as a whole cannot be read."""

    code = "unreadable_export"
    status = 422
    zh = "无法读取文件：{reason_zh}"
    en = "The file cannot be read: {reason_en}"

    REASONS: ClassVar[dict[str, tuple[str, str]]] = {
        "empty": ("没有数据行", "it holds no rows"),
        "encoding": ("编码须为 UTF-8 或 GB18030", "it is neither UTF-8 nor GB18030"),
        "header": ("表头无法解析", "its header cannot be read"),
        "columns_missing": ("缺少列 {columns}", "columns are missing: {columns}"),
        "columns_repeated": ("列重复 {columns}", "columns appear twice: {columns}"),
    }

    def __init__(self, reason: str, columns: Iterable[str] = ()) -> None:
        names = ", ".join(columns)
        zh, en = (text.format(columns=names) for text in self.REASONS[reason])
        super().__init__(reason=reason, columns=names, reason_zh=zh, reason_en=en)


def rows(file: BinaryIO) -> Iterator[tuple[int, Mapping[str, str] | Bad]]:
    """Give line numbers with cells by field name, or with what is wrong; blank lines are passed.

    Raises `UnreadableExport`.
    """
    head = file.read(_CHUNK_BYTES)
    head, encoding = _encoding(head)
    chunks = chain([head], iter(lambda: file.read(_CHUNK_BYTES), b""))
    lines = _decoded(_lines(chunks), encoding)
    found = next(lines, None)
    if found is None:
        raise UnreadableExport("empty")
    number, first = found
    if isinstance(first, str) and first.lstrip().startswith("{"):
        yield from _json_rows(chain([(number, first)], lines))
    else:
        yield from _csv_rows(first, lines)


# --- lines ---------------------------------------------------------------------------------------


def _encoding(head: bytes) -> tuple[bytes, str]:
    """Take a byte order mark away and tell the encoding, judged by the lines that are not ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableExport("encoding")
    if head.startswith(codecs.BOM_UTF8):
        return head.removeprefix(codecs.BOM_UTF8), "utf-8"
    # The last line of the sample may be cut in the middle of a character.
    telling = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    fitting = sum(_fits(line, "utf-8") for line in telling)
    return head, "utf-8" if 2 * fitting >= len(telling) else "gb18030"


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Cut chunks into numbered lines; one that is too long is given as None, its bytes dropped."""
    number, pending, too_long = 0, b"", False
    for chunk in chunks:
        *whole, pending = (pending + chunk).split(b"\n")
        for line in whole:
            number += 1
            yield number, None if too_long or len(line) > MAX_LINE_BYTES else line
            too_long = False
        if too_long or len(pending) > MAX_LINE_BYTES:
            too_long, pending = True, b""
    if pending or too_long:
        yield number + 1, None if too_long else pending


def _decoded(
    lines: Iterable[tuple[int, bytes | None]], encoding: str
) -> Iterator[tuple[int, str | Bad]]:
    for number, line in lines:
        if line is None:
            yield number, TOO_LONG_LINE
            continue
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            yield number, BAD_ENCODING
            continue
        text = text.removesuffix("\r")
        if text.strip():
            yield number, text


# --- CSV -----------------------------------------------------------------------------------------


def _csv_rows(
    header: str | Bad, lines: Iterable[tuple[int, str | Bad]]
) -> Iterator[tuple[int, Mapping[str, str] | Bad]]:
    if isinstance(header, Bad):
        raise UnreadableExport("header")
    delimiter, fields = _header(header)
    empty = True
    for number, text in lines:
        empty = False
        yield number, text if isinstance(text, Bad) else _cells(text, delimiter, fields)
    if empty:
        raise UnreadableExport("empty")


def _header(text: str) -> tuple[str, Sequence[str | None]]:
    """Tell the delimiter (the one that finds more known columns) and each column's field."""
    found = {delimiter: _fields(_split(text, delimiter) or []) for delimiter in ",\t"}
    delimiter = max(found, key=lambda one: sum(field is not None for field in found[one]))
    fields = found[delimiter]
    known = [field for field in fields if field is not None]
    if not known:
        raise UnreadableExport("header")
    repeated = sorted({field for field in known if known.count(field) > 1})
    if repeated:
        raise UnreadableExport("columns_repeated", repeated)
    missing = [
        field
        for field in REQUIRED
        if field not in known and not (field in NAMED and f"{field}_name" in known)
    ]
    if missing:
        raise UnreadableExport("columns_missing", missing)
    return delimiter, fields


def _fields(names: Iterable[str]) -> list[str | None]:
    fields = [_field(name) for name in names]
    if _PATIENT in fields:
        beside = "person_name" if "person" in fields else "person"
        fields = [beside if field == _PATIENT else field for field in fields]
    return fields


def _field(name: str) -> str | None:
    plain = _UNIT_IN_HEADER.sub("", name.strip().lower()).strip().replace(" ", "_")
    return _PATIENT if plain == _PATIENT else FIELDS.get(plain)


def _split(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _cells(text: str, delimiter: str, fields: Sequence[str | None]) -> Mapping[str, str] | Bad:
    cells = _split(text, delimiter)
    if cells is None:
        return BAD_QUOTES
    if len(cells) != len(fields):
        return Bad(
            "wrong_columns",
            f"应有 {len(fields)} 列，实有 {len(cells)} 列",
            f"There are {len(cells)} columns, not {len(fields)}",
        )
    return {field: cell for field, cell in zip(fields, cells, strict=True) if field is not None}


# --- JSON Lines ----------------------------------------------------------------------------------


def _json_rows(
    lines: Iterable[tuple[int, str | Bad]],
) -> Iterator[tuple[int, Mapping[str, str] | Bad]]:
    for number, text in lines:
        yield number, text if isinstance(text, Bad) else _members(text)


def _members(text: str) -> Mapping[str, str] | Bad:
    """Read one object. Numbers stay the text they are: the same rules hold for both forms."""
    try:
        pairs = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return BAD_JSON
    if not isinstance(pairs, _Pairs):
        return BAD_JSON
    fields = _fields(name for name, _ in pairs)
    values: dict[str, str] = {}
    for field, (_, value) in zip(fields, pairs, strict=True):
        if field is None:
            continue
        if field in values or not isinstance(value, str | None):
            return BAD_JSON_VALUE
        values[field] = value or ""
    return values


class _Pairs(list[tuple[str, object]]):
    """An object's members, in order and with repetitions."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=str
)
