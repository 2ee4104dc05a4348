"""Starts the simulated hospital and listens to what it tells."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click
import orjson

from yifu.commands.keys import Keys
from yifu.commands.processes import Child, Children
from yifu.commands.seeding import let_sign_in
from yifu.commands.site import Servers, Site
from yifu.commands.terminal import Advance

_POLL_S = 0.05
_STAGES = {"sign": "签约 sign", "earlier": "四天前 earlier", "day": "就诊 visits"}
_MODULE = "counterparts.hospital"


@dataclass(slots=True)
class Told:
    """What the hospital told: its summary, who the mother is, what was refused."""

    summary: dict[str, Any] = field(default_factory=dict)
    mother: dict[str, Any] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    restarts: int = 0


def arguments(site: Site, keys: Keys, *, run: int, what: Sequence[str]) -> list[str]:
    """Write the hospital's command line: what it plays, and whom it talks to."""
    outside = site.outside
    return [
        _MODULE,
        *what,
        *("--run", str(run), "--api", site.web, "--client-id", keys.client_id),
        *("--insurer", outside.insurer, "--channel", outside.wechat),
        *("--clock", outside.fiscal, "--clock", outside.sms),
        *("--clock", outside.credit, "--clock", outside.bank),
    ]


def play(
    family: Children,
    argv: Sequence[str],
    keys: Keys,
    *,
    servers: Servers | None,
    advance: Advance,
    meanwhile: Callable[[], None],
) -> Told:
    """Let the hospital play to its end; `meanwhile` is called again and again.

    A web of ours that dies on the way is started again, once. Raises `click.ClickException` when
    it dies again or the hospital does not come to its end.
    """
    os.environ["HOSPITAL_CLIENT_SECRET"] = keys.client_secret
    hospital = family.start("hospital", argv)
    told = Told()
    with hospital.log.open("rb") as log:
        for event in _events(hospital, log):
            if event is None:
                meanwhile()
                _keep_web_up(servers, told)
            else:
                _hear(event, told, advance)
    if hospital.process.returncode:
        raise click.ClickException(f"the hospital gave up:\n{hospital.log_tail()}")
    family.end("hospital")
    return told


def _events(hospital: Child, log: IO[bytes]) -> Iterator[dict[str, Any] | None]:
    """Give each event as it is told; None while there is nothing to hear."""
    rest = b""
    while True:
        ended = hospital.died
        chunk = log.read()
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"{"):
                yield orjson.loads(line)
        yield None
        if ended and not chunk:
            return
        time.sleep(_POLL_S)


def _hear(event: dict[str, Any], told: Told, advance: Advance) -> None:
    match event.pop("event"):
        case "stage":
            advance(_STAGES.get(event["stage"], event["stage"]), 0, event["of"])
        case "done":
            advance(_STAGES.get(event["stage"], event["stage"]), event["done"], event["of"])
        case "summary":
            told.summary = event
        case "mother":
            told.mother = event
            let_sign_in("mother", person_id=event["person_id"])
        case "refused":
            told.refused.append(event)


def _keep_web_up(servers: Servers | None, told: Told) -> None:
    if servers is None or not servers.web.died:
        return
    if told.restarts:
        raise click.ClickException(f"the web died again:\n{servers.web.log_tail()}")
    told.restarts += 1
    servers.restart_web()


def write_visits(visits: Sequence[dict[str, Any]], path: Path) -> None:
    """Write visits out of an export as the hospital's `replay` reads them."""
    with path.open("wb") as file:
        for visit in visits:
            file.write(orjson.dumps(visit, default=str) + b"\n")
