"""Filters of the pages: money, masked names, labels in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from yifu.money import display, to_yuan
from yifu.patients.models import Person
from yifu.patients.rules import mask_name, mask_phone
from yifu.reconciliation.rules import Hint
from yifu.secrets import decrypt
from yifu.web.access import language
from yifu.web.labels import CHANNELS, COUNTED, KINSHIPS, KINSHIPS_BACK

register = template.Library()

_CENT = Decimal("0.01")


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
