"""Guards in front of every request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve

from yifu.errors import BodyTooLarge, NotFound
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


class ApiAlone:
    """Take requests of the API straight to their view.

    What stands behind this is for pages: sessions, the form token, the language, messages. The API
    knows its callers by their tokens and speaks both languages, so it waits for none of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request of the API here; an address that it has not is a problem like others."""
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return problem(NotFound(what=request.path), language=_language(request))
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


def _refusal(request: HttpRequest, limit: int) -> HttpResponse:
    return problem(BodyTooLarge(limit_bytes=limit), language=_language(request))


def _language(request: HttpRequest) -> str:
    return request.headers.get("Accept-Language", "zh")
