"""How people sign in: staff and patients are given their accounts; nobody makes one by himself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSelfSignup(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Close the sign-up page of allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Say no to everybody."""
        return False
