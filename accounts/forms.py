"""Forms of the accounts: they clean and normalise, and never write."""

from __future__ import annotations

from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password of one's own that replaces the mailed one."""

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(
                _("Choose a password other than the one from the e-mail."), code="password_reused"
            )
        return password
