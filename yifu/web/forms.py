"""Forms of the pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yifu.reconciliation.models import DifferenceState

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
