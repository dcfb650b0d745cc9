"""Looking at pages as their readers do."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.second_factor import has_second_factor

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105

_INVISIBLE = re.compile(r"<(script|svg|template)\b.*?</\1>|<[^>]*>", re.DOTALL)


def browser(person: User | None = None) -> Client:
    """A browser switched to English, logged in as the person, if one is given."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if person is not None:
        if person.is_operator:
            give_second_factor(person)
        client.force_login(person)
        prove(client, person)
    return client


def prove(client: Client, person: User) -> None:
    """As if the person had just given the password and the code of the second factor."""
    session = client.session
    proofs = [{"method": method, "at": time.time()} for method in ("password", "mfa")]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = proofs
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    session.save()


def forget_proof(client: Client) -> Client:
    """As if that had been hours ago: sensitive steps ask for it again."""
    session = client.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    return client


def give_second_factor(person: User, secret: str = TOTP_SECRET) -> None:
    """Set up an authenticator app with that secret, as the person would on the page."""
    if not has_second_factor(person):
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)


def text_of(response: Any) -> str:
    """The words of a page without markup, parted by single spaces."""
    return " ".join(unescape(_INVISIBLE.sub(" ", response.content.decode())).split())
