"""Make `yifu/insurance/fields.csv` and `codes.csv` from the national interface's field tables.

    python tools/make_fields.py [../shared/data]

The input was read by a program from the specification's tables (Hunan edition V1.1.27), so what it
leaves to the reader is settled here, once: which node is a list, what "字符型" and its kin mean,
which code table a field takes its values from, and which values are personal. A transaction is
added by adding its number to `TRANSACTIONS`; a type nobody has judged yet stops the program.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

TRANSACTIONS = frozenset(
    {
        *("9001", "1101", "9101", "9102"),
        *("2201", "2202", "2203", "2204", "2205", "2206", "2207", "2208", "2601"),
        *("5203", "3201", "3202"),
    }
)
TARGET = Path(__file__).parent.parent / "yifu" / "insurance"

KINDS = {
    "字符型": "s",
    "字符": "s",
    "VARCHAR": "s",
    "大文本": "s",
    "数值型": "n",
    "BigDecimal": "n",
    "整型": "n",
    "整数类型": "n",
    "日期型": "d",
    "日期时间型": "t",
    "布尔型": "b",
    "字节数组": "x",
}
"""s text, n number, g digits only, d date, t date and time, b boolean, x bytes."""

LISTS = frozenset(
    {
        ("1101", "out", "insuinfo"),
        ("1101", "out", "idetinfo"),
        ("2203", "in", "diseinfo"),
        ("2204", "in", "feedetail"),
        ("2204", "out", "result"),
        ("2206", "out", "setldetail"),
        ("2207", "out", "setldetail"),
        ("2208", "out", "setldetail"),
        ("5203", "out", "setldetail"),
    }
)
"""Nodes that hold many rows. The tables say so in prose only."""

PERSONAL = {
    "mdtrt_cert_no": "credential",
    "card_sn": "hide",
    "certno": "tail",
    "psn_name": "name",
}
"""How a stored trace shows a value: P1.7 (credentials are not kept) and personal data masked."""

FILE_NODE = "(file)"
FILE_PART = "文件参数说明"
"""The columns of an uploaded or downloaded text file stand among the message's fields."""


class Envelope(NamedTuple):
    """One field of the request around every transaction's `input`."""

    field: str
    label: str
    kind: str
    size: str
    required: str
    table: str = ""


ENVELOPE = (
    Envelope("infno", "交易编号", "s", "4", "Y"),
    Envelope("msgid", "发送方报文ID", "s", "30", "Y"),
    Envelope("mdtrtarea_admvs", "就医地医保区划", "s", "6", "Y"),
    Envelope("insuplc_admdvs", "参保地医保区划", "s", "6", ""),
    Envelope("recer_sys_code", "接收方系统代码", "s", "10", "Y"),
    Envelope("dev_no", "设备编号", "s", "100", ""),
    Envelope("dev_safe_info", "设备安全信息", "s", "2000", ""),
    Envelope("cainfo", "数字签名信息", "s", "1024", ""),
    Envelope("signtype", "签名类型", "s", "10", ""),
    Envelope("infver", "接口版本号", "s", "6", "Y"),
    # The code table knows only 1; the specification's text names 2 and 3 as well.
    Envelope("opter_type", "经办人类别", "s", "3", "Y"),
    Envelope("opter", "经办人", "s", "30", "Y"),
    Envelope("opter_name", "经办人姓名", "s", "50", "Y"),
    Envelope("inf_time", "交易时间", "t", "", "Y"),
    Envelope("fixmedins_code", "定点医药机构编号", "s", "12", "Y"),
    Envelope("fixmedins_name", "定点医药机构名称", "s", "20", "Y"),
    Envelope("sign_no", "交易签到流水号", "s", "30", ""),
)
"""The request's frame, from the specification's chapter on the message format."""

COLUMNS = (
    "infno",
    "direction",
    "node",
    "many",
    "field",
    "label",
    "kind",
    "size",
    "scale",
    "required",
    "table",
    "mask",
    "note",
)


def read(path: Path) -> list[Row]:
    """Read a CSV file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Write a CSV file with a header and Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def kind_of(row: Row) -> str:
    """Tell the kind of a field from its type and note.

    A "date" whose note shows a time of day is a time; "数字型" without decimals is a running
    number written in digits. Raises `KeyError` for a type that nobody has judged.
    """
    if row["type"] == "数字型":
        return "n" if "," in row["length"] else "g"
    kind = KINDS[row["type"]]
    return "t" if kind == "d" and "HH:mm:ss" in row["note"] else kind


def size_of(row: Row, codes: dict[str, set[str]]) -> tuple[str, str]:
    """Tell the longest value (characters or digits) and the decimals of a field.

    The specification gives some fields fewer characters than the codes they are to carry
    (2201 `psn_type` has three, the table of person types six): such a field is widened.
    """
    size, _, scale = row["length"].partition(",")
    if kind_of(row) == "s" and size and row["field"] in codes:
        size = str(max(int(size), *map(len, codes[row["field"]])))
    return size, scale


def shaped(rows: list[Row], codes: dict[str, set[str]]) -> Iterator[Row]:
    """Turn the source's rows of our transactions into rows of the shipped table."""
    for row in rows:
        if row["infno"] not in TRANSACTIONS:
            continue
        node = FILE_NODE if row["part"] == FILE_PART else row["node"]
        size, scale = size_of(row, codes)
        coded = row["coded"] == "Y" and row["field"] in codes
        yield {
            "infno": row["infno"],
            "direction": row["direction"],
            "node": node,
            "many": "Y" if (row["infno"], row["direction"], node) in LISTS else "",
            "field": row["field"],
            "label": row["label"],
            "kind": kind_of(row),
            "size": size,
            "scale": scale,
            "required": row["required"],
            "table": row["field"] if coded else "",
            "mask": PERSONAL.get(row["field"], ""),
            "note": row["note"],
        }


def envelope() -> Iterator[Row]:
    """Give the rows of the request's frame, under the transaction `*`."""
    for item in ENVELOPE:
        yield dict.fromkeys(COLUMNS, "") | item._asdict() | {"infno": "*", "direction": "in"}


def main(source: Path) -> None:
    """Write both tables and say how large they are."""
    codes: dict[str, set[str]] = {}
    code_rows = read(source / "nhsa_codes.csv")
    for code in code_rows:
        codes.setdefault(code["table"], set()).add(code["code"])
    rows = [*envelope(), *shaped(read(source / "nhsa_fields.csv"), codes)]
    used = {row["table"] for row in rows if row["table"]}
    kept = [
        {"table": code["table"], "code": code["code"], "label": code["label"]}
        for code in code_rows
        if code["table"] in used
    ]
    write(TARGET / "fields.csv", COLUMNS, rows)
    write(TARGET / "codes.csv", ("table", "code", "label"), kept)
    print(f"{len(rows)} fields of {len(TRANSACTIONS)} transactions, {len(kept)} codes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data"))
