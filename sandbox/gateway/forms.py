"""What can be set on the Gateway page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sandbox.models import Faults, Panel, Provider, SenderName


class FaultsForm(forms.ModelForm):  # type: ignore[type-arg]
    """All faults at once: what is not given goes back to its default."""

    provider = forms.ChoiceField(
        label=_("Of which gateway"), choices=[("", _("Both")), *Provider.choices], required=False
    )
    delay_ms = forms.IntegerField(
        label=_("Delay of the answer (ms)"), min_value=0, max_value=120_000, initial=0
    )
    report_delay_s = forms.FloatField(
        label=_("Delivery takes (seconds)"), min_value=0, max_value=86_400, initial=2.0
    )
    remaining = forms.IntegerField(
        label=_("For how many requests"),
        min_value=1,
        required=False,
        help_text=_("Empty: until you change it."),
    )

    class Meta:
        model = Faults
        fields = [
            "mode",
            "provider",
            "error_code",
            "remaining",
            "delay_ms",
            "report_mode",
            "report_delay_s",
            "smtp_down",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mode") == Faults.Mode.ERROR_CODE and not cleaned.get("error_code"):
            self.add_error("error_code", _("Say which error code to answer, for example 103."))
        return cleaned


class PanelForm(forms.ModelForm):  # type: ignore[type-arg]
    """The customer's panel at the gateway."""

    callback_url = forms.URLField(
        label=_("Callback URL"),
        required=False,
        max_length=500,
        assume_scheme="http",
        help_text=_("Delivery reports go here. Empty: they wait."),
        error_messages={"invalid": _("Give a whole address, for example http://127.0.0.1:8000/…")},
    )

    serwersms_callback_url = forms.URLField(
        label=_("Callback URL of SerwerSMS"),
        required=False,
        max_length=500,
        assume_scheme="http",
        help_text=_("Its delivery reports go here. Empty: they wait."),
        error_messages={"invalid": _("Give a whole address, for example http://127.0.0.1:8000/…")},
    )

    replies_url = forms.URLField(
        label=_("URL for replies"),
        required=False,
        max_length=500,
        assume_scheme="http",
        help_text=_("What people answer on their phones goes here. Empty: it waits."),
        error_messages={"invalid": _("Give a whole address, for example http://127.0.0.1:8000/…")},
    )

    class Meta:
        model = Panel
        fields = ["callback_url", "serwersms_callback_url", "replies_url"]


class NetworksForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the mobile networks do with new sender names."""

    class Meta:
        model = Panel
        fields = ["activates_names"]


class StatusForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the networks say of one name."""

    class Meta:
        model = SenderName
        fields = ["status"]


class ReplyForm(forms.Form):
    """An answer typed on a phone."""

    text = forms.CharField(label=_("Answer"), max_length=500)
