"""Run the simulated bank: ``python -m counterparts.bank --port P --data DIR``."""

from __future__ import annotations

from counterparts import frame
from counterparts.bank.app import make_app


def main() -> None:
    """Serve until a signal ends the process."""
    options = frame.parser("bank", "Opens lines for care and pays hospitals.").parse_args()
    frame.serve(make_app(options.data), options)


if __name__ == "__main__":
    main()
