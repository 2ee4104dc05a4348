"""What each process of the server runs: the WSGI application, ending when the server ends."""

import gc

from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

from yifu.commands.processes import die_with_parent
from yifu.wsgi import application

TARGET = f"{__name__}:tied_application"
"""What the server is told to call in each of its processes."""


def load_everything() -> None:
    """Import all pages and the API, which otherwise the first request of each process would do."""
    _ = get_resolver().url_patterns


def tied_application() -> WSGIHandler:
    """Tie this process to the server that parted from it, and give the application.

    The server starts its processes out of our sight; killed without warning it would leave them
    behind, still holding the port.
    """
    die_with_parent()
    # A request makes many objects and few cycles: looking for cycles less often costs less.
    gc.set_threshold(50_000, 20, 20)
    return application
