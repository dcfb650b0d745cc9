"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.person_names import only_a_name
from accounts.visible_text import VisibleCharField


class NameForm(forms.Form):
    full_name = VisibleCharField(
        label=_("First and last name"), max_length=150, validators=[only_a_name]
    )


class EmailChangeForm(forms.Form):
    """The address to log in with from now on."""

    email = forms.EmailField(label=_("New e-mail"), max_length=254)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if email == self.user.email:
            raise ValidationError(_("This is your e-mail already."), code="email_same")
        return email


class JoinForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]
    """What an invited person gives: a name and a password."""

    full_name = VisibleCharField(
        label=_("First and last name"), max_length=150, validators=[only_a_name]
    )
    password1, password2 = SetPasswordMixin.create_password_fields()

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["full_name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        person = User(email=self.email, full_name=self.cleaned_data.get("full_name", ""))
        self.validate_password_for_user(person)
        return super().clean() or {}
