"""A counterpart that answers files of debits in a folder: `python -m bench.night_counterpart DIR`.

Every so many agreements have too little money. Knows the format, and nothing of the platform.
"""

import hashlib
import sys
import time
from pathlib import Path

REFUSED_EVERY = 40
DAY = "2026-03-03"
_IDLE_S = 0.01


def answer(content: bytes) -> bytes:
    """Turn a file of debits into its result."""
    header, *lines = content.decode().splitlines()
    number = header.split("\t")[0]
    taken, told = 0, []
    for line in lines:
        trade, agreement, fen = line.split("\t")
        if int(agreement) % REFUSED_EVERY == 0:
            told.append(f"{trade}\tNOT_ENOUGH\t{fen}\t\t{DAY}\n")
        else:
            taken += int(fen)
            told.append(f"{trade}\tSUCCESS\t{fen}\tT{trade}\t{DAY}\n")
    rows = "".join(told).encode()
    digest = hashlib.sha256(rows).hexdigest()
    return f"{number}\t{len(lines)}\t{taken}\t{digest}\n".encode() + rows


def main(folder: Path) -> None:
    """Answer files until somebody ends the process."""
    while True:
        waiting = [
            path
            for path in sorted(folder.glob("*.debit"))
            if not path.with_suffix(".result").exists()
        ]
        for path in waiting:
            part = path.with_suffix(".answering")
            part.write_bytes(answer(path.read_bytes()))
            part.rename(path.with_suffix(".result"))
        time.sleep(_IDLE_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
