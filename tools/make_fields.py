"""Make the field and code tables of both sides from the national interface's own tables.

    python tools/make_fields.py [../shared/data]

It writes `fields.csv`, `conditions.csv` and `codes.csv` to `yifu/insurance/` and, for the simulated
insurer, which reads them by code of its own, to `counterparts/insurer/data/`. The input was read by
a program from the specification's tables (Hunan edition V1.1.27). What it leaves to the reader is
settled once: types and lengths here, and directions, nodes, lists, nesting, code tables, conditions
and which values are personal in `fields.toml`. A type nobody has judged, and a judgement about
nothing, stop the program. The document's remarks are not shipped.
"""

import csv
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, str]

ROOT = Path(__file__).parent.parent
OURS = ROOT / "yifu" / "insurance"
THEIRS = ROOT / "counterparts" / "insurer" / "data"
JUDGEMENTS = Path(__file__).parent / "fields.toml"
LABELS = Path(__file__).parent / "labels_en.toml"

KINDS = {
    "字符型": "s",
    "字符": "s",
    "VARCHAR": "s",
    "大文本": "s",
    "文本型": "s",
    "longtext": "s",
    "Base64字符串": "s",
    "数值型": "n",
    "BigDecimal": "n",
    "整型": "n",
    "整数型": "n",
    "整数类型": "n",
    "日期": "d",
    "日期型": "d",
    "日期时间型": "t",
    "布尔型": "b",
    "字节数组": "x",
    "字符串数组": "a",
    "规则标识集合": "a",
    **dict.fromkeys(
        (
            "",
            "DTO",
            "JSON",
            "LIST",
            "List",
            "Map<String,String>",
            "Map集合",
            "列表",
            "处方信息集合",
            "实体DTO",
            "对象型",
            "就诊信息集合",
            "参保人信息集合",
            "手术操作集合",
            "诊断信息集合",
            "违规明细集合",
            "集合",
        ),
        "m",
    ),
}
"""s text, n number, g digits only, d date, t date and time, b boolean, x bytes, a list of texts,
m anything structured; a field that holds a node of the table is o (one object) or l (a list)."""

LENGTHS = {"1K": "1024", "Y": ""}
FILE_NODE = "(file)"
FILE_PART = "文件参数说明"
"""The columns of an uploaded or downloaded text file stand among the message's fields."""
_BRACKETS = str.maketrans({"(": "", ")": "", "（": "", "）": "", "，": ","})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Envelope(NamedTuple):
    """One field of the request around every transaction's `input`."""

    field: str
    label: str
    kind: str
    size: str
    required: str
    table: str = ""


ENVELOPE = (
    # The chapter gives it four characters; the numbers of 15 transactions end in a letter.
    Envelope("infno", "交易编号", "s", "5", "Y"),
    Envelope("msgid", "发送方报文ID", "s", "30", "Y"),
    Envelope("mdtrtarea_admvs", "就医地医保区划", "s", "6", "Y"),
    Envelope("insuplc_admdvs", "参保地医保区划", "s", "6", ""),
    Envelope("recer_sys_code", "接收方系统代码", "s", "10", "Y"),
    Envelope("dev_no", "设备编号", "s", "100", ""),
    Envelope("dev_safe_info", "设备安全信息", "s", "2000", ""),
    Envelope("cainfo", "数字签名信息", "s", "1024", ""),
    Envelope("signtype", "签名类型", "s", "10", ""),
    Envelope("infver", "接口版本号", "s", "6", "Y"),
    Envelope("opter_type", "经办人类别", "s", "3", "Y", "opter_type"),
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
    "transaction",
    "direction",
    "node",
    "shape",
    "field",
    "label",
    "kind",
    "size",
    "scale",
    "required",
    "table",
    "mask",
    "child",
)
THEIR_COLUMNS = (
    "infno",
    "transaction",
    "direction",
    "node",
    "shape",
    "holds",
    "field",
    "label",
    "type",
    "length",
    "coded",
    "required",
)
CODE_COLUMNS = ("table", "table_name", "code", "label")
CONDITION_COLUMNS = ("infno", "node", "fields", "when")
"""`shape` is `list` for a node of many rows, `?` after it for one that may be left out; `child`
(`holds`) the node that a field holds."""


def read(path: Path) -> list[Row]:
    """Read a CSV file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Write a CSV file with a header and Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(
            lines, fieldnames=list(columns), lineterminator="\n", extrasaction="ignore"
        )
        writer.writeheader()
        writer.writerows(rows)


@dataclass(frozen=True)
class Judgements:
    """What `fields.toml` settles, ready to be asked."""

    told: dict[str, Any] = field(
        default_factory=lambda: tomllib.loads(JUDGEMENTS.read_text(encoding="utf-8"))
    )

    @cached_property
    def masks(self) -> dict[str, str]:
        """Mask by field, or by transaction and field."""
        return {name: mask for mask, names in self.told["masks"].items() for name in names}

    def corrected(self, row: Row) -> Row | None:
        """Give a row of the source in its right direction and node; None if it is no field."""
        infno, node = row["infno"], row["node"]
        direction = row["direction"] or self.told["directions"][infno]
        key = f"{infno} {direction} {node}"
        if key in self.told["dropped"]["rows"]:
            return None
        direction = self.told["turned"].get(key, direction)
        if row["part"] == FILE_PART:
            node = FILE_NODE
        else:
            node = self.told["nodes"].get(f"{infno} {direction}", {}).get(node, node)
        return row | {"direction": direction, "node": node}

    def valued(self, row: Row) -> Row:
        """Give a row in its right place with its right length, kind and marks."""
        name = f"{row['infno']} {row['field']}"
        coded = {name, row["field"]} & set(self.told["coded"]["fields"])
        unrequired = self.told["unrequired"]
        message = f"{row['infno']} {row['direction']}"
        free = place_of(row) in unrequired["fields"] or message in unrequired["messages"]
        return row | {
            "length": self.told["lengths"].get(name, row["length"]),
            "kind": self.told["kinds"].get(name) or kind_of(row),
            "coded": "Y" if coded else row["coded"],
            "required": "" if free else row["required"],
        }

    def child(self, row: Row) -> str:
        """Give the node that a field holds, or ""."""
        return str(self.told["holders"].get(place_of(row), ""))

    def shape(self, row: Row, children: set[tuple[str, str, str]]) -> str:
        """Tell whether a node is a list, and whether it may be left out."""
        node = row["infno"], row["direction"], row["node"]
        key, lists = " ".join(node), self.told["lists"]
        many = row["node"] in lists["everywhere"] or key in lists["nodes"] or node in children
        shape = "list" if many and key not in lists["single"] else ""
        return shape + ("?" if key in self.told["optional"]["nodes"] else "")

    def table(self, row: Row, codes: dict[str, set[str]]) -> str:
        """Give the code table that a coded field takes its values from, or ""."""
        if row["coded"] != "Y":
            return ""
        name, tables = row["field"], self.told["tables"]
        exact = tables.get(f"{row['infno']} {name}", "")
        names = (exact, name, tables.get(name, ""), _CAMEL.sub("_", name).lower())
        return next((name for name in names if name in codes), "")

    def mask(self, row: Row) -> str:
        """Tell how a stored trace shows a field."""
        exact = self.masks.get(f"{row['infno']} {row['field']}")
        return exact or self.masks.get(row["field"], "")


def place_of(row: Row) -> str:
    """Name a field by transaction, direction, node and field, as `fields.toml` does."""
    return f"{row['infno']} {row['direction']} {row['node']}.{row['field']}"


def kind_of(row: Row) -> str:
    """Tell the kind of a field from its type and note.

    A "date" whose note shows a time of day is a time; "数字型" without decimals is a running
    number written in digits. Raises `KeyError` for a type that nobody has judged.
    """
    if row["type"] == "数字型":
        return "n" if "," in length_of(row) else "g"
    kind = KINDS[row["type"]]
    return "t" if kind == "d" and "HH:mm:ss" in row["note"] else kind


def length_of(row: Row) -> str:
    """Give the length as `digits` or `digits,decimals`."""
    length = row["length"].translate(_BRACKETS)
    return LENGTHS.get(length, length)


def size_of(row: Row, table: str, codes: dict[str, set[str]]) -> tuple[str, str]:
    """Tell the longest value (characters or digits) and the decimals of a field.

    The specification gives some fields fewer characters than the codes they are to carry
    (2201 `psn_type` has three, the table of person types six): such a field is widened. Raises
    `ValueError` for decimals of anything but a number.
    """
    size, _, scale = length_of(row).partition(",")
    if row["kind"] != "n" and int(scale or 0):
        raise ValueError(f"{place_of(row)}: {row['length']}")
    known = codes.get(row["field"]) or codes.get(table)
    if row["kind"] == "s" and size and known:
        size = str(max(int(size), *map(len, known)))
    return size, scale if row["kind"] == "n" else ""


def corrected(source: list[Row], judged: Judgements) -> list[Row]:
    """Give the source's fields in their right places, none of them twice."""
    rows: dict[tuple[str, ...], Row] = {}
    outer, inner = ("", "", ""), ""
    for raw in source:
        row = judged.corrected(raw)
        if row is None:
            continue
        node = row["infno"], row["direction"], row["node"]
        outer, inner = node, inner if node == outer else ""
        if inner:
            row["node"] = inner
        elif place_of(row) in judged.told["nested"]["after"]:
            inner = judged.child(row)
        key = tuple(row[name] for name in ("infno", "direction", "node", "field"))
        rows.setdefault(key, judged.valued(row))
    return list(rows.values())


def shaped(rows: list[Row], judged: Judgements, codes: dict[str, set[str]]) -> Iterator[Row]:
    """Turn corrected rows into rows of both shipped tables."""
    held = ((row["infno"], row["direction"], judged.child(row)) for row in rows)
    children = {node for node in held if node[2]}
    for row in rows:
        table, child = judged.table(row, codes), judged.child(row)
        size, scale = size_of(row, table, codes)
        kind = row["kind"]
        if child:
            single = f"{row['infno']} {row['direction']} {child}" in judged.told["lists"]["single"]
            kind = "o" if single else "l"
        yield row | {
            "shape": judged.shape(row, children),
            "kind": kind,
            "size": size,
            "scale": scale,
            "table": table,
            "mask": judged.mask(row),
            "child": child,
        }


def conditions(rows: list[Row], judged: Judgements) -> Iterator[Row]:
    """Give the rules that hold under a condition. Raises `KeyError` for one about no field."""
    known = {place_of(row) for row in rows}
    for rule in judged.told["conditions"]["rules"]:
        other = rule["when"].removesuffix("<0").partition("=")[0].removeprefix("any")
        for infno in rule["of"].split():
            node = f"{infno} in {rule['node']}"
            for name in (*rule["need"].split(), *([other] if other else [])):
                if f"{node}.{name}" not in known:
                    raise KeyError(f"{node}.{name}")
            named = {"infno": infno, "node": rule["node"], "when": rule["when"]}
            yield named | {"fields": rule["need"]}


def unused(rows: list[Row], source: list[Row], judged: Judgements) -> list[str]:
    """Name the judgements that no row of the source has anything to do with."""
    told = judged.told
    places = {place_of(row) for row in rows}
    nodes = {place.partition(".")[0] for place in places}
    names = {f"{row['infno']} {row['field']}" for row in source} | {row["field"] for row in source}
    asked = (
        (told["unrequired"]["fields"], places),
        (told["nested"]["after"], places),
        (told["holders"], places),
        (told["lists"]["nodes"] + told["lists"]["single"] + told["optional"]["nodes"], nodes),
        (told["lists"]["everywhere"], {node.split(" ", 2)[2] for node in nodes}),
        ([*told["kinds"], *told["lengths"], *told["coded"]["fields"], *told["tables"]], names),
        (judged.masks, names),
    )
    return [
        judgement
        for judgements, known in asked
        for judgement in judgements
        if judgement not in known
    ]


def envelope() -> Iterator[Row]:
    """Give the rows of the request's frame, under the transaction `*`."""
    for item in ENVELOPE:
        yield dict.fromkeys(COLUMNS, "") | item._asdict() | {"infno": "*", "direction": "in"}


def labelled(rows: list[Row]) -> list[Row]:
    """Add the English labels. Raises `ValueError` for a label of a code that there is not."""
    told = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    given = {(table, code): label for table, of in told.items() for code, label in of.items()}
    if strange := given.keys() - {(row["table"], row["code"]) for row in rows}:
        raise ValueError(f"labels of no code: {strange}")
    return [row | {"label_en": given.get((row["table"], row["code"]), "")} for row in rows]


def code_rows(source: Path, judged: Judgements) -> list[Row]:
    """Give the code tables, with the codes that only the prose and the notes name."""
    rows = read(source / "nhsa_codes.csv")
    names = {row["table"]: row["table_name"] for row in rows}
    added = [(table, names[table], more) for table, more in judged.told["more_codes"].items()]
    added += [(table, name, more) for table, (name, more) in judged.told["more_tables"].items()]
    return rows + [
        {"table": table, "table_name": name, "code": code, "label": label}
        for table, name, more in added
        for code, label in more.items()
    ]


THEIR_TYPES = {"s": "字符型", "n": "数值型", "t": "日期时间型", "a": "字符串数组", "m": "JSON"}
"""What the counterpart's table calls a kind that the row's own type does not say."""


def theirs(row: Row) -> Row:
    """Give a row as the counterpart's table has it: in the document's words, but corrected."""
    kind = row["kind"]
    length = ",".join(part for part in (row["size"], row["scale"]) if part)
    said = KINDS.get(row["type"]) or ("n" if row["scale"] else "g")
    return row | {
        "type": row["type"] if kind in {said, "o", "l"} else THEIR_TYPES[kind],
        "holds": row["child"],
        "length": length,
        "coded": row["table"],
    }


def main(source: Path) -> None:
    """Write all tables and say how large they are. Raises `ValueError` for an idle judgement."""
    judged = Judgements()
    listed = code_rows(source, judged)
    codes: dict[str, set[str]] = {}
    for code in listed:
        codes.setdefault(code["table"], set()).add(code["code"])
    read_rows = read(source / "nhsa_fields.csv")
    right = corrected(read_rows, judged)
    if idle := unused(right, read_rows, judged):
        raise ValueError(f"judgements about nothing: {', '.join(idle)}")
    rows = list(shaped(right, judged, codes))
    write(OURS / "fields.csv", COLUMNS, [*envelope(), *rows])
    write(THEIRS / "fields.csv", THEIR_COLUMNS, map(theirs, rows))
    write(OURS / "codes.csv", (*CODE_COLUMNS, "label_en"), labelled(listed))
    write(THEIRS / "codes.csv", CODE_COLUMNS, listed)
    for folder in (OURS, THEIRS):
        write(folder / "conditions.csv", CONDITION_COLUMNS, conditions(rows, judged))
    transactions = {row["infno"] for row in rows}
    print(f"{len(rows)} fields of {len(transactions)} transactions, {len(listed)} codes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data")
