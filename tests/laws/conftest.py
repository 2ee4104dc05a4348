"""The hospital with its real insurer, as the settlement's tests have it."""

from tests.settlement.conftest import insurer, world

__all__ = ["insurer", "world"]
