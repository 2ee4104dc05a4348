"""Run the insurer: ``python -m counterparts.insurer --port P --data DIR [--city hangzhou]``."""

from counterparts import frame
from counterparts.insurer.app import build
from counterparts.insurer.policies import cities


def main() -> None:
    """Serve until a signal ends the process."""
    parser = frame.parser("insurer", "The insurer, simulated.")
    parser.add_argument("--city", choices=cities(), default="hangzhou", help="whose benefits")
    parser.add_argument("--admdvs", default="990100", help="its pooling area (统筹区)")
    options = parser.parse_args()
    app = build(data=options.data, city=options.city, admdvs=options.admdvs)
    frame.serve(app, options)


if __name__ == "__main__":
    main()
