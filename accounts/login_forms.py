"""The login form: e-mail or registration code, and the password."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail or registration code"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        )
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        """The e-mail to log in with. A code that nobody has goes on as it is, and fails like a wrong password."""
        login: str = self.cleaned_data["login"].strip()
        if "@" in login:
            return login
        owner = User.objects.owner_with_code(login)
        return owner.email if owner else login
