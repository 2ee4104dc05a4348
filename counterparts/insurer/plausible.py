"""Answers to every transaction that nothing else here gives a meaning.

The input has been checked against the table, and the output is made of it (``making``). What is
uploaded is kept, and the query that belongs to it reads it back: ``families.FAMILIES`` says which
messages belong together. What belongs to nothing is kept too, and shown on the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterparts.insurer import shelf
from counterparts.insurer.errors import RefusedError
from counterparts.insurer.families import STOCK_KINDS, flat, place_of, plain, spared
from counterparts.insurer.fields import names
from counterparts.insurer.making import Maker, outer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterparts.insurer.families import Family, Row
    from counterparts.insurer.office import Handler, Message, Office

_NOT_ASKED_BY = {"fixmedinscode", "begndate", "enddate", "pagenum", "pagesize"}
_WITHDRAWN = "3"
"""``rx_stas_codg``: 已撤销."""


def answer(office: Office, message: Message) -> Row:
    """Answer a message that writes something down: keep it, and say what the table wants."""
    family, does = place_of(message.infno)
    output = Maker.of(office, message).output()
    if does == "put":
        _put(office, message, family, output)
    elif does == "change":
        _change(office, message, family)
        output = Maker.of(office, message, known=_found(office, message, family)[0]).output()
    elif does == "remove":
        _remove(office, message, family)
    return output


def ask(office: Office, message: Message) -> Row:
    """Answer a message that only asks.

    Raises RefusedError if it asks for one thing that was uploaded before, and there is none.
    """
    family, does = place_of(message.infno)
    if does != "ask":
        return Maker.of(office, message).output()
    found = _page(_found(office, message, family), flat(message.input))
    if not found and any(not node.is_list for node in outer(message.infno)):
        raise RefusedError(f"未查询到符合条件的{family.name}")
    return Maker.of(office, message, rows=found, known=found[0] if found else {}).output()


def delete_stock(office: Office, message: Message) -> Row:
    """Take stock records back (3507): by the institution's batch and the kind of record."""
    rows = next(iter(message.input.values()))
    for row in rows if isinstance(rows, list) else [rows]:
        name = STOCK_KINDS.get(str(row["inv_data_type"]))
        if name is None:
            raise RefusedError(f"inv_data_type {row['inv_data_type']}不是进销存数据类型")
        shelf.drop_where(office.books.db, name, message.institution.fixmedins_code, row)
    return {} if message.infno == "3507" else {"goodErrDetail": []}


def _put(office: Office, message: Message, family: Family, output: Row) -> None:
    for at, content in enumerate(_contents(message, family, output)):
        key = _key(content, family) or f"{message.msgid}.{at}"
        code = message.institution.fixmedins_code
        if family.once and shelf.get(office.books.db, family.name, key, code):
            raise RefusedError(f"{'、'.join(family.key)} {key}已上传")
        shelf.put(office.books.db, family.name, key, message, content)


def _contents(message: Message, family: Family, output: Row) -> Iterator[Row]:
    """Give what is to be kept: one thing for each row of the message's first node."""
    nodes = spared(message.input)
    whole = any(not isinstance(value, dict | list) for value in nodes.values())
    first = nodes if whole or not nodes else next(iter(nodes.values()))
    said = flat(output) if family.by_key else {}
    for row in first if isinstance(first, list) else [first]:
        main = {plain(name): value for name, value in row.items()} | said
        main |= {plain(name): value for name, value in family.sets.get(message.infno, {}).items()}
        yield {"main": main, "nodes": {plain(name): value for name, value in nodes.items()}}


def _change(office: Office, message: Message, family: Family) -> None:
    key, kept = _standing(office, message, family)
    given = {name: value for name, value in flat(spared(message.input)).items() if value != ""}
    given.pop("fixmedinscode", None)
    sets = {plain(name): value for name, value in family.sets.get(message.infno, {}).items()}
    nodes = {plain(name): rows for name, rows in spared(message.input).items()}
    content = {"main": kept["main"] | given | sets, "nodes": nodes | kept["nodes"]}
    shelf.replace(office.books.db, family.name, key, message, content)


def _remove(office: Office, message: Message, family: Family) -> None:
    key, _ = _standing(office, message, family)
    code = message.institution.fixmedins_code
    shelf.drop(office.books.db, family.name, key, code)


def _standing(office: Office, message: Message, family: Family) -> tuple[str, Row]:
    key = _key({"main": flat(message.input)}, family)
    code = "" if family.everywhere else message.institution.fixmedins_code
    kept = shelf.get(office.books.db, family.name, key, code)
    if kept is None:
        raise RefusedError(f"{'、'.join(family.key)} {key}不存在")
    if kept["main"].get("rxstascodg") == _WITHDRAWN:
        raise RefusedError(f"{'、'.join(family.key)} {key}已撤销")
    return key, kept


def _key(content: Row, family: Family) -> str:
    values = [str(content["main"].get(plain(name), "")) for name in family.key]
    return "|".join(values) if all(values) else ""


def _found(office: Office, message: Message, family: Family) -> list[Row]:
    """Return what a message asks for, latest first."""
    asked = flat(message.input)
    code = asked.get("fixmedinscode", "") if not family.by_key else ""
    if not family.everywhere:
        code = code or message.institution.fixmedins_code
    wanted = {
        name: value
        for name, value in asked.items()
        if value not in ("", None)
        and (name in map(plain, family.key) if family.by_key else name not in _NOT_ASKED_BY)
    }
    span = (asked.get("begndate") or "0000", asked.get("enddate") or "9999")
    return [
        content
        for content in shelf.all_of(office.books.db, family.name, str(code), span)
        if all(content["main"].get(name, value) == value for name, value in wanted.items())
    ]


def _page(rows: list[Row], asked: Row) -> list[Row]:
    try:
        number, size = int(asked.get("pagenum") or 1), int(asked.get("pagesize") or 0)
    except ValueError:
        return rows
    return rows[(number - 1) * size : number * size] if size > 0 and number > 0 else rows


def handlers() -> tuple[dict[str, Handler], dict[str, Handler]]:
    """Return the handlers of all transactions, (changing, asking); others replace what they can."""
    changing: dict[str, Handler] = {}
    asking: dict[str, Handler] = {}
    for infno in names():
        _, does = place_of(infno)
        asks = does in ("ask", "")
        (asking if asks else changing)[infno] = ask if asks else answer
    changing |= dict.fromkeys(("3507", "3507A"), delete_stock)
    return changing, asking


CHANGING, ASKING = handlers()
