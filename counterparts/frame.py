"""What every simulated counterpart shares: serving, its clock, its latency and its faults.

A counterpart is a process of its own, on loopback, with its own storage. Its ``__main__`` is::

    options = frame.parser("sms", "Catches text messages.").parse_args()
    board = frame.Switchboard("sms", match_keys={"phone"})
    frame.serve(frame.application(board, routes), options)

and a handler lets the switchboard decide what becomes of a request it has understood::

    async def send(request: Request) -> Response:
        message = orjson.loads(await request.body())
        return await board.answer({"phone": message["phone"]}, lambda: store(message))

The switchboard's own addresses (a simulator's controls, no part of any real interface):

``GET /_control/health``
    ``{"name": "sms", "now": "<RFC 3339>"}``.
``POST /_control/clock {"now": "<RFC 3339 with offset>" | null}``
    What the counterpart takes for now. Real time until it is set, and again after ``null``; a set
    clock stands still. Not kept over a restart.
``POST /_control/latency {"ms": n}``
    Delays every later answer by so much.
``POST /_control/faults {"rules": [{"match": {...}, "fault": "...", "times": 1, "seconds": 1.0}]}``
    Appends rules; ``GET`` lists them with ``left`` and ``fired``; ``DELETE`` clears them. A rule
    fires on requests that agree with all of ``match`` (an empty one: with every request) until
    ``times`` is used up (default 1; -1 never ends). Of several rules the oldest that can fire
    does. ``nth`` inside ``match`` lets the first n - 1 agreeing requests pass (those that an older
    rule took are not counted). ``rate`` (0 to 1, default 1) lets a rule befall only that share of
    the agreeing requests, drawn one by one from a generator that ``seed`` (default 0) starts: the
    same requests in the same order meet the same fate. Five in a hundred answers lost all day:
    ``{"match": {}, "fault": "drop_answer", "rate": 0.05, "seed": 7, "times": -1}``. What the
    faults do: see :class:`Fault`. A rule with an unknown key or fault is refused with 400 and none
    is added.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import socket
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

ENDLESS = -1
LONGEST_LATENCY_MS = 60_000
_BROKEN_OFF = "ASGI callable returned without completing response."


class Fault(StrEnum):
    """What can go wrong between two parties."""

    DROP_REQUEST = "drop_request"
    """Not processed; the connection breaks without a complete answer."""
    DROP_ANSWER = "drop_answer"
    """Processed; then the connection breaks without a complete answer."""
    DELAY = "delay"
    """Processed; answered after ``seconds``."""
    TWICE = "twice"
    """Processed twice, as when the network doubles it; the second answer is sent."""
    REFUSE = "refuse"
    """Not processed; a refusal in the counterpart's own words."""
    NONSENSE = "nonsense"
    """Not processed; HTTP 200 with an HTML page, as a proxy in between would send."""
    WRONG_SUM = "wrong_sum"
    """Processed; the amounts in the answer do not add up."""
    GATEWAY_401 = "gateway_401"
    """Not processed; the counterpart's gateway says the caller is not known."""
    GATEWAY_TIMEOUT = "gateway_timeout"
    """Processed; the gateway in between did not wait for the answer and says HTTP 504."""


ALWAYS = frozenset(
    {
        Fault.DROP_REQUEST,
        Fault.DROP_ANSWER,
        Fault.DELAY,
        Fault.TWICE,
        Fault.NONSENSE,
        Fault.GATEWAY_TIMEOUT,
    }
)
"""The faults that need nothing from the counterpart."""


class BadControl(ValueError):
    """A message to the switchboard that it cannot follow; answered with 400."""


@dataclass(slots=True)
class Rule:
    """One fault and the requests it befalls."""

    match: dict[str, str]
    fault: Fault
    left: int = 1
    seconds: float = 1.0
    nth: int = 1
    rate: float = 1.0
    seed: int = 0
    seen: int = 0
    fired: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - a fate that can be repeated

    def strikes(self, keys: Mapping[str, str]) -> bool:
        """Say whether the rule befalls this request, counting it if it agrees."""
        if self.left == 0 or any(keys.get(key) != value for key, value in self.match.items()):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.rate < 1 and self._chance.random() >= self.rate):
            return False
        self.fired += 1
        if self.left != ENDLESS:
            self.left -= 1
        return True

    def described(self) -> dict[str, Any]:
        """Return the rule as the switchboard lists it."""
        match = self.match | ({"nth": self.nth} if self.nth > 1 else {})
        chance = {"rate": self.rate, "seed": self.seed} if self.rate < 1 else {}
        return {
            **chance,
            "match": match,
            "fault": self.fault,
            "seconds": self.seconds,
            "left": self.left,
            "fired": self.fired,
        }


@dataclass(slots=True)
class Clock:
    """A counterpart's idea of now: real time unless it has been set."""

    _set_to: datetime | None = None

    def now(self) -> datetime:
        """Return now, aware of its offset."""
        return self._set_to if self._set_to is not None else datetime.now(UTC).astimezone()

    def set(self, now: datetime | None) -> None:
        """Stand still at ``now``, or follow real time again."""
        self._set_to = now


def json_answer(body: object, *, status: int = 200) -> Response:
    """Return ``body`` as a JSON response."""
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")


class BrokenAnswer(Response):
    """A response that promises a body and breaks off: the client sees that no answer came."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the head only; the server then closes the unfinished connection."""
        head = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": head})


def nonsense() -> Response:
    """Return what a confused proxy says: HTTP 200 and a page."""
    page = "<html><head><title>Error</title></head><body><h1>系统繁忙</h1></body></html>"
    return Response(page, media_type="text/html")


def gave_up() -> Response:
    """Return what a gateway says that did not wait for the answer."""
    page = "<html><head><title>504 Gateway Time-out</title></head><body></body></html>"
    return Response(page, status_code=504, media_type="text/html")


NO_ANSWERS: Mapping[Fault, Callable[[], Response]] = MappingProxyType({})


@dataclass(slots=True)
class Switchboard:
    """The controls of one counterpart.

    ``match_keys`` are the keys a fault rule may name; ``faults`` the ones this counterpart can
    produce besides :data:`ALWAYS`.
    """

    name: str
    match_keys: Collection[str] = ()
    faults: Collection[Fault] = ()
    clock: Clock = field(default_factory=Clock)
    rules: list[Rule] = field(default_factory=list)
    latency_seconds: float = 0.0

    async def answer(
        self,
        keys: Mapping[str, str],
        work: Callable[[], Awaitable[Response]],
        *,
        instead: Mapping[Fault, Callable[[], Response]] = NO_ANSWERS,
        spoil: Callable[[Response], Response] | None = None,
    ) -> Response:
        """Process a request by ``work``, unless a fault rule that agrees with ``keys`` meddles.

        ``instead`` gives the answers of the faults that keep the request from being processed
        (``refuse``, ``gateway_401``); ``spoil`` turns a true answer into a wrong sum.
        """
        if self.latency_seconds:
            await asyncio.sleep(self.latency_seconds)
        rule = self._struck(keys) if self.rules else None
        if rule is None:
            return await work()
        unprocessed = {Fault.DROP_REQUEST: BrokenAnswer, Fault.NONSENSE: nonsense, **instead}
        if rule.fault in unprocessed:
            return unprocessed[rule.fault]()
        response = await work()
        match rule.fault:
            case Fault.DROP_ANSWER:
                return BrokenAnswer()
            case Fault.DELAY:
                await asyncio.sleep(rule.seconds)
            case Fault.TWICE:
                response = await work()
            case Fault.GATEWAY_TIMEOUT:
                response = gave_up()
            case Fault.WRONG_SUM if spoil is not None:
                response = spoil(response)
            case _:
                raise BadControl(f"{self.name} cannot do {rule.fault} here")
        return response

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the switchboard itself."""
        return [
            Route("/_control/health", self._health),
            Route("/_control/clock", self._set_clock, methods=["POST"]),
            Route("/_control/latency", self._set_latency, methods=["POST"]),
            Route("/_control/faults", self._faults, methods=["GET", "POST", "DELETE"]),
        ]

    def _struck(self, keys: Mapping[str, str]) -> Rule | None:
        return next((rule for rule in self.rules if rule.strikes(keys)), None)

    async def _health(self, _request: Request) -> Response:
        return json_answer({"name": self.name, "now": self.clock.now().isoformat()})

    async def _set_clock(self, request: Request) -> Response:
        now = (await control_message(request)).get("now")
        self.clock.set(None if now is None else parse_instant(now))
        return json_answer({"now": self.clock.now().isoformat()})

    async def _set_latency(self, request: Request) -> Response:
        milliseconds = (await control_message(request)).get("ms")
        if not isinstance(milliseconds, int | float) or not 0 <= milliseconds <= LONGEST_LATENCY_MS:
            raise BadControl(f"ms: a number from 0 to {LONGEST_LATENCY_MS}")
        self.latency_seconds = milliseconds / 1000
        return json_answer({"ms": milliseconds})

    async def _faults(self, request: Request) -> Response:
        if request.method == "POST":
            rules = (await control_message(request)).get("rules")
            if not isinstance(rules, list):
                raise BadControl("rules: a list")
            self.rules.extend([self._rule(rule) for rule in rules])
        elif request.method == "DELETE":
            self.rules.clear()
        return json_answer({"rules": [rule.described() for rule in self.rules]})

    def _rule(self, described: object) -> Rule:
        if not isinstance(described, dict) or not isinstance(described.get("match", {}), dict):
            raise BadControl("a rule is an object and so is its match")
        match = {key: str(value) for key, value in described.get("match", {}).items()}
        possible = ALWAYS | set(self.faults)
        try:
            fault = Fault(described.get("fault", ""))
            nth = int(match.pop("nth", 1))
            times = int(described.get("times", 1))
            seconds = float(described.get("seconds", 1.0))
            rate, seed = float(described.get("rate", 1.0)), int(described.get("seed", 0))
        except (TypeError, ValueError) as error:
            raise BadControl(str(error)) from error
        if fault not in possible:
            raise BadControl(f"{self.name} has no fault {fault}; it has {sorted(possible)}")
        if unknown := match.keys() - set(self.match_keys):
            raise BadControl(
                f"match: no key {sorted(unknown)}; there are {sorted(self.match_keys)}"
            )
        if nth < 1 or times < ENDLESS or seconds < 0:
            raise BadControl("nth is at least 1, times at least -1, seconds at least 0")
        if not 0 <= rate <= 1:
            raise BadControl(f"rate: between 0 and 1, not {rate}")
        return Rule(
            match=match, fault=fault, left=times, seconds=seconds, nth=nth, rate=rate, seed=seed
        )


async def control_message(request: Request) -> dict[str, Any]:
    """Return the JSON object that a control request carries.

    Raises :class:`BadControl` if it carries none.
    """
    try:
        message = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise BadControl(f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise BadControl("a JSON object is wanted")
    return message


def parse_instant(text: object) -> datetime:
    """Return the instant that an RFC 3339 text with an offset names, or raise BadControl."""
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadControl(str(error)) from error
    if instant.tzinfo is None:
        raise BadControl(f"{text}: an offset is wanted")
    return instant


async def _refuse_control(_request: Request, error: Exception) -> Response:
    return json_answer({"message": str(error)}, status=400)


def application(
    board: Switchboard,
    routes: Sequence[BaseRoute],
    *,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Return the counterpart's application: its routes, then the switchboard's."""
    return Starlette(
        routes=[*routes, *board.routes()],
        exception_handlers={BadControl: _refuse_control},
        lifespan=lifespan,
    )


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """Return a command line parser with what every counterpart takes: --port and --data."""
    arguments = argparse.ArgumentParser(
        prog=f"python -m counterparts.{name}", description=description
    )
    arguments.add_argument("--port", type=int, required=True, help="0 takes a free one")
    arguments.add_argument("--data", type=Path, required=True, help="folder of its storage")
    return arguments


def serve(app: ASGIApp, options: argparse.Namespace) -> None:
    """Serve ``app`` on loopback until a signal ends the process.

    Once it listens it writes ``listening on http://127.0.0.1:<port>`` to standard output.
    """
    # A connection broken on purpose is no error worth a line in the log.
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.msg != _BROKEN_OFF)
    listener = socket.create_server(("127.0.0.1", options.port), backlog=2048)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # Longer than clients keep idle connections, so that none is closed under a request.
        timeout_keep_alive=300,
        timeout_graceful_shutdown=1,
    )
    # The backlog already takes connections: whoever reads this line may call at once.
    sys.stdout.write(f"listening on http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])
