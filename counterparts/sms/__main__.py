"""Run the simulated text message provider: ``python -m counterparts.sms --port P --data DIR``."""

from __future__ import annotations

from counterparts import frame
from counterparts.sms.app import make_app


def main() -> None:
    """Serve until a signal ends the process."""
    options = frame.parser("sms", "Takes text messages and shows them.").parse_args()
    frame.serve(make_app(options.data), options)


if __name__ == "__main__":
    main()
