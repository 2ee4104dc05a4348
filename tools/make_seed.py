"""Make the seed catalogue: what the demonstration hospital charges, and what is published about it.

    python tools/make_seed.py [../shared/data] [--into DIR]

National codes, names and rules are real: the published drug codes, service items and rules of
`../shared/data`, and `seed/services.csv` with everyday services that no published rule names
(their codes are the nine digits of the national price specification, 全国医疗服务价格项目规范,
between `00` and `0000`). Prices, insurance classes, shares and caps are invented by
`seed/pricing.py`, the cases in `seed/cases.toml`. Two runs write the same bytes.
"""

import argparse
from collections import Counter
from pathlib import Path

from seed import cases, pricing, published, selection
from seed.tables import Row, read, text_of

HERE = Path(__file__).parent
ITEM_COLUMNS = (
    *("local_code", "national_code", "name", "kind", "unit", "price_fen"),
    *("charge_category", "insurer_class", "price_source"),
)
INSURER_COLUMNS = ("national_code", "class", "selfpay_prop", "price_cap_fen", "chrgitm_type")
_LOCAL_LETTERS = {"X": "XY", "Z": "ZCY", "0": "FW"}


def build(shared: Path) -> dict[str, str]:
    """Make every file's text, by its path from the project's root."""
    items = _items(shared)
    names = {item["national_code"]: item["name"] for item in items}
    diagnoses = {row["code"]: row["disease"] for row in read(shared / "icd10.csv")}
    price_list = text_of(ITEM_COLUMNS, ([item[name] for name in ITEM_COLUMNS] for item in items))
    return {
        "yifu/catalogue/seed/items.csv": price_list,
        "yifu/catalogue/seed/icd10.csv": text_of(("code", "name"), diagnoses.items()),
        "yifu/catalogue/seed/limits.csv": published.limits(shared, names),
        "yifu/catalogue/seed/duplicates.csv": published.duplicates(shared, names),
        "counterparts/insurer/data/catalogue.csv": _insurer_catalogue(items),
        "counterparts/hospital/data/items.csv": price_list,
        "counterparts/hospital/data/cases.csv": cases.cases(
            HERE / "seed" / "cases.toml",
            local_codes={item["name"]: item["local_code"] for item in items},
            departments=_departments(shared),
            diagnoses=diagnoses,
        ),
    }


def _items(shared: Path) -> list[Row]:
    """Make the price list, sorted by national code; local codes are numbered in that order."""
    limited = selection.reserved(read(shared / "drug_limits.csv"))
    rows = [
        *(_priced_drug(row, paid=row["name"] not in limited) for row in selection.drugs(shared)),
        *(_priced_service(row) for row in selection.services(shared)),
        *(_everyday_service(row) for row in read(HERE / "seed" / "services.csv")),
    ]
    rows.sort(key=lambda row: row["national_code"])
    repeated = [name for name, count in Counter(row["name"] for row in rows).items() if count > 1]
    if repeated:
        raise ValueError(f"names that stand for two items: {repeated}")
    counts: Counter[str] = Counter()
    for row in rows:
        letters = _LOCAL_LETTERS[row["national_code"][0]]
        counts[letters] += 1
        row["local_code"] = f"{letters}{counts[letters]:04d}"
    return rows


def _priced_drug(row: Row, *, paid: bool) -> Row:
    code, name = row["national_code"], row["name"]
    price_fen, unit = pricing.price(pricing.DRUG_BANDS, code=code, name=name)
    return row | _insured(code, name, "drug", paid=paid) | _price(price_fen, unit, "drug")


def _priced_service(row: Row) -> Row:
    code, name = row["national_code"], row["name"]
    price_fen, unit = pricing.price(pricing.SERVICE_BANDS, code=code, name=name)
    return row | _insured(code, name, "service", paid=True) | _price(price_fen, unit, "service")


def _everyday_service(row: Row) -> Row:
    code, name = row["national_code"], row["name"]
    return (
        {"national_code": code, "name": name, "charge_category": row["category"]}
        | _insured(code, name, "service", paid=True)
        | _price(int(row["price_fen"]), row["unit"], "service")
    )


def _insured(code: str, name: str, kind: str, *, paid: bool) -> Row:
    insurer_class, share = pricing.insurance(code=code, name=name, kind=kind, paid=paid)
    return {"insurer_class": insurer_class, "selfpay_prop": share}


def _price(price_fen: int, unit: str, kind: str) -> Row:
    return {"price_fen": str(price_fen), "unit": unit, "kind": kind, "price_source": "invented"}


def _insurer_catalogue(items: list[Row]) -> str:
    rows = []
    for item in items:
        cap_fen = pricing.price_cap(
            code=item["national_code"],
            price_fen=int(item["price_fen"]),
            insurer_class=item["insurer_class"],
        )
        rows.append(
            (
                item["national_code"],
                item["insurer_class"],
                item["selfpay_prop"],
                "" if cap_fen is None else cap_fen,
                item["charge_category"],
            )
        )
    return text_of(INSURER_COLUMNS, rows)


def _departments(shared: Path) -> dict[str, str]:
    """Name departments by code (`dept`); a speciality of Chinese medicine is called so."""
    found = {}
    for row in read(shared / "nhsa_codes.csv"):
        if row["table"] != "dept":
            continue
        code, short = row["code"], row["label"].removesuffix("专业")
        if code.startswith("A07.") and not short.startswith("小儿"):
            short = f"小儿{short}"
        if code.startswith("A50."):
            short = f"中医{short}"
        found[code] = short if short.endswith("科") else f"{short.removesuffix('学')}科"
    return found


def main() -> None:
    """Write the files and say how large they are."""
    parser = argparse.ArgumentParser(description="Make the seed catalogue.")
    parser.add_argument("shared", nargs="?", type=Path, default=HERE.parent.parent / "shared/data")
    parser.add_argument("--into", type=Path, default=HERE.parent, help="the project's root")
    options = parser.parse_args()
    for name, text in build(options.shared).items():
        target = options.into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {text.count(chr(10)) - 1} rows, {len(text.encode()):,} bytes")


if __name__ == "__main__":
    main()
