"""Errors on the wire: application/problem+json (RFC 9457) with a stable `code`."""

from typing import Any

import orjson
from django.http import HttpResponse
from ninja import Schema

from yifu.errors import Unauthorised, YifuError

CONTENT_TYPE = "application/problem+json"


def problem_body(error: YifuError, *, language: str = "zh") -> dict[str, Any]:
    """Describe an error: type, title, status, code, detail in the asked language, and its facts."""
    return {
        "type": f"urn:yifu:problem:{error.code}",
        "title": error.en if language.startswith("en") else error.zh,
        "status": error.status,
        "code": error.code,
        "detail": error.detail(language),
        **{
            key: value
            for key, value in error.facts.items()
            if isinstance(value, str | list | dict) or _fits(value)
        },
    }


def _fits(value: object) -> bool:
    """JSON's readers have 64 bits; a larger number stands in `detail` only."""
    return isinstance(value, int) and -(2**63) <= value < 2**63


def problem(error: YifuError, *, language: str = "zh") -> HttpResponse:
    """Turn an error into an HTTP answer."""
    body = orjson.dumps(problem_body(error, language=language))
    response = HttpResponse(body, status=error.status, content_type=CONTENT_TYPE)
    if error.status == Unauthorised.status:
        response["WWW-Authenticate"] = 'Bearer realm="yifu"'
    return response


class Problem(Schema):
    """An error as RFC 9457 describes it; `code` is stable, facts about it follow."""

    type: str
    title: str
    status: int
    code: str
    detail: str


PROBLEMS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 413, 422, 502, 503}): Problem}
"""What every call may answer instead."""
