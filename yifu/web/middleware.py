"""What all pages share: the switch gives their language, this server everything they load."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Pages load nothing from elsewhere and run no inline script: hospital networks have no CDN."""


class SwitchedLanguage(LocaleMiddleware):
    """Chinese first, English by the switch: a browser's own language does not decide.

    The computers of a hospital are set up by others, often in English; who reads is known only
    from the switch, kept in a cookie.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the cookie, or the first one."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        known = dict(settings.LANGUAGES)
        translation.activate(wanted if wanted in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class ContentPolicy:
    """Say to the browser that a page uses nothing but what this server sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the policy to pages; the API's own documentation page brings inline scripts."""
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path.startswith("/api/"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
