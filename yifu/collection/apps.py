"""What collection tells contexts below it: which notices about bills are out of date."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    """Registers with the sending of notices; patients do not know bills."""

    name = "yifu.collection"

    def ready(self) -> None:
        """Let notices that wait for their hour be dropped once their bill is paid."""
        from yifu.collection.reminding import outdated  # noqa: PLC0415 - models must be loaded first
        from yifu.patients.jobs import OUTDATED  # noqa: PLC0415 - as above

        if outdated not in OUTDATED:
            OUTDATED.append(outdated)
