"""Forms of the page of people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.people import Limit, roles_of
from accounts.roles import Role


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, agency: Agency | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_of(agency)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        # An agency's: employee; the operator's: support.
        self.initial["role"] = Role.EMPLOYEE if agency else Role.SUPPORT

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(forms.Form):
    """A person's role, and an employee's monthly limit."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    limit_kind = forms.ChoiceField(
        label=_("Monthly limit of sending"),
        choices=[("none", _("No limit")), ("parts", _("SMS parts")), ("zloty", _("Złoty"))],
        required=False,
        help_text=_("Only for employees. A calendar month, counted when a campaign is confirmed."),
    )
    limit = forms.DecimalField(
        label=_("Limit"),
        min_value=Decimal(0),
        max_value=Decimal(10_000_000),
        decimal_places=2,
        required=False,
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = _initial(person)
        roles = roles_of(person.agency)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields["limit"].localize = True
        self.fields["limit"].widget.is_localized = True
        if person.agency is None:
            del self.fields["limit_kind"], self.fields["limit"]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, limit = cleaned.get("limit_kind") or "none", cleaned.get("limit")
        if kind != "none" and limit is None and "limit" not in self.errors:
            self.add_error("limit", ValidationError(_("Write the limit."), code="limit_missing"))
        if kind == "parts" and limit is not None and limit != int(limit):
            self.add_error(
                "limit",
                ValidationError(_("Write a whole number of SMS parts."), code="limit_not_whole"),
            )
        return cleaned

    def limit_given(self) -> Limit:
        """The limit that the cleaned form says; none for other roles than employee."""
        kind, limit = self.cleaned_data.get("limit_kind"), self.cleaned_data.get("limit")
        if self.cleaned_data["role"] != Role.EMPLOYEE or limit is None:
            return Limit()
        if kind == "parts":
            return Limit(parts=int(limit))
        return Limit(amount=int(limit * 100)) if kind == "zloty" else Limit()


def _initial(person: User) -> dict[str, Any]:
    if person.monthly_limit_parts is not None:
        return {"role": person.role, "limit_kind": "parts", "limit": person.monthly_limit_parts}
    if person.monthly_limit_amount is not None:
        amount = Decimal(person.monthly_limit_amount) / 100
        return {"role": person.role, "limit_kind": "zloty", "limit": amount}
    return {"role": person.role, "limit_kind": "none"}
