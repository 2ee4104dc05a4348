"""What must stand before a command can run: the database, the settings, Django itself."""

import os

from yifu import postgres

SETTINGS = "yifu.settings"
KEYS = "keys.json"
"""The file that a seeded demonstration has: the keys of its simulated world."""


def prepare(*, simulation: bool, database: bool) -> None:
    """Start the database if it is ours to start, and set Django up on it.

    `simulation` says that the world outside is a simulated one; an installation that was seeded as
    a demonstration stays one for every command. `database` is False when only a help text is
    wanted.
    """
    if simulation or (postgres.HOME / KEYS).exists():
        os.environ.setdefault("YIFU_SIMULATION", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if database:
        postgres.ensure()
    import django  # noqa: PLC0415 - it reads the settings, which name the database made above

    django.setup()
