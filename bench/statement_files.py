"""A day of a large hospital's statement (NHSA 3202): our file written, the insurer's compared.

Ours and the reference run each in a process of its own, because memory is part of what is measured.
The reference does the bare minimum with the same rows: the csv module into a zip, and a join of two
dictionaries, with nothing checked and nothing interpreted.
"""

import csv
import io
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.report import machine, peak_mb

SIZE = 100_000
WANTED_S = 5.0
WANTED_MB = 200.0
_AMOUNT_EVERY, _LOST_EVERY, _UNDONE_EVERY = 1000, 777, 50
"""Every so many rows the insurer has another amount, lacks the row, or both have it undone too."""

Row = tuple[str, str, str, int, int, int, bool]


def _rows(size: int) -> Iterator[Row]:
    """Invent what our books have: identifier, visit, person, three amounts in fen, undone."""
    undone = 0
    for number in range(size):
        refund = number % _UNDONE_EVERY == _UNDONE_EVERY - 1
        # An undone settlement stands twice: the row before it, and negative.
        undone += refund
        key = number - undone
        total = 1000 + key * 7919 % 400_000
        fund, account = total * 6 // 10, total // 10
        sign = -1 if refund else 1
        setl_id = f"99010020260302{2_000_000_000 + key}"
        names = setl_id, f"99010020260302{1_000_000_000 + key}", f"990100{key % 50_000:014d}"
        yield *names, sign * total, sign * fund, sign * account, refund


def _yuan(fen: int) -> str:
    return f"{'-' * (fen < 0)}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _answer(size: int) -> bytes:
    """Make the insurer's result file for these rows."""
    lines = []
    for number, (setl_id, mdtrt_id, psn_no, *amounts, refund) in enumerate(_rows(size)):
        lost, other = number % _LOST_EVERY == 1, number % _AMOUNT_EVERY == 2  # noqa: PLR2004 - any
        total, fund, account = amounts
        result = "1" if lost or other else "0"
        shown = (total + 100 * other, fund + 100 * other, account)
        cells = psn_no, mdtrt_id, setl_id, f"H990100000012026030210{number:08d}", result
        texts = "1" if refund else "0", "医药机构多" if lost else "null", *map(_yuan, shown)
        lines.append("\t".join((*cells, *texts)) + "\n")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("r.txt", "".join(lines))
    return packed.getvalue()


def _differences(size: int) -> int:
    return sum(number % _LOST_EVERY == 1 or number % _AMOUNT_EVERY == 2 for number in range(size))  # noqa: PLR2004 - as above


def _ours(answer: Path, size: int) -> dict[str, float]:
    """Write and compare as the platform does, from the books' rows to the differences."""
    import django  # noqa: PLC0415 - the reference does without

    django.setup()
    from yifu.insurance.files import StatementLine, read_rows, write_statement  # noqa: PLC0415 - as above
    from yifu.insurance.regions.loading import region  # noqa: PLC0415 - as above
    from yifu.insurance.statements import Booked, interpret  # noqa: PLC0415 - as above
    from yifu.reconciliation import rules  # noqa: PLC0415 - as above

    booked = [Booked(StatementLine(*row), 0, "11") for row in _rows(size)]
    began = time.perf_counter(), time.process_time()
    write_statement((one.line for one in booked), name="d.txt")
    written = time.process_time()
    rows = read_rows("3202", "out", answer.read_bytes())
    stated = interpret(rows, booked, results=region("national").results("990100"))
    compared = rules.compare(
        (rules.Row(one.line[0], one.line[6], *one.line[3:6]) for one in booked),
        (rules.Row(*one) for one in stated),
    )
    ended = time.perf_counter(), time.process_time()
    found = len(compared.found)
    return _took(began, written, ended, found)


def _reference(answer: Path, size: int) -> dict[str, float]:
    """Do the same with the csv module and a dict."""
    booked = [*_rows(size)]
    began = time.perf_counter(), time.process_time()
    text = io.StringIO()
    csv.writer(text, delimiter="\t").writerows(booked)
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("d.txt", text.getvalue())
    written = time.process_time()
    with zipfile.ZipFile(answer) as archive, archive.open("r.txt") as packed:
        lines = csv.reader(io.TextIOWrapper(packed, "utf-8"), delimiter="\t")
        theirs = {(row[2], row[5] == "1"): row for row in lines}
    found = 0
    for row in booked:
        other = theirs[row[0], row[6]]
        found += other[4] != "0" or [_yuan(fen) for fen in row[3:6]] != other[7:]
    ended = time.perf_counter(), time.process_time()
    return _took(began, written, ended, found)


def _took(
    began: tuple[float, float], written: float, ended: tuple[float, float], found: int
) -> dict[str, float]:
    return {
        "seconds": round(ended[0] - began[0], 3),
        "cpu_s": round(ended[1] - began[1], 3),
        "write_cpu_s": round(written - began[1], 3),
        "compare_cpu_s": round(ended[1] - written, 3),
        "peak_mb": peak_mb(),
        "found": found,
    }


def measure(size: int = SIZE) -> dict[str, Any]:
    """Measure both in fresh processes; `reached` when time, memory and the result are right."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.zip")
        answer.write_bytes(_answer(size))
        ours, reference = (_in_a_process(who, answer, size) for who in ("ours", "reference"))
    fits = ours["seconds"] < WANTED_S and ours["peak_mb"] < WANTED_MB
    return {
        "name": "statement files",
        "size": size,
        **ours,
        "per_second": round(size / ours["seconds"], 1),
        "reference": {"name": "csv, zip and a dict", **reference},
        "ratio": round(ours["cpu_s"] / reference["cpu_s"], 3),
        "reached": fits and ours["found"] == reference["found"] == _differences(size),
        "machine": machine(),
    }


def _in_a_process(who: str, answer: Path, size: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.statement_files", who, str(answer), str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def main(argv: list[str]) -> None:
    """Print the figures, or those of one side when told so by `measure`."""
    if len(argv) == 3:  # noqa: PLR2004 - who, answer, size
        sides = {"ours": _ours, "reference": _reference}
        print(json.dumps(sides[argv[0]](Path(argv[1]), int(argv[2]))))
    else:
        print(json.dumps(measure(), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifu.settings")
    main(sys.argv[1:])
