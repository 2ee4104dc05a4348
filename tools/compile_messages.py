"""Compile `django.po` to `django.mo` without gettext, and tell which strings have no translation.

    python -m tools.compile_messages            write the .mo beside every .po
    python -m tools.compile_messages --check    change nothing; fail when something is missing

Strings come from templates, from `gettext` calls in `yifu/web`, from its word lists, and from the
labels that the models carry. Source strings are Chinese.
"""

import argparse
import ast
import os
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "yifu" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MAGIC = 0x950412DE
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(slots=True)
class Entry:
    """One message: its id, a plural id perhaps, and its translations."""

    ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def complete(self) -> bool:
        """True when every form is translated."""
        return bool(self.texts) and all(self.texts) and not self.fuzzy


def read_po(path: Path) -> list[Entry]:
    """Read the entries of a .po file, the header first."""
    entries: list[Entry] = []
    entry, target = Entry(), None
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#~"):
            continue
        if not line.strip():
            if entry.ids:
                entries.append(entry)
            entry, target = Entry(), None
        elif line.startswith("#,"):
            entry.fuzzy = "fuzzy" in line
        elif not line.startswith("#"):
            target = _read_line(line, entry, target)
    return entries


def _read_line(line: str, entry: Entry, target: list[str] | None) -> list[str]:
    if line.startswith('"'):
        if target is None:
            raise ValueError(f"a continuation of nothing: {line}")
        target[-1] += ast.literal_eval(line)
        return target
    word, text = line.split(None, 1)
    target = entry.ids if word.startswith("msgid") else entry.texts
    target.append(ast.literal_eval(text))
    return target


def compile_mo(entries: list[Entry]) -> bytes:
    """Write the entries as a .mo file: sorted, without untranslated ones."""
    usable = {"\0".join(e.ids): "\0".join(e.texts) for e in entries if e.complete}
    pairs = sorted((key.encode(), text.encode()) for key, text in usable.items())
    count = len(pairs)
    start = 28 + 16 * count
    keys = b"".join(key + b"\0" for key, _ in pairs)
    texts = b"".join(text + b"\0" for _, text in pairs)
    head = struct.pack("<7I", MAGIC, 0, count, 28, 28 + 8 * count, 0, start)
    return (
        head
        + _table([key for key, _ in pairs], start)
        + _table([text for _, text in pairs], start + len(keys))
        + keys
        + texts
    )


def _table(parts: list[bytes], at: int) -> bytes:
    rows = []
    for part in parts:
        rows.append(struct.pack("<2I", len(part), at))
        at += len(part) + 1
    return b"".join(rows)


def wanted() -> set[str]:
    """Collect every string that pages can show in Chinese."""
    strings: set[str] = set()
    for path in (ROOT / "yifu" / "web" / "templates").rglob("*.html"):
        strings |= set(_of_template(path))
    for path in (ROOT / "yifu" / "web").rglob("*.py"):
        strings |= set(_of_python(path.read_text(encoding="utf-8")))
    return strings | set(_of_models())


def _of_template(path: Path) -> Iterator[str]:
    # templatize turns a template into text in which every string stands in a gettext call.
    from django.utils.translation.template import templatize  # noqa: PLC0415 - after the settings

    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for quoted in re.findall(r"gettext\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", source):
        yield ast.literal_eval(quoted)
    for quoted in re.findall(r"\b_\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\)", source):
        yield ast.literal_eval(quoted)


def _of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in CALLS and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def _of_models() -> Iterator[str]:
    from yifu.web.labels import SHOWN  # noqa: PLC0415 - after the settings

    for choices in SHOWN:
        yield from (str(label) for _, label in choices.choices)


def missing(entries: list[Entry]) -> list[str]:
    """List the strings without a complete translation."""
    done = {key for entry in entries if entry.complete for key in entry.ids}
    return sorted(text for text in wanted() if text not in done and CHINESE.search(text))


def main() -> int:
    """Compile, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifu.settings")
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    entries = read_po(CATALOGUE)
    compiled, target = compile_mo(entries), CATALOGUE.with_suffix(".mo")
    absent = missing(entries)
    for text in absent:
        print(f"no translation: {text!r}")
    if not asked.check:
        target.write_bytes(compiled)
    elif not target.exists() or target.read_bytes() != compiled:
        print(f"{target.relative_to(ROOT)} is not what its .po compiles to")
        return 1
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
