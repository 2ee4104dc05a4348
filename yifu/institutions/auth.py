"""Who calls: an OAuth2 client-credentials token, its institution and its scopes."""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from ninja.security import HttpBearer

from yifu import clock
from yifu.errors import Forbidden, Unauthorised

_FIND = """
SELECT institution.id, institution.code, institution.area_id, token.scope, client.scopes,
       token.expires
FROM oauth2_provider_accesstoken token
JOIN institutions_apiclient client ON client.application_id = token.application_id
JOIN institutions_institution institution ON institution.id = client.institution_id
WHERE token.token_checksum = %s
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """The institution whose system asks, and what it may ask for."""

    institution_id: int
    institution_code: str
    area: str
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """Raise `Forbidden` without this scope."""
        if scope not in self.scopes:
            raise Forbidden(scope=scope)


class ClientToken(HttpBearer):
    """Checks the bearer token; one found good is trusted for a few seconds without asking."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, tuple[float, datetime, Caller]] = {}

    def authenticate(self, request: HttpRequest, token: str) -> Caller:  # noqa: ARG002 - ninja's signature
        """Find the caller of a token; raises `Unauthorised` for an unknown or expired one."""
        trusted_until, expires, caller = self._known.get(token, (0.0, None, None))
        # Tokens are about the real time, whatever a simulation says.
        if caller is not None and expires is not None and time.monotonic() < trusted_until:
            if expires > clock.now():
                return caller
            raise Unauthorised
        row = _find(token)
        if row is None or row[5] <= clock.now():
            self._known.pop(token, None)
            raise Unauthorised
        scopes = frozenset(row[3].split()) & frozenset(row[4].split())
        caller = Caller(row[0], row[1], row[2], scopes)
        if len(self._known) > 10_000:  # noqa: PLR2004 - a bound on memory, not a business rule
            self._known.clear()
        until = time.monotonic() + settings.YIFU_TRUSTED_TOKEN_SECONDS
        self._known[token] = (until, row[5], caller)
        return caller


def _find(token: str) -> tuple[Any, ...] | None:
    checksum = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [checksum])
        return cast("tuple[Any, ...] | None", cursor.fetchone())


def caller_of(request: HttpRequest) -> Caller:
    """Give the caller that the authenticator put on the request."""
    return cast("Caller", request.auth)  # type: ignore[attr-defined] # set by django-ninja


def allow(request: HttpRequest, scope: str) -> Caller:
    """Give the caller when it has the scope; raises `Forbidden`."""
    caller = caller_of(request)
    caller.require(scope)
    return caller
