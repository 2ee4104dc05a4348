"""The forms of the insurance office's desk: one for each kind of filing."""

from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from yifu.insurance.filing_forms import (
    EMERGENCY_AWAY,
    FAMILY_DOCTOR,
    REGULAR_PLACE,
    RELOCATED,
    Chronic,
    FixedPlace,
    Form,
    Injury,
    Period,
    Transfer,
)
from yifu.insurance.models import FilingKind

_PRINTABLE = RegexValidator(r"^[!-~]+$", _("只能用字母、数字和符号"))
_ALPHANUMERIC = RegexValidator(r"^[0-9A-Za-z]+$", _("只能用字母和数字"))
_SIX_DIGITS = RegexValidator(r"^[0-9]{6}$", _("六位数字"))
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)


class _Day(forms.DateField):
    """A day of this century, picked from the browser's own calendar."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - Django's own keywords
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)

    def clean(self, value: object) -> date | None:
        """Refuse what no insurer means."""
        day: date | None = super().clean(value)
        if day is not None and not _FIRST <= day <= _LAST:
            raise forms.ValidationError(_("请填写本世纪的日期"))
        return day


class PeriodForm(forms.Form):
    """From when to when, both days included."""

    kind: ClassVar[FilingKind]

    begins_on = _Day(label=_("开始日期"))
    ends_on = _Day(label=_("结束日期（可不填）"), required=False)

    def period(self) -> Period:
        """Give the period of a valid form."""
        return Period(self.cleaned_data["begins_on"], self.cleaned_data["ends_on"])

    def form(self) -> Form:
        """Give what is filed by a valid form."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or {}
        begins_on, ends_on = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins_on and ends_on and ends_on < begins_on:
            self.add_error("ends_on", _("结束日期早于开始日期"))
        return cleaned


class ChronicForm(PeriodForm):
    """A chronic or special disease."""

    kind = FilingKind.CHRONIC

    disease_code = forms.CharField(label=_("病种编码"), max_length=20, validators=[_PRINTABLE])
    disease_name = forms.CharField(label=_("病种名称"), max_length=100)
    found_on = _Day(label=_("鉴定日期"))
    doctor_code = forms.CharField(label=_("医生编码"), max_length=30, validators=[_PRINTABLE])
    doctor_name = forms.CharField(label=_("医生姓名"), max_length=50)

    def form(self) -> Form:
        """Give what is filed."""
        names = ("disease_code", "disease_name", "found_on", "doctor_code", "doctor_name")
        return Chronic(**{name: self.cleaned_data[name] for name in names})


class TransferForm(PeriodForm):
    """A transfer to another hospital."""

    kind = FilingKind.TRANSFER

    diagnosis_code = forms.CharField(label=_("诊断编码"), max_length=20, validators=[_PRINTABLE])
    diagnosis_name = forms.CharField(label=_("诊断名称"), max_length=100)
    to_code = forms.CharField(label=_("转往医院编码"), max_length=12, validators=[_ALPHANUMERIC])
    to_name = forms.CharField(label=_("转往医院名称"), max_length=200)
    to_area = forms.CharField(label=_("就医地区划"), max_length=6, validators=[_SIX_DIGITS])
    refl_type = forms.ChoiceField(
        label=_("转院类型"),
        choices=[("1", _("市内转院")), ("2", _("转往省内异地")), ("3", _("转往省外异地"))],
    )
    on = _Day(label=_("转院日期"))
    reason = forms.CharField(label=_("转院原因"), max_length=100)
    opinion = forms.CharField(label=_("医院意见"), max_length=200)

    def form(self) -> Form:
        """Give what is filed."""
        names = set(self.cleaned_data) - {"begins_on", "ends_on"}
        return Transfer(**{name: self.cleaned_data[name] for name in names})


class FixedPlaceForm(PeriodForm):
    """A fixed place, or a contract with a general practitioner."""

    kind = FilingKind.FIXED_PLACE

    purpose = forms.ChoiceField(
        label=_("定点类型"),
        choices=[
            (FAMILY_DOCTOR, _("家庭医生签约")),
            (REGULAR_PLACE, _("就医定点")),
            (RELOCATED, _("异地安置")),
            (EMERGENCY_AWAY, _("异地急诊住院")),
        ],
    )
    rank = forms.IntegerField(label=_("定点排序号"), min_value=1, max_value=99, initial=1)
    place_code = forms.CharField(label=_("定点机构编码"), max_length=12, validators=[_ALPHANUMERIC])
    place_name = forms.CharField(label=_("定点机构名称"), max_length=200)
    note = forms.CharField(label=_("签约医生（可不填）"), max_length=50, required=False)

    def form(self) -> Form:
        """Give what is filed."""
        names = ("purpose", "rank", "place_code", "place_name", "note")
        return FixedPlace(**{name: self.cleaned_data[name] for name in names})


class InjuryForm(PeriodForm):
    """An accident."""

    kind = FilingKind.INJURY

    injured_on = _Day(label=_("受伤日期"))
    site = forms.CharField(label=_("受伤地点"), max_length=200)
    cause = forms.CharField(label=_("致伤原因"), max_length=200)
    payable = forms.BooleanField(label=_("已核实没有第三方责任"), required=False)

    def form(self) -> Form:
        """Give what is filed."""
        names = ("injured_on", "site", "cause", "payable")
        return Injury(**{name: self.cleaned_data[name] for name in names})


DESK: Final[dict[FilingKind, type[PeriodForm]]] = {
    form.kind: form for form in (ChronicForm, TransferForm, FixedPlaceForm, InjuryForm)
}
"""Which form files what, in the order in which they are offered."""


class WithdrawalForm(forms.Form):
    """Why a filing is withdrawn; the insurer is told."""

    reason = forms.CharField(label=_("撤销原因"), min_length=2, max_length=200)
