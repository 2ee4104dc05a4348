"""A site: web, worker and, where the world is simulated, the counterparts around it.

One command at a time owns an installation's site; it writes where everything is into
`.yifu/site.json`, so that other commands find it. A command that needs the outside while no site
runs starts the counterparts for as long as it takes.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Self

from yifu import postgres
from yifu.commands.installation import KEYS
from yifu.commands.introductions import Outside, introduce
from yifu.commands.keys import Keys
from yifu.commands.processes import (
    WORKER_READY,
    Child,
    Children,
    answers_on,
    free_port,
    said_in_log,
    wait_until,
)
from yifu.commands.seeding import seed
from yifu.institutions.models import Institution
from yifu.insurance.regions.loading import NATIONAL

DEFAULT_PORT = 8000
COUNTERPARTS = ("insurer", "wechat", "fiscal", "sms", "batch", "credit", "bank")
_LISTENS = "listening on "
_NOTE = "site.json"
_PLACE = "place.json"
_WARM_UP_S = 60.0
_FIRST_PAGE = "/accounts/login/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which insurer the simulated world has: its benefits, and the region it speaks like.

    Kept in `.yifu/place.json`, so that a command that has to start the world again finds it as it
    was.
    """

    city: str = "hangzhou"
    region: str = NATIONAL

    @classmethod
    def kept(cls) -> Self:
        """Give the place of the last site, or the usual one."""
        try:
            return cls(**json.loads((postgres.HOME / _PLACE).read_text()))
        except (OSError, ValueError, TypeError):
            return cls()

    def keep(self) -> None:
        """Let commands that come later start the same world."""
        (postgres.HOME / _PLACE).write_text(json.dumps(asdict(self)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a running site is: the web's address, the outside, and the processes' numbers."""

    owner: int
    web: str
    outside: Outside
    web_pid: int
    worker_pid: int

    @classmethod
    def running(cls) -> Self | None:
        """Find the site that runs in this installation; None when there is none."""
        path = postgres.HOME / _NOTE
        try:
            note = json.loads(path.read_text())
            os.kill(note["owner"], 0)
            site = cls(**{**note, "outside": Outside(**note["outside"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None
        port = int(site.web.rpartition(":")[2])
        return site if answers_on(port, path=_FIRST_PAGE)() else None

    def write_down(self) -> None:
        """Let other commands find this site."""
        note = {
            "owner": self.owner,
            "web": self.web,
            "outside": self.outside.urls(),
            "web_pid": self.web_pid,
            "worker_pid": self.worker_pid,
        }
        (postgres.HOME / _NOTE).write_text(json.dumps(note, indent=1))


def forget() -> None:
    """No site runs any more."""
    (postgres.HOME / _NOTE).unlink(missing_ok=True)


def children() -> Children:
    """Give a place for children whose logs lie in `.yifu/log/`."""
    return Children(log_folder=postgres.HOME / "log", environment={"YIFU_SIMULATION": "1"})


def start_outside(family: Children, place: Place) -> Outside:
    """Start the counterparts and wait until all of them listen. Raises `ChildFailedError`."""
    started: dict[str, Child] = {}
    for name in COUNTERPARTS:
        data = postgres.HOME / "counterparts" / name
        data.mkdir(parents=True, exist_ok=True)
        argv = [f"counterparts.{name}", "--port", "0", "--data", str(data)]
        if name == "insurer":
            argv += ["--city", place.city]
        started[name] = family.start(name, argv)
    urls = {
        name: wait_until(child, said_in_log(child, _LISTENS)) for name, child in started.items()
    }
    return Outside(**urls)


@dataclass(slots=True)
class Servers:
    """Web and worker of a site, as children of this command."""

    family: Children
    port: int
    web: Child
    worker: Child

    def restart_web(self) -> None:
        """Start the web again on its port, after it has died."""
        self.family.end("web")
        self.web = _start_web(self.family, self.port)
        _warm(self.web)


def start_servers(family: Children, outside: Outside, *, port: int) -> Servers:
    """Start web and worker and wait until both are ready. Raises `ChildFailedError`."""
    family.environment = {**family.environment, "YIFU_SMS_URL": outside.sms}
    web = _start_web(family, port)
    worker = family.start("worker", ["yifu.cli", "worker"])
    _warm(web)
    wait_until(worker, said_in_log(worker, WORKER_READY))
    return Servers(family, port, web, worker)


def _start_web(family: Children, port: int) -> Child:
    return family.start("web", ["yifu.cli", "serve", "--port", str(port)])


def _warm(web: Child) -> None:
    """Wait until pages are answered: the first answer of a process takes longest."""
    wait_until(web, answers_on(int(web.argv[-1]), path=_FIRST_PAGE), within_s=_WARM_UP_S)


def prepare(outside: Outside, place: Place) -> tuple[Institution, Keys]:
    """Seed the installation and introduce it to the counterparts."""
    keys = Keys.load_or_make()
    hospital = seed(keys)
    introduce(outside, hospital, keys, region=place.region)
    return hospital, keys


@contextlib.contextmanager
def own_site(*, port: int = 0, place: Place | None = None) -> Iterator[tuple[Site, Servers]]:
    """Start everything a site consists of, and end it with the block."""
    chosen = place or Place.kept()
    chosen.keep()
    with children() as family:
        outside = start_outside(family, chosen)
        prepare(outside, chosen)
        servers = start_servers(family, outside, port=free_port(port))
        site = site_of(servers, outside)
        site.write_down()
        try:
            yield site, servers
        finally:
            forget()


def site_of(servers: Servers, outside: Outside) -> Site:
    """Describe a site that is up."""
    return Site(
        owner=os.getpid(),
        web=servers.web.said,
        outside=outside,
        web_pid=servers.web.process.pid,
        worker_pid=servers.worker.process.pid,
    )


@contextlib.contextmanager
def outside_world() -> Iterator[Outside | None]:
    """Make sure that the outside answers: the running site's, or one started for the block.

    None where the world outside is the real one: it is there by itself.
    """
    running = Site.running()
    if running is not None:
        yield running.outside
    elif not (postgres.HOME / KEYS).exists():
        yield None
    else:
        place = Place.kept()
        with children() as family:
            outside = start_outside(family, place)
            os.environ["YIFU_SMS_URL"] = outside.sms
            prepare(outside, place)
            yield outside
