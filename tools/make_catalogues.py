"""Make the simulated insurer's own catalogues of codes and names from published lists.

    python tools/make_catalogues.py [../shared/data]

Only codes and names are taken; what the insurer pays of them is in `catalogue.csv`, and invented.
"""

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "counterparts" / "insurer" / "data"
LISTS = {
    "drugs.csv": ("drug_codes.csv", "drug_code", "generic_name"),
    "services.csv": ("service_items.csv", "service_code", "name"),
    "diagnoses.csv": ("icd10.csv", "code", "disease"),
}
"""Our file: the published list, its columns of code and name."""


def main(source: Path) -> None:
    """Write the files, sorted by code, and say how long they are."""
    for target, (name, code, label) in LISTS.items():
        with (source / name).open(encoding="utf-8-sig", newline="") as lines:
            named = {row[code]: " ".join(row[label].split()) for row in csv.DictReader(lines)}
        with (TARGET / target).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(("code", "name"))
            writer.writerows(sorted(named.items()))
        print(f"{target}: {len(named)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data"))
