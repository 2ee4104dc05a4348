"""Run the insurer: ``python -m counterparts.insurer --port P --data DIR [--city hangzhou]``."""

from counterparts import frame
from counterparts.insurer.app import build
from counterparts.insurer.policies import cities
from counterparts.insurer.schemes import DEFAULT, SCHEMES


def main() -> None:
    """Serve until a signal ends the process."""
    parser = frame.parser("insurer", "The insurer, simulated.")
    parser.add_argument("--city", choices=cities(), default="hangzhou", help="whose benefits")
    parser.add_argument("--admdvs", default="990100", help="its pooling area (统筹区)")
    parser.add_argument(
        "--scheme", choices=SCHEMES, default=DEFAULT, help="which gateway institutions come through"
    )
    options = parser.parse_args()
    app = build(data=options.data, city=options.city, admdvs=options.admdvs, scheme=options.scheme)
    frame.serve(app, options)


if __name__ == "__main__":
    main()
