"""Registration of an agency with its first person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts import registration_codes
from accounts.jobs import enqueue
from accounts.models import Agency, User
from accounts.roles import Role

# Read off a mail and typed once: no letters or digits that look alike.
_PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"  # noqa: S105
_PASSWORD_LENGTH = 12


class AlreadyRegistered(Exception):
    """An agency with this NIP or a person with this e-mail exists. Nothing was written."""


@dataclass(frozen=True, slots=True)
class AgencyData:
    """What the registration form asks for."""

    name: str
    nip: str  # ten digits, or empty for a natural person
    street: str
    postal_code: str
    city: str
    person: str
    email: str
    phone: str
    language: str


@transaction.atomic
def register_agency(data: AgencyData) -> Agency:
    """Create the agency, its registration code and its owner, and mail the one-time password.

    Raises AlreadyRegistered for a taken NIP or e-mail.
    """
    agency = Agency(
        name=data.name,
        nip=data.nip,
        street=data.street,
        postal_code=data.postal_code,
        city=data.city,
        email=data.email.lower(),
        phone=data.phone,
        language=data.language,
        registration_code=new_registration_code(),
    )
    owner = User(email=data.email.lower(), full_name=data.person, role=Role.OWNER, agency=agency)
    # Nobody can log in until the mail job has set the one-time password.
    owner.set_unusable_password()
    try:
        with transaction.atomic():
            agency.save()
            owner.save()
    except IntegrityError as error:
        raise AlreadyRegistered from error
    enqueue("accounts.tasks.send_one_time_password", owner.pk)
    return agency


def new_registration_code() -> str:
    """A code that no agency has, folded."""
    while True:
        code = registration_codes.generate()
        if not Agency.objects.filter(registration_code=code).exists():
            return code


def new_password() -> str:
    """A random one-time password of 12 characters (about 69 bits)."""
    return "".join(secrets.choice(_PASSWORD_ALPHABET) for _ in range(_PASSWORD_LENGTH))
