"""Guards in front of every request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from yifu.errors import BodyTooLarge
from yifu.problems import problem


class BodyLimit:
    """Refuse bodies over `YIFU_MAX_BODY_BYTES` before anybody reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 413 to a body that is too large, or whose announced length is no number."""
        limit = settings.YIFU_MAX_BODY_BYTES
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > limit:
            return _refusal(request, limit)
        return self.get_response(request)


def _refusal(request: HttpRequest, limit: int) -> HttpResponse:
    return problem(
        BodyTooLarge(limit_bytes=limit), language=request.headers.get("Accept-Language", "zh")
    )
