"""`yifu serve` and `yifu worker`: the two processes that an installation consists of."""

import asyncio
import gc
from typing import cast

import click
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from granian.constants import Interfaces
from granian.server import Server
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from yifu.commands import web
from yifu.commands.database import require_tables
from yifu.commands.processes import WORKER_READY
from yifu.commands.terminal import say


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option(
    "--threads",
    default=16,
    show_default=True,
    help="Threads of each process; most of them wait for the outside.",
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the pages and the API until a signal ends it."""
    require_tables()
    _plan_for_few_rows()
    web.load_everything()
    gc.collect()
    gc.freeze()
    Server(
        web.TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=2048,
        factory=True,
        websockets=False,
        log_access=False,
    ).serve()


def _plan_for_few_rows() -> None:
    """Have what servers ask look rows up by an index, whatever the tables' size was at first.

    Each touches a few rows and is planned once for a connection's life, perhaps while the tables
    are still empty and reading them whole looks cheap. Connections made before are closed: they
    must not be shared by processes that part from each other.
    """
    connection.close()
    cast("DatabaseWrapper", connection).close_pool()
    options = connection.settings_dict["OPTIONS"]
    options["options"] += " -c enable_seqscan=off"


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs done at the same time.")
@click.option("--once", is_flag=True, help="End when no job is left.")
def worker(concurrency: int, *, once: bool) -> None:
    """Do the background jobs until a signal ends it."""
    require_tables()
    _plan_for_few_rows()
    asyncio.run(_work(concurrency, wait=not once))


async def _work(concurrency: int, *, wait: bool) -> None:
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    # A second app on the worker's own connections: what a job defers still goes through Django's,
    # so that it is enqueued in the transaction that makes it necessary, and not before.
    async with app.with_connector(connector).open_async() as working:
        say(WORKER_READY)
        await working.run_worker_async(
            concurrency=concurrency,
            wait=wait,
            delete_jobs="successful",
            # What has to come again in a second, comes in a second (`restoration.retry_seconds`).
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=5,
        )
