"""Signing up, as the pages need it: what is offered, what was shown, and the signing itself.

What a person has done so far stands in the session: which text was shown in which language and
when, and that it was agreed to. The number of a debit contract never does: it is sent with the
last step, which signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase

from yifu import clock
from yifu.credit import scoring, versions
from yifu.credit.models import CreditLine, CreditParty, Score
from yifu.credit.schemes import Scheme
from yifu.credit.schemes.scheme import ConsentText
from yifu.enrolment import rules
from yifu.enrolment import services as enrolment
from yifu.errors import YifuError
from yifu.patients.models import Contract, Funding, Person, Registration
from yifu.patients.services import NewContract
from yifu.payments import gateway
from yifu.payments.errors import ChannelUnknown
from yifu.payments.models import Binding, Channel
from yifu.payments.services import CASH
from yifu.web import terms

KEPT: Final = "signing"
_NO_BANKS: Final = ("credit_platform", "insurer")


class NotRegistered(YifuError):
    """Nobody signs before the first visit is registered somewhere (P1.3)."""

    code = "not_registered"
    status = 409
    zh = "还没有在任何医院登记，请先带身份证到一家医院登记"
    en = "You are not registered at any hospital yet: register at one first"


class TextNotAgreed(YifuError):
    """The text in force was not shown and agreed to, or another was."""

    code = "text_not_agreed"
    status = 409
    zh = "请先阅读并同意当前的授权文本"
    en = "Please read and agree to the current text first"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that was shown: which, in which language, when; and whether it was agreed to."""

    version: str
    language: str
    at: datetime
    agreed: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A consent text as it is shown, and what it means."""

    version: str
    body: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What may pay: fundings with their banks, channels to debit, contracts that are bound."""

    fundings: Sequence[str]
    banks: Sequence[str]
    channels: Sequence[str]
    bound: Sequence[Binding]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person chose to pay by."""

    funding: str
    bank: str
    debit: enrolment.DebitAgreement | None


def scheme_of(person: Person, *, now: datetime) -> Scheme:
    """Give the scheme in force where the person is insured."""
    return versions.at(person.area.scheme, now)


def is_adult(person: Person, scheme: Scheme, *, now: datetime) -> bool:
    """Tell whether somebody may sign; who may not is added by an adult (P2.1)."""
    day = clock.business_date(now)
    return rules.is_adult(person.birth_date, day, adult_age=scheme.signing.adult_age)


def text_of(scheme: Scheme, *, language: str, now: datetime) -> Text:
    """Give the text that is in force, in `zh` or `en`."""
    text: ConsentText = scheme.current_text(on=clock.business_date(now))
    body = (text.en if language == "en" else text.zh).strip()
    return Text(text.version, body, terms.sentences(scheme))


def show(session: SessionBase, slot: str, *, version: str, language: str, now: datetime) -> Shown:
    """Note that a text is shown; the first time in a language counts, agreeing comes after it."""
    known = shown(session, slot)
    if known is not None and (known.version, known.language) == (version, language):
        return known
    fresh = Shown(version, language, now, agreed=False)
    _keep(session, slot, fresh)
    return fresh


def shown(session: SessionBase, slot: str) -> Shown | None:
    """Give what was shown in a slot of the session; None: nothing yet."""
    row: dict[str, Any] | None = session.get(KEPT, {}).get(slot)
    if row is None:
        return None
    at = datetime.fromisoformat(row["at"])
    return Shown(row["version"], row["language"], at, agreed=row["agreed"])


def agree(session: SessionBase, slot: str, *, version: str) -> Shown:
    """Note that the text which was shown is agreed to. Raises `TextNotAgreed` for another one."""
    known = shown(session, slot)
    if known is None or known.version != version:
        raise TextNotAgreed
    agreed = Shown(known.version, known.language, known.at, agreed=True)
    _keep(session, slot, agreed)
    return agreed


def forget(session: SessionBase, slot: str) -> None:
    """Forget what was shown in a slot."""
    session.get(KEPT, {}).pop(slot, None)
    session.modified = True


def _keep(session: SessionBase, slot: str, what: Shown) -> None:
    row = {
        "version": what.version,
        "language": what.language,
        "at": what.at.isoformat(),
        "agreed": what.agreed,
    }
    session[KEPT] = {**session.get(KEPT, {}), slot: row}


def offer(person: Person, scheme: Scheme) -> Offer:
    """Tell what the scheme and the area let a person pay by; what nobody can speak to is left out.

    Immediate debits need a channel, a bank's line needs a bank.
    """
    parties = CreditParty.objects.filter(area_id=person.area_id).exclude(code__in=_NO_BANKS)
    banks = list(parties.order_by("code").values_list("code", flat=True))
    if not banks and scheme.lender != terms.PLATFORM:
        banks = [scheme.lender]
    channels = _channels(person)
    possible = {
        Funding.PLATFORM: True,
        Funding.BANK: bool(banks),
        Funding.DEBIT: bool(channels),
    }
    bound = Binding.objects.filter(person=person, active=True).select_related("channel")
    return Offer(
        fundings=[kind for kind in scheme.signing.funding if possible[Funding(kind)]],
        banks=banks,
        channels=channels,
        bound=list(bound.order_by("pk")),
    )


def _channels(person: Person) -> list[str]:
    """Name an area's channels that can be debited."""
    usable = []
    for channel in Channel.objects.filter(area_id=person.area_id).exclude(code=CASH).order_by("pk"):
        try:
            gateway.adapter(channel)
        except ChannelUnknown:
            continue
        usable.append(channel.code)
    return usable


def live_contract(person: Person) -> Contract | None:
    """Give the contract a person has signed and not closed."""
    found = Contract.objects.filter(person=person, closed_at__isnull=True)
    return found.select_related("institution").first()


def sign(
    person: Person,
    chosen: Chosen,
    consent: Shown,
    *,
    channel: str,
    institution_id: int,
    acted_by: str = "",
    now: datetime,
) -> Contract:
    """Sign, and ask the credit platform or the bank at once; outside any transaction (P1.2).

    Raises `TextNotAgreed` and what `enrolment.enrol` raises; then nothing has changed.
    """
    scheme = scheme_of(person, now=now)
    current = scheme.current_text(on=clock.business_date(now))
    if not consent.agreed or consent.version != current.version:
        raise TextNotAgreed
    asked = NewContract(
        person_id=person.pk,
        scheme=scheme.code,
        funding=chosen.funding,
        bank=chosen.bank,
        consent_text_version=consent.version,
        consent_channel=channel,
        language=consent.language,
        shown_at=consent.at,
        acted_by=acted_by,
    )
    enrolled = enrolment.enrol(
        asked, [], chosen.debit, area=person.area_id, institution_id=institution_id, now=now
    )
    enrolment.follow_up(enrolled, now=now)
    return enrolled.contract


def home_institution(person: Person) -> int:
    """Give where a person was registered last: a contract signed on the phone is that hospital's.

    Raises `NotRegistered`.
    """
    last = Registration.objects.filter(person=person).order_by("-registered_at", "-pk").first()
    if last is None:
        raise NotRegistered
    return last.institution_id


def is_waiting(contract: Contract, *, now: datetime) -> bool:
    """Tell whether the credit platform or the bank has not answered about a contract yet."""
    line = CreditLine.objects.select_related("bank_line").filter(contract=contract).first()
    if line is None:
        return False
    bank = getattr(line, "bank_line", None)
    if bank is not None:
        return bank.state in {"opening", "unknown"}
    scheme = versions.at(contract.scheme, now)
    answered = Score.objects.filter(person_id=contract.person_id, asked_at__gte=contract.signed_at)
    return scoring.wanted(contract, scheme=scheme) and not answered.exists()
