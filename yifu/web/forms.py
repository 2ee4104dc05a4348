"""Forms of the pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yifu.reconciliation.models import DifferenceState
from yifu.uploads.models import ListScope, UploadPolicy

NOTE_MAX = 300


class DecisionForm(forms.Form):
    """What became of a difference, and why."""

    state = forms.ChoiceField(
        label=_("处理结果"),
        choices=[
            (DifferenceState.EXPLAINED.value, _("已说明")),
            (DifferenceState.CORRECTED.value, _("已更正")),
        ],
    )
    note = forms.CharField(label=_("原因"), min_length=2, max_length=NOTE_MAX, strip=True)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg] # generic for mypy only
    """What the institution uploads, and who answers for its settlement lists."""

    lists = forms.ChoiceField(
        label=_("上传结算清单"),
        choices=[
            (ListScope.REQUIRED.value, _("住院与门诊慢特病")),
            (ListScope.ALL.value, _("全部结算")),
            (ListScope.NONE.value, _("不上传")),
        ],
    )

    class Meta:
        model = UploadPolicy
        fields = ["receipts", "lists", "self_paid", "filled_in_department", "filled_in_by"]
        labels = {
            "receipts": _("上传票据"),
            "self_paid": _("上传自费费用"),
            "filled_in_department": _("填报部门"),
            "filled_in_by": _("填报人"),
        }
