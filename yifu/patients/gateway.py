"""The SMS provider: one message out, one receipt number in."""

import os
import threading
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import httpx

_lock = threading.Lock()
_client: httpx.Client | None = None


class NotDelivered(Exception):
    """No answer came, or the provider is down: ask again with the same `out_id`."""


class DeliveryRefused(Exception):
    """The provider will not send this message."""


@cache
def _templates() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("templates.toml").read_text(encoding="utf-8"))


def render(template: str, params: dict[str, Any], *, language: str = "zh") -> str:
    """Write a message's text; `KeyError` for an unknown template or a missing param."""
    return _templates()[template][language].format(**params)


def configured() -> bool:
    """Tell whether an SMS provider is set (`YIFU_SMS_URL`); without one notices wait."""
    return bool(os.environ.get("YIFU_SMS_URL"))


def _http() -> httpx.Client:
    global _client  # noqa: PLW0603 - one keep-alive client per process
    with _lock:
        if _client is None:
            _client = httpx.Client(timeout=5.0)
        return _client


def send(*, phone: str, template: str, params: dict[str, Any], out_id: str) -> str:
    """Send a message and give the provider's number for it.

    Raises `NotDelivered` (no answer: the same `out_id` may be sent again) and `DeliveryRefused`.
    """
    body = {
        "phone": phone,
        "template": template,
        "params": params,
        "text": render(template, params),
        "out_id": out_id,
    }
    try:
        answer = _http().post(os.environ["YIFU_SMS_URL"].rstrip("/") + "/send", json=body)
    except httpx.HTTPError as error:
        raise NotDelivered(str(error)) from error
    if answer.status_code >= 500:  # noqa: PLR2004 - HTTP's own number
        raise NotDelivered(f"status {answer.status_code}")
    if not answer.is_success:
        raise DeliveryRefused(answer.text[:200])
    try:
        return str(answer.json()["msg_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotDelivered("an answer without msg_id") from error
