"""django-allauth's forms of the second factor, for telephones and in our words."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.security_events import second_factor_blocked

_LONGEST_NAME = 100


class _CodeInDigits(forms.Form):
    """Telephones show their keypad of digits; browsers put the cursor there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class _CodeThatWorksOnce(_CodeInDigits):
    """django-allauth remembers a used code for one period; with the tolerance it is valid for longer."""

    def clean_code(self) -> str:
        user: User = self.user  # type: ignore[attr-defined]
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == "too_many_login_attempts":
                second_factor_blocked(user)
            raise
        key = f"code-used:{user.pk}:{normalize_user_code(code)}"
        periods = 2 * app_settings.TOTP_TOLERANCE + 1
        if not cache.add(key, True, periods * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_CodeThatWorksOnce, AllauthAuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(_CodeThatWorksOnce, AllauthReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(_CodeInDigits, AllauthActivateTOTPForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(AllauthAddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].validators.append(MaxLengthValidator(_LONGEST_NAME))
        self.fields["name"].widget.attrs["maxlength"] = _LONGEST_NAME
        self.fields["passwordless"].label = _("Log in with it alone, without a password")
        self.fields["passwordless"].help_text = _(
            "The key then asks for a fingerprint, a face or a PIN each time."
        )
