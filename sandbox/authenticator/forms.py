"""Adding an account to the authenticator app."""

from __future__ import annotations

import binascii
from typing import Any

import pyotp
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sandbox.models import AuthenticatorAccount

# What phones' apps understand of a link; allauth's links ask for nothing else.
DIGITS, PERIOD, ALGORITHM = 6, 30, "sha1"


class AccountForm(forms.Form):
    """A secret as it is read off a page, or the link that its QR code holds."""

    secret = forms.CharField(
        label=_("Secret or otpauth:// link"),
        max_length=500,
        help_text=_("As the portal shows it when you switch the second factor on."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    label = forms.CharField(
        label=_("Name"), max_length=100, required=False, help_text=_("Empty: that of the link.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "secret" in cleaned:
            try:
                name, cleaned["secret"] = _name_and_secret(cleaned["secret"])
            except ValueError:
                self.add_error("secret", _not_a_secret())
            else:
                cleaned["label"] = cleaned.get("label") or name
        return cleaned

    def save(self) -> AuthenticatorAccount:
        """Keep the account of a valid form; a secret that is there already gets the new name."""
        account, _created = AuthenticatorAccount.objects.update_or_create(
            secret=self.cleaned_data["secret"], defaults={"label": self.cleaned_data["label"]}
        )
        return account


def _not_a_secret() -> ValidationError:
    return ValidationError(
        _("This is neither a secret (letters A-Z and digits 2-7) nor a link for 6-digit codes."),
        code="not_a_secret",
    )


def _name_and_secret(text: str) -> tuple[str, str]:
    """Read a secret, in any case and spacing, or a link. Raises ValueError."""
    if text.startswith("otpauth:"):
        return _read_link(text)
    secret = "".join(text.split()).replace("-", "").upper()
    _check(secret)
    return str(_("without a name")), secret


def _read_link(link: str) -> tuple[str, str]:
    otp = pyotp.parse_uri(link)
    if not isinstance(otp, pyotp.TOTP):
        raise ValueError("Only codes that change with time.")
    if (otp.digits, otp.interval, otp.digest().name) != (DIGITS, PERIOD, ALGORITHM):
        raise ValueError("Other codes than phones' apps show.")
    _check(otp.secret)
    return (otp.name or str(_("without a name")))[:100], otp.secret


def _check(secret: str) -> None:
    try:
        pyotp.TOTP(secret).now()
    except binascii.Error as error:
        raise ValueError("Not base32.") from error
