"""Notifications to merchants: encrypted, signed, sent in the background, tried a few times."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import TYPE_CHECKING, Any

import httpx
import orjson
from starlette.responses import Response

from counterparts.frame import Fault
from counterparts.wechat.signing import encrypt_resource

if TYPE_CHECKING:
    from counterparts.frame import Switchboard
    from counterparts.wechat.signing import PlatformKey

PATH = "/notification"
_TRIES = 3
_PAUSE_SECONDS = 0.5
_TIMEOUT_SECONDS = 5.0
_DONE = frozenset({200, 204})


class Notifier:
    """Sends notifications. The real platform tries for a day; this one a few times in a row."""

    def __init__(self, board: Switchboard, key: PlatformKey) -> None:
        self._board = board
        self._key = key
        self._under_way: set[asyncio.Task[Response]] = set()
        self._client: httpx.AsyncClient | None = None

    def send(
        self,
        url: str,
        *,
        event: tuple[str, str],
        content: dict[str, Any],
        apiv3_key: str,
        created_at: str,
    ) -> None:
        """Begin to notify; ``event`` is its type and the kind of its resource."""
        event_type, kind = event
        body = orjson.dumps(
            {
                "id": str(uuid.uuid4()),
                "create_time": created_at,
                "event_type": event_type,
                "resource_type": "encrypt-resource",
                "summary": "通知",
                "resource": encrypt_resource(orjson.dumps(content), apiv3_key=apiv3_key, kind=kind),
            }
        )
        names = ("out_trade_no", "out_refund_no", "contract_id")
        keys = {"path": PATH} | {name: content[name] for name in names if name in content}
        task = asyncio.create_task(self._pass_the_board(keys, url, body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def _pass_the_board(self, keys: dict[str, str], url: str, body: bytes) -> Response:
        async def work() -> Response:
            await self._deliver(url, body)
            return Response()

        # Faults that make no sense for a notification lose it.
        lost = {Fault.REFUSE: Response, Fault.GATEWAY_401: Response, Fault.WRONG_SUM: Response}
        return await self._board.answer(keys, work, instead=lost)

    async def _deliver(self, url: str, body: bytes) -> None:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_PAUSE_SECONDS)
            signed = self._key.headers(body, now=int(time.time()))
            headers = {"Content-Type": "application/json; charset=utf-8", **signed}
            try:
                response = await self._client.post(url, content=body, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL):
                continue
            if response.status_code in _DONE:
                return
