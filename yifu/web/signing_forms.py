"""Forms of signing up, of families and of the window. Amounts are typed in yuan, given in fen."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yifu.credit.schemes import Scheme
from yifu.enrolment.services import DebitAgreement
from yifu.money import MAX_FEN, to_fen
from yifu.patients.models import Funding
from yifu.web.labels import BANKS, CHANNELS, KINSHIPS, PROOFS
from yifu.web.signup import Chosen, Offer

REASON_MIN: Final = 5
REASON_MAX: Final = 500
_AGREEMENT = re.compile(r"[!-~]{1,64}")
_PRINTED = re.compile(r"[^\x00-\x1f\x7f]+")


def named(codes: Sequence[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give choices of codes; a code that nobody named stands for itself."""
    return [(code, gettext(names[code]) if code in names else code) for code in codes]


class YuanField(forms.DecimalField):
    """An amount in yuan with two decimals at most; gives fen."""

    def __init__(self, *, least_fen: int = 1, **more: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(
            min_value=Decimal(least_fen).scaleb(-2),
            max_value=Decimal(MAX_FEN).scaleb(-2),
            decimal_places=2,
            max_digits=14,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **more,
        )

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's own
        """Give fen, or None where nothing was typed; digits of other scripts are refused."""
        if isinstance(value, str) and not value.isascii():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        yuan = super().clean(value)
        return None if yuan is None else to_fen(yuan)


class FundingForm(forms.Form):
    """Whose money carries the personal part, and which account is debited."""

    funding = forms.ChoiceField(label=_("个人部分由什么支付"), widget=forms.RadioSelect)
    bank = forms.ChoiceField(label=_("银行"), required=False)
    channel = forms.ChoiceField(label=_("扣款账户"), required=False)
    contract_id = forms.CharField(label=_("扣款协议号"), required=False, max_length=64, strip=True)

    def __init__(self, data: Mapping[str, Any] | None, *, offer: Offer) -> None:
        super().__init__(data)
        self.offer = offer
        names = {kind.value: kind.label for kind in Funding}
        self._choose("funding", named(offer.fundings, names))
        self._choose("bank", named(offer.banks, BANKS))
        none = [("", gettext("暂不绑定"))]
        self._choose("channel", none + named(offer.channels, CHANNELS))
        if data is None and offer.fundings:
            self.initial["funding"] = offer.fundings[0]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def clean_contract_id(self) -> str:
        """Refuse what cannot be the number of an agreement."""
        number: str = self.cleaned_data["contract_id"]
        if number and not _AGREEMENT.fullmatch(number):
            raise forms.ValidationError(gettext("协议号只有字母、数字和符号，没有空格。"))
        return number

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: a channel and its number, a bank and its line."""
        values: dict[str, Any] = self.cleaned_data
        channel, number = values.get("channel", ""), values.get("contract_id", "")
        if channel and not number and "contract_id" not in self.errors:
            self.add_error("contract_id", gettext("请填写扣款协议号。"))
        if number and not channel and "channel" not in self.errors:
            self.add_error("channel", gettext("请选择协议是哪个账户的。"))
        if values.get("funding") == Funding.DEBIT and not channel and not self.offer.bound:
            self.add_error("channel", gettext("即时代扣需要绑定一个扣款账户。"))
        return values

    def chosen(self) -> Chosen:
        """Give what was chosen; the form is valid."""
        values = self.cleaned_data
        bank = values["bank"] if values["funding"] == Funding.BANK else ""
        debit = None
        if values["channel"]:
            debit = DebitAgreement(values["channel"], values["contract_id"])
        return Chosen(values["funding"], bank, debit)


class DependantForm(forms.Form):
    """A relative to pay for: who, how related, proved by what, up to how much."""

    kinship = forms.ChoiceField(label=_("亲属关系"), help_text=_("这个人是付款人的什么人"))
    name = forms.CharField(label=_("姓名"), max_length=50, strip=True)
    certificate_no = forms.CharField(
        label=_("身份证号"),
        min_length=18,
        max_length=18,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    proof = forms.ChoiceField(label=_("亲属关系证明"))
    proof_no = forms.CharField(label=_("证明编号"), max_length=60, strip=True)
    limit_fen = YuanField(
        label=_("最多可用（元）"),
        required=False,
        least_fen=0,
        help_text=_("不填：按方案的规定，没有规定时与付款人共用额度"),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, scheme: Scheme) -> None:
        super().__init__(data)
        proofs = scheme.signing.proofs
        taken = dict.fromkeys(proof for kinds in proofs.values() for proof in kinds)
        for name, choices in (
            ("kinship", named(list(proofs), KINSHIPS)),
            ("proof", named(list(taken), PROOFS)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices

    def clean_proof_no(self) -> str:
        """Refuse what nobody can read."""
        return printed(self.cleaned_data["proof_no"])


class LimitForm(forms.Form):
    """A dependant's part of the line."""

    limit_fen = YuanField(label=_("最多可用（元）"), least_fen=0)


class DisputeForm(forms.Form):
    """Why an entry of the default list is wrong."""

    reason = forms.CharField(
        label=_("为什么不对"),
        min_length=REASON_MIN,
        max_length=REASON_MAX,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_reason(self) -> str:
        """Refuse what nobody can read."""
        text: str = self.cleaned_data["reason"]
        return "\n".join(printed(line) for line in text.splitlines() if line.strip())


class PartForm(forms.Form):
    """How much of a bill is paid now; nothing typed: all of it."""

    part_fen = YuanField(label=_("付多少（元）"), required=False)


class SearchForm(forms.Form):
    """Who stands at the window: by care code, identity number, or name and telephone."""

    number = forms.CharField(label=_("诊疗码或身份证号"), required=False, max_length=30, strip=True)
    name = forms.CharField(label=_("姓名"), required=False, max_length=50, strip=True)
    phone = forms.CharField(label=_("手机号"), required=False, max_length=20, strip=True)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two ways."""
        values: dict[str, Any] = self.cleaned_data
        if not values.get("number") and not (values.get("name") and values.get("phone")):
            raise forms.ValidationError(gettext("请输入诊疗码或身份证号，或者姓名和手机号。"))
        return values


class CashForm(forms.Form):
    """Cash on the desk for a bill; who brings it, when it is somebody else."""

    amount_fen = YuanField(label=_("收现金（元）"))
    payer_code = forms.CharField(
        label=_("付款人诊疗码（代付时）"), required=False, max_length=30, strip=True
    )


def printed(text: str) -> str:
    """Give a text without control characters; raises `ValidationError`."""
    if not _PRINTED.fullmatch(text):
        raise forms.ValidationError(gettext("有不能显示的字符。"))
    return text
