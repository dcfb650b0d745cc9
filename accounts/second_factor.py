"""The second factor: authenticator app, passkeys and recovery codes, kept by django-allauth's mfa."""

from __future__ import annotations

import base64
import hashlib

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Whether the person has an authenticator app or a passkey; recovery codes alone are none."""
    return bool(
        user.is_authenticated
        and Authenticator.objects.filter(user_id=user.pk, type__in=PROOFS).exists()
    )


def works_with_second_factor(request: HttpRequest) -> bool:
    """Whether the person logged in with a second factor, or has set one up since.

    Whoever loses theirs is logged out everywhere (accounts.helping, accounts.people), so the session's word is enough.
    """
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records) or has_second_factor(request.user)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not correct. Codes change every 30 seconds."),
        "cannot_delete_authenticator": _(
            "The operator's people need a second factor. Add another one first."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        """The QR code that an authenticator app reads."""
        return segno.make(url, error="m").svg_inline(
            border=4, dark="#000", light="#fff", svgclass="qr", omitsize=True
        )

    def encrypt(self, text: str) -> str:
        """Secrets do not lie in the database as they are: whoever gets a copy of it cannot make codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The operator's people keep at least one."""
        user: User = authenticator.user
        others = Authenticator.objects.filter(user=user, type__in=PROOFS).exclude(
            pk=authenticator.pk
        )
        return not user.is_operator or others.exists()


def _cipher() -> MultiFernet:
    """Encrypts with SECRET_KEY; reads also what SECRET_KEY_FALLBACKS encrypted."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    digest = hashlib.sha256(b"accounts.second_factor:" + key.encode()).digest()
    return base64.urlsafe_b64encode(digest)
