"""Texts as they were shown, and who agreed to which of them (P1.2)."""

import hashlib
from datetime import datetime

from yifu import clock
from yifu.credit.schemes import Scheme
from yifu.enrolment.errors import ActedByMissing, ChannelNotAllowed, ShownLater
from yifu.patients.errors import ConsentVersionUnknown
from yifu.patients.models import Consent, ConsentText, Contract
from yifu.patients.services import Agreement


def check(agreement: Agreement, *, scheme: Scheme, now: datetime) -> None:
    """Raise what is wrong with an agreement: version, channel, times, who acted.

    `ConsentVersionUnknown` also for a version that is not in force yet; an older one may still be
    agreed to. `ChannelNotAllowed`, `ShownLater`, `ActedByMissing` (at the window).
    """
    if scheme.consent_text(agreement.text_version, on=clock.business_date(now)) is None:
        raise ConsentVersionUnknown
    if agreement.channel not in scheme.signing.channels:
        raise ChannelNotAllowed(channel=agreement.channel)
    if agreement.channel == "window" and not agreement.acted_by:
        raise ActedByMissing
    if agreement.shown_at is not None and agreement.shown_at > now:
        raise ShownLater


def record(
    agreement: Agreement, *, contract: Contract, person_id: int, scheme: Scheme, now: datetime
) -> Consent:
    """Keep who agreed to which text, and the text itself, in the caller's transaction.

    Raises what `check` raises.
    """
    check(agreement, scheme=scheme, now=now)
    return Consent.objects.create(
        contract=contract,
        person_id=person_id,
        text=_keep(scheme, agreement.text_version, now=now),
        language=agreement.language,
        shown_at=agreement.shown_at or now,
        agreed_at=now,
        channel=agreement.channel,
        acted_by=agreement.acted_by,
    )


def _keep(scheme: Scheme, version: str, *, now: datetime) -> ConsentText:
    """Keep a text once: a file whose words changed under the same version gives another row."""
    text = next(text for text in scheme.consent_texts if text.version == version)
    digest = hashlib.sha256(f"{text.zh}\0{text.en}".encode()).digest()
    kept, _ = ConsentText.objects.get_or_create(
        scheme=scheme.code,
        version=version,
        digest=digest,
        defaults={"zh": text.zh, "en": text.en, "created_at": now},
    )
    return kept
