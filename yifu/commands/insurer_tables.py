"""`yifu insurer fields`, `codes` and `table`: what the interface has, and what is done about it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from yifu.commands import coverage
from yifu.commands.coverage import Coverage
from yifu.commands.insurer_call import known_transaction
from yifu.commands.terminal import emit, json_option
from yifu.insurance import fields as interface
from yifu.insurance.codes import label
from yifu.insurance.drafting import plain
from yifu.insurance.fields import Direction, Field, Node
from yifu.insurance.labels import english
from yifu.insurance.transactions import TRANSACTIONS

BEGIN, END = "<!-- yifu insurer table -->", "<!-- end of the table -->"
_KINDS = {
    "s": "text",
    "n": "number",
    "g": "digits",
    "d": "date",
    "t": "date and time",
    "b": "true or false",
    "x": "bytes",
    "a": "list of texts",
    "o": "object",
    "l": "list of objects",
    "m": "anything structured",
}


@click.command()
@click.argument("infno", callback=known_transaction)
@json_option
def fields(*, infno: str, as_json: bool) -> None:
    """Show a transaction's table: nodes, fields, types, what is required, where codes are from."""
    about = TRANSACTIONS[infno]
    sides: tuple[tuple[Direction, str], ...] = (("in", "sent"), ("out", "answered"))
    report: dict[str, Any] = {"infno": infno, "name": about.name, "name_en": about.name_en}
    lines = [f"{infno} {about.name} · {about.name_en}"]
    for side, what in sides:
        nodes = interface.layout(infno, side)
        report[side] = [_node(infno, node) for node in nodes]
        lines += [f"{what}:" if nodes else f"{what}: nothing"]
        for node in nodes:
            lines += _node_lines(infno, node, 1)
    emit(report, as_json=as_json, text="\n".join(lines))


def _node(infno: str, node: Node) -> dict[str, Any]:
    return {
        "node": node.name,
        "many": node.many,
        "required": node.required,
        "fields": [_field(infno, node, one) for one in node.fields.values()],
    }


def _field(infno: str, node: Node, one: Field) -> dict[str, Any]:
    row: dict[str, Any] = {
        "field": one.name,
        "zh": one.label,
        "en": english(one.name),
        "type": _KINDS[one.kind],
        "size": one.size,
        "decimals": one.scale,
        "required": one.required,
        "codes": one.table,
        "explanation": interface.explanation(infno, one.name),
    }
    child = node.children.get(one.name)
    return row | ({"node": _node(infno, child)} if child else {})


def _node_lines(infno: str, node: Node, depth: int) -> Iterator[str]:
    pad = "  " * depth
    many = " (many)" if node.many else ""
    optional = "" if node.required else " (may be left out)"
    yield f"{pad}{node.name or 'the message itself'}{many}{optional}"
    for one in node.fields.values():
        size = f"{one.size},{one.scale}" if one.scale else str(one.size or "")
        kind = f"{_KINDS[one.kind]} {size}".strip()
        codes = f", codes {one.table}" if one.table else ""
        mark = "*" if one.required else " "
        yield f"{pad}  {mark} {one.name}: {kind}{codes}   ({one.label} · {english(one.name)})"
        if explained := interface.explanation(infno, one.name):
            yield f"{pad}      {explained}"
        if child := node.children.get(one.name):
            yield from _node_lines(infno, child, depth + 2)


@click.command()
@click.argument("name", required=False)
@json_option
def codes(*, name: str | None, as_json: bool) -> None:
    """Show a code table, e.g. med_type; without a name, which tables there are."""
    tables = interface.codes()
    if name is None:
        report: dict[str, Any] = {
            "tables": {one: len(rows) for one, rows in sorted(tables.items())}
        }
        text = "\n".join(
            f"{one} ({english(one)}): {len(rows)}" for one, rows in sorted(tables.items())
        )
        emit(report, as_json=as_json, text=text)
        return
    if name not in tables:
        near = ", ".join(one for one in sorted(tables) if plain(name) in plain(one))
        hint = f"; there are {near}" if near else "; `yifu insurer codes` lists them"
        raise click.ClickException(f"no code table {name}{hint}")
    rows = tables[name]
    in_english = {code: label(name, code, "en") for code in rows}
    report = {"table": name, "en": english(name), "codes": dict(rows), "codes_en": in_english}
    text = "\n".join(
        [
            f"{name} ({english(name)})",
            *(_code(code, zh, in_english[code]) for code, zh in rows.items()),
        ]
    )
    emit(report, as_json=as_json, text=text)


def _code(code: str, zh: str, en: str) -> str:
    return f"  {code}  {zh}" + (f" · {en}" if en != zh else "")


@click.command()
@click.option(
    "--write",
    "path",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help=f"A document whose part between {BEGIN} and {END} is replaced.",
)
@json_option
def table(*, path: Path | None, as_json: bool) -> None:
    """Show what is done about each transaction: by our client, by the simulated insurer, by tests.

    Read out of the sources themselves, so it needs them: a checkout, not an installed package.
    """
    if not (coverage.ROOT / "tests").is_dir():
        raise click.ClickException("the table is made from the sources: run it in a checkout")
    rows = coverage.measure()
    if path is None:
        report = {"transactions": [_report(row) for row in rows]}
        emit(report, as_json=as_json, text="\n".join(markdown(rows)))
        return
    before = path.read_text(encoding="utf-8")
    after = written_into(before, rows)
    path.write_text(after, encoding="utf-8")
    changed = before != after
    text = f"{path}: {'written' if changed else 'as it was'}, {len(rows)} transactions"
    emit({"path": str(path), "changed": changed}, as_json=as_json, text=text)


def written_into(document: str, rows: Sequence[Coverage]) -> str:
    """Replace the table in a document. Raises `click.ClickException` where it has no place."""
    head, begin, rest = document.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise click.ClickException(f"the document has no lines {BEGIN} and {END}")
    return "".join([head, BEGIN, "\n", *(f"{line}\n" for line in markdown(rows)), END, tail])


def markdown(rows: Sequence[Coverage]) -> Iterator[str]:
    """Write the table as the document has it."""
    built = sum(bool(row.builders) for row in rows)
    typed = sum(row.typed for row in rows)
    meant = sum(row.answered == "meaning" for row in rows)
    tested = sum(row.tests > 0 for row in rows)
    yield (
        f"{len(rows)} transactions. Client: all can be written, checked, sent and read, {typed} "
        f"have types, {built} are sent by the platform itself. Simulated insurer: {meant} have a "
        f"meaning, {len(rows) - meant} are checked and answered plausibly. Tests: {tested} are "
        "named by tests over a socket"
        + (", all are sent and answered once." if rows[0].swept else ".")
    )
    yield ""
    yield "| transaction | name | what it does | client | simulated insurer | tests |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        client = ", ".join(f"`{one}`" for one in row.builders) or _unused(row)
        # Not how many: a document that goes stale with every new test would be renewed unread.
        tests = "by name" if row.tests else "round trip" if row.swept else "none"
        cells = (row.infno, row.name, row.name_en, client, row.answered or "none", tests)
        yield f"| {' | '.join(cells)} |"


def _unused(row: Coverage) -> str:
    return "typed" if row.typed else "from the table"


def _report(row: Coverage) -> dict[str, Any]:
    return {
        "infno": row.infno,
        "name": row.name,
        "name_en": row.name_en,
        "typed": row.typed,
        "client": list(row.builders),
        "counterpart": row.answered or "none",
        "tests": row.tests,
        "round_trip": row.swept,
    }
