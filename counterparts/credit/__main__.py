"""Run the simulated credit platform: ``python -m counterparts.credit --port P --data DIR``."""

from __future__ import annotations

from counterparts import frame
from counterparts.credit.app import make_app


def main() -> None:
    """Serve until a signal ends the process."""
    options = frame.parser("credit", "Scores people and keeps the lists.").parse_args()
    frame.serve(make_app(options.data), options)


if __name__ == "__main__":
    main()
