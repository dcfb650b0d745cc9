"""Forms of templates: they clean and normalise, and never write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.visible_text import VisibleCharField
from messaging.categories import Category
from messaging.composing import validate_body
from messaging.models import MessageTemplate, SenderName
from messaging.normalising import Tidied, tidy_typography
from messaging.phones import PhoneError, parse_mobile
from messaging.sender_names import choices_for, sender_for
from messaging.template_types import MARKETING_TYPES, TemplateType


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A message template. `tidied` tells which typographic characters of its text were replaced."""

    class Meta:
        model = MessageTemplate
        fields = ["type", "name", "category", "is_contractual", "sender_name", "body"]
        field_classes = {"name": VisibleCharField}
        widgets = {
            "category": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
        }
        help_texts = {
            "category": _(
                "Marketing goes only to clients who agreed to it (art. 398 of the Electronic"
                " Communications Law). Wishes and offers are always marketing."
            ),
            "is_contractual": _(
                "Goes also to clients who opted out of messages. Only for what the contract itself"
                " needs, such as an instalment that was not paid."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tidied: list[Tidied] = []
        agency = self.instance.agency
        self.fields["category"].choices = Category.choices  # type: ignore[attr-defined]
        # Without a choice it is what such messages are as a rule.
        self.fields["category"].required = False
        # Empty is the agency's default name here.
        choices = [(pk, label) for pk, label in choices_for(agency) if pk is not None]
        sender = forms.ModelChoiceField(
            SenderName.objects.filter(pk__in=[pk for pk, _label in choices]),
            required=False,
            label=_("Sender name"),
        )
        default = _("Default of the agency: %(name)s") % {"name": sender_for(agency).name}
        sender.choices = [("", default), *choices]
        self.fields["sender_name"] = sender

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = MessageTemplate.objects.filter(
            agency=self.instance.agency, name=name, archived_at=None
        )
        if self.instance.archived_at is None and same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have a template of this name already."), code="name_taken")
        return name

    def clean_body(self) -> str:
        body, self.tidied = tidy_typography(self.cleaned_data["body"])
        kind = TemplateType(self.cleaned_data.get("type", TemplateType.OWN))
        if problems := validate_body(body, kind):
            raise ValidationError([str(problem.message) for problem in problems])
        return body

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("type")
        if kind in MARKETING_TYPES:
            cleaned["category"] = Category.MARKETING
        elif not cleaned.get("category"):
            cleaned["category"] = Category.SERVICE
        if cleaned["category"] == Category.MARKETING:
            # The page hides the question then; a contract needs no advertising.
            cleaned["is_contractual"] = False
        return cleaned


class TestMessageForm(forms.Form):
    """Where a test message goes, and the cost that its sender was told."""

    test_phone = forms.CharField(label=_("Your mobile phone"), max_length=40)
    # Grosze.
    test_cost = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)

    # Not a test of this project's.
    __test__ = False

    def clean_test_phone(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["test_phone"])
        except PhoneError as error:
            raise ValidationError(error.message, code=error.code) from error
