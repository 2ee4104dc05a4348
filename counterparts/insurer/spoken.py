"""Say how each transaction is answered here: ``python -m counterparts.insurer.spoken``.

Prints one JSON object, transaction to ``meaning`` or ``plausible``, for whoever writes a table of
it; nothing is served.
"""

import sys

import orjson

from counterparts.insurer.centre_door import NOTICES, PATHS
from counterparts.insurer.fields import names
from counterparts.insurer.service import ASKING, CHANGING, MEANT


def answered() -> dict[str, str]:
    """Return how each transaction of the interface is answered, by number."""
    meant = {*MEANT, *PATHS, *NOTICES}
    spoken = {*CHANGING, *ASKING, *meant}
    return {
        infno: "meaning" if infno in meant else "plausible" for infno in names() if infno in spoken
    }


if __name__ == "__main__":
    sys.stdout.write(orjson.dumps(answered()).decode() + "\n")
