"""Run the simulated hospital: ``python -m counterparts.hospital play …`` or ``… replay …``.

The client's secret may come by the environment variable ``HOSPITAL_CLIENT_SECRET``. The process
ends with 0 when it has played everything, and with 3 when the platform stopped answering.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from counterparts.hospital.day import Outside, Stage, plan_day, play
from counterparts.hospital.replay import replay
from counterparts.hospital.wire import UnansweredError

GAVE_UP = 3


def main() -> int:
    """Play what the arguments say and return the exit code."""
    options = _parser().parse_args()
    stage = Stage(
        outside=Outside(
            api=options.api,
            client_id=options.client_id,
            client_secret=options.client_secret,
            insurer=options.insurer,
            channel=options.channel,
            clocks=tuple(options.clock),
        ),
        lanes=options.lanes,
    )
    try:
        if options.what == "replay":
            replay(stage, options.file, run=options.run)
        else:
            plan = plan_day(
                seed=options.seed, run=options.run, visits=options.visits, on=options.date
            )
            play(
                stage,
                plan,
                on=options.date,
                waiting=options.waiting,
                staying=options.stays,
                one_code=options.one_code,
            )
    except UnansweredError as error:
        stage.teller.tell("unanswered", what=str(error))
        return GAVE_UP
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m counterparts.hospital", description="A hospital's day against the API."
    )
    kinds = parser.add_subparsers(dest="what", required=True)
    day = kinds.add_parser("play", help="a day drawn from a seed")
    day.add_argument("--visits", type=int, required=True)
    day.add_argument("--seed", type=int, required=True)
    day.add_argument("--date", type=date.fromisoformat, required=True)
    day.add_argument("--waiting", type=int, default=0, help="visits left for a doctor to finish")
    day.add_argument("--stays", type=int, default=0, help="patients who lie in hospital")
    day.add_argument("--one-code", type=int, default=0, help="visits settled by one code")
    file = kinds.add_parser("replay", help="visits out of a file of JSON lines")
    file.add_argument("--file", type=Path, required=True)
    for kind in (day, file):
        kind.add_argument("--run", type=int, required=True)
        kind.add_argument("--lanes", type=int, default=8)
        kind.add_argument("--api", required=True)
        kind.add_argument("--client-id", required=True)
        kind.add_argument("--client-secret", default=os.environ.get("HOSPITAL_CLIENT_SECRET", ""))
        kind.add_argument("--insurer", required=True)
        kind.add_argument("--channel", required=True)
        kind.add_argument("--clock", action="append", default=[], metavar="URL")
    return parser


if __name__ == "__main__":
    sys.exit(main())
