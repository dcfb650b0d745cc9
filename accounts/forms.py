"""Forms of the accounts: they clean and normalise, and never write."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password of one's own that replaces the mailed one."""

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(
                _("Choose a password other than the one from the e-mail."), code="password_reused"
            )
        return password


class CorrectEmailForm(forms.Form):
    """The right address of somebody whose own was mistyped."""

    email = forms.EmailField(label=_("New e-mail"), max_length=254)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("Somebody has this e-mail already."), code="email_taken")
        return email
