"""A bill that is paid completes the settlements that waited for it."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    """Connects the signal; collection does not know settlements."""

    name = "yifu.settlement"

    def ready(self) -> None:
        """Listen to paid bills."""
        from yifu.collection.signals import bills_paid  # noqa: PLC0415 - models must be loaded first
        from yifu.settlement.completing import complete_paid  # noqa: PLC0415

        bills_paid.connect(complete_paid, dispatch_uid="settlement.complete_paid")
