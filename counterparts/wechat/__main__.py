"""Run the simulated debit channel: ``python -m counterparts.wechat --port P --data DIR``."""

from __future__ import annotations

from counterparts import frame
from counterparts.wechat.app import make_app


def main() -> None:
    """Serve until a signal ends the process."""
    options = frame.parser("wechat", "Debits without confirmation, WeChat Pay v3.").parse_args()
    frame.serve(make_app(options.data), options)


if __name__ == "__main__":
    main()
