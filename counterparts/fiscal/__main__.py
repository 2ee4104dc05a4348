"""Run the simulated fiscal platform: ``python -m counterparts.fiscal --port P --data DIR``."""

from __future__ import annotations

from counterparts import frame
from counterparts.fiscal.app import make_app


def main() -> None:
    """Serve until a signal ends the process."""
    options = frame.parser("fiscal", "Issues fiscal e-receipts.").parse_args()
    frame.serve(make_app(options.data), options)


if __name__ == "__main__":
    main()
