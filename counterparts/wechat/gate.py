"""The gate that every request of API v3 passes.

Who asks is checked, then faults may strike, then the answer is signed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response
from starlette.routing import Route

from counterparts.frame import Fault
from counterparts.wechat import answers
from counterparts.wechat.errors import V3Error, param_error, sign_error, too_often
from counterparts.wechat.signing import check_request, read_authorization, read_public_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from starlette.requests import Request

    from counterparts.frame import Switchboard
    from counterparts.storage import Row
    from counterparts.wechat.signing import PlatformKey

    Work = Callable[["Call"], Response]

MATCH_KEYS = frozenset({"path", "out_trade_no", "out_refund_no", "contract_id"})
FAULTS = frozenset({Fault.REFUSE, Fault.GATEWAY_401, Fault.WRONG_SUM})


class V3Answer(Response):
    """An answer of API v3, to be signed. Without a body it is a 204."""

    def __init__(self, shown: Mapping[str, Any] | None = None, *, status: int = 200) -> None:
        content = b"" if shown is None else orjson.dumps(shown)
        super().__init__(content, status_code=204 if shown is None else status)
        if shown is not None:
            self.headers["content-type"] = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose sender is known."""

    merchant: Row
    path: str
    base_url: str
    body: Mapping[str, Any]
    parts: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def mchid(self) -> str:
        """Who asks."""
        return str(self.merchant["mchid"])

    @property
    def appid(self) -> str:
        """The application the merchant is bound to."""
        return str(self.merchant["appid"])

    def check_appid(self, appid: str) -> None:
        """Raise V3Error if a body names another application."""
        if appid != self.appid:
            raise V3Error(400, "APPID_MCHID_NOT_MATCH", "appid 与 mchid 不匹配")

    def keys(self) -> dict[str, str]:
        """Return what fault rules match."""
        named = {**self.body, **self.parts}
        found = {key: named[key] for key in MATCH_KEYS & named.keys() if named[key]}
        return {key: str(value) for key, value in found.items()} | {"path": self.path}


class Gate:
    """Makes routes of functions from :class:`Call` to answer."""

    def __init__(
        self, board: Switchboard, key: PlatformKey, merchant_of: Callable[[str], Row | None]
    ) -> None:
        self._board = board
        self._key = key
        self._merchant_of = merchant_of
        self._public_keys: dict[str, RSAPublicKey] = {}

    def route(self, method: str, path: str, work: Work) -> Route:
        """Return the route on which ``work`` answers."""

        async def endpoint(request: Request) -> Response:
            try:
                call = self._checked(request, await request.body())
            except V3Error as refused:
                return self._signed(_refusal(refused))
            response = await self._board.answer(
                call.keys(),
                _guarded(work, call),
                instead={
                    Fault.REFUSE: lambda: _refusal(too_often()),
                    Fault.GATEWAY_401: lambda: _refusal(sign_error("验签失败")),
                },
                spoil=_spoil,
            )
            return self._signed(response)

        return Route(path, endpoint, methods=[method])

    def _checked(self, request: Request, body: bytes) -> Call:
        authorization = read_authorization(request.headers.get("authorization", ""))
        merchant = self._merchant_of(authorization.mchid)
        if merchant is None or merchant["serial_no"] != authorization.serial_no:
            raise sign_error("商户号或证书序列号")
        url = request.scope["raw_path"].decode("latin-1")
        if request.url.query:
            url += "?" + request.url.query
        signed = (request.method, url, body)
        key = self._public_key(merchant["public_key_pem"])
        # Signatures are of this moment, whatever day is being simulated.
        check_request(authorization, key, signed=signed, now=int(time.time()))
        return Call(
            merchant=merchant,
            path=request.url.path,
            base_url=str(request.base_url).rstrip("/"),
            body=_json_object(body) if request.method == "POST" else {},
            parts=request.path_params,
            query=dict(request.query_params),
        )

    def _public_key(self, pem: str) -> RSAPublicKey:
        if pem not in self._public_keys:
            self._public_keys[pem] = read_public_key(pem)
        return self._public_keys[pem]

    def _signed(self, response: Response) -> Response:
        if isinstance(response, V3Answer):
            headers = self._key.headers(bytes(response.body), now=int(time.time()))
            response.headers.update(headers)
        return response


def _guarded(work: Work, call: Call) -> Callable[[], Any]:
    async def answered() -> Response:
        try:
            return work(call)
        except V3Error as refused:
            return _refusal(refused)

    return answered


def _refusal(refused: V3Error) -> V3Answer:
    return V3Answer(refused.body, status=refused.status)


def _spoil(response: Response) -> Response:
    shown = orjson.loads(response.body or b"{}")
    if response.status_code != HTTPStatus.OK or "amount" not in shown:
        return response
    return V3Answer(answers.spoiled(shown))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        shown = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise param_error("请求体不是 JSON") from error
    if not isinstance(shown, dict):
        raise param_error("请求体不是 JSON 对象")
    return shown
