"""Run the simulated batch bank: ``python -m counterparts.batch --port P --data DIR``."""

from __future__ import annotations

from counterparts import frame
from counterparts.batch.app import make_app


def main() -> None:
    """Serve until a signal ends the process."""
    options = frame.parser("batch", "Debits accounts by file.").parse_args()
    frame.serve(make_app(options.data), options)


if __name__ == "__main__":
    main()
