"""Filters of the pages: money, masked names, labels in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from yifu.money import display, to_yuan
from yifu.patients import gateway
from yifu.patients.models import Notice, Person
from yifu.patients.rules import mask_name, mask_number, mask_phone
from yifu.reconciliation.rules import Hint
from yifu.secrets import decrypt
from yifu.web.access import language
from yifu.web.labels import (
    BAD_DEBT_KINDS,
    CHANNELS,
    COUNTED,
    KINSHIPS,
    KINSHIPS_BACK,
    PARTIES,
    PARTS,
    REASONS,
    RULES,
    TEMPLATES,
)

register = template.Library()

_CENT = Decimal("0.01")
SHORT_S = 10
A_MINUTE_S = 60


@register.filter
def money(amount_fen: int | None) -> str:
    """Write fen as `¥1,234.50`; a dash where there is no amount."""
    return "—" if amount_fen is None else display(amount_fen)


@register.filter
def yuan_price(price_fen: Decimal) -> str:
    """Write a unit price in yuan: two decimals, more only where the price has them."""
    yuan = price_fen.scaleb(-2)
    cents = yuan.quantize(_CENT)
    return f"¥{cents if cents == yuan else yuan.normalize():,f}"


@register.filter
def quantity(value: Decimal) -> str:
    """Write a quantity without the zeros behind its last figure."""
    return f"{value.normalize():,f}"


@register.filter
def yuan_input(amount_fen: int) -> str:
    """Write fen as a plain number of yuan, for fields and files."""
    return str(to_yuan(amount_fen))


@register.filter
def masked(name: str) -> str:
    """Hide a name but for its ends."""
    return mask_name(name)


@register.filter
def masked_phone(person: Person) -> str:
    """Show a person's own telephone number with its middle hidden."""
    return mask_phone(decrypt(person.phone_cipher))


@register.filter
def masked_certificate(person: Person) -> str:
    """Show an identity number but for its ends."""
    return mask_number(decrypt(person.certificate_cipher))


@register.filter
def notice_text(notice: Notice) -> str:
    """Write a message in the reader's language; one whose text is gone says so by its name."""
    try:
        return gateway.render(notice.template, notice.params, language=language())
    except KeyError:
        return str(notice.template)


@register.filter
def rule_name(code: str) -> str:
    """Say what a rule is about; a code that nobody named stands for itself."""
    return gettext(RULES[code]) if code in RULES else code


@register.filter
def name_for(person: Person, reader: Person) -> str:
    """Give a person's name in full to himself, masked to everybody else."""
    return person.name if person.pk == reader.pk else mask_name(person.name)


@register.filter
def label(text: str) -> str:
    """Translate a label that a model or a constant carries in Chinese."""
    return gettext(text) if text else ""


@register.filter
def channel_name(code: str) -> str:
    """Name a payment channel; a code that nobody named stands for itself."""
    return gettext(CHANNELS[code]) if code in CHANNELS else code


@register.filter
def counted_name(meaning: str) -> str:
    """Name what the insurer counts over a year."""
    return gettext(COUNTED[meaning])


@register.filter
def kinship_name(code: str) -> str:
    """Name what a dependant is to the principal."""
    return gettext(KINSHIPS.get(code, KINSHIPS["other"]))


@register.filter
def kinship_back(code: str) -> str:
    """Name what the principal is to such a dependant."""
    return gettext(KINSHIPS_BACK.get(code, KINSHIPS_BACK["other"]))


@register.filter
def in_language(message: Mapping[str, Any] | Hint) -> str:
    """Choose the Chinese or English sentence of a warning or a hint."""
    if isinstance(message, Hint):
        return message.en if language() == "en" else message.zh
    return str(message[f"message_{language()}"])


@register.filter
def share_of(part: int, whole: int) -> int:
    """Give a part in whole per cent, between 0 and 100, for the length of a bar."""
    return 0 if whole <= 0 else max(0, min(100, round(part * 100 / whole)))


@register.filter
def party_name(code: str) -> str:
    """Name who is told about a standing."""
    return gettext(PARTIES[code]) if code in PARTIES else code


@register.filter
def template_name(code: str) -> str:
    """Name a kind of message; one that nobody named stands for itself."""
    return gettext(TEMPLATES[code]) if code in TEMPLATES else code


@register.filter
def why(reason: str) -> str:
    """Say a stored reason such as `bill:12 overdue` in words; another text stands for itself."""
    subject, _space, fact = reason.partition(" ")
    kind, _colon, number = subject.partition(":")
    words = REASONS.get(f"{kind} {fact}")
    if words is not None and number.isdigit():
        return gettext(words) % {"number": number}
    return reason


@register.filter
def seconds(value: float | None) -> str:
    """Write how long something took: `0.42 s`, `12.3 s`, `6 min 05 s`; a dash for nothing."""
    if value is None:
        return "—"
    if value < SHORT_S:
        return gettext("%(seconds).2f 秒") % {"seconds": value}
    whole = round(value)
    if whole < A_MINUTE_S * 2:
        return gettext("%(seconds).1f 秒") % {"seconds": value}
    minutes, rest = divmod(whole, A_MINUTE_S)
    if minutes < A_MINUTE_S * 2:
        return gettext("%(minutes)d 分 %(seconds)02d 秒") % {"minutes": minutes, "seconds": rest}
    return gettext("%(hours).1f 小时") % {"hours": value / 3600}


@register.filter
def treasury(bearer: str, names: Mapping[str, str]) -> str:
    """Name who bears bad debt: a district's treasury, the city's, or else its code."""
    return names.get(bearer, bearer)


@register.filter
def part_name(part: str) -> str:
    """Name the part that a night's step is at: a channel, its results, or a kind of work."""
    channel, space, _results = part.partition(" ")
    if space:
        return gettext("%(channel)s 回盘") % {"channel": channel_name(channel)}
    return gettext(PARTS[part]) if part in PARTS else channel_name(part)


@register.simple_tag(takes_context=True)
def asked_with(context: Mapping[str, Any], **changes: str | int) -> str:
    """Give the page's own query with some parameters changed; an empty value takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value != "":
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def bad_debt_kind(kind: str) -> str:
    """Name a kind of movement of bad debt."""
    return gettext(BAD_DEBT_KINDS[kind]) if kind in BAD_DEBT_KINDS else kind
