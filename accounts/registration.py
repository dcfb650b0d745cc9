"""Registration of an agency with its first person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import registration_codes
from accounts.documents import AGREED_AT_REGISTRATION
from accounts.events import record
from accounts.models import Agency, Consent, EventKind, OutgoingMail, User
from accounts.one_time_passwords import queue_one_time_password
from accounts.origin import current_origin
from accounts.outbox import queue_mail
from accounts.roles import Role

# Whoever tries again and again must not fill the owners' mailboxes.
NOTICES_A_DAY = 3

_MAILS = "accounts.registration_mails"


class AlreadyRegistered(Exception):
    """An agency with this NIP or a person with this e-mail exists. Nothing was written."""


class CodeTaken(Exception):
    """Another agency has this registration code. Nothing was written."""


@dataclass(frozen=True, slots=True)
class AgencyData:
    """What the registration form asks for."""

    name: str
    nip: str  # ten digits, or empty for a natural person
    regon: str  # 9 or 14 digits, or empty
    street: str
    postal_code: str
    city: str
    registration_code: str  # of the program AGENT.m6, folded; empty: a new one is made
    person: str
    email: str  # in lower case
    phone: str
    language: str


def answer_registration(data: AgencyData) -> None:
    """Register the agency, or mail what to do instead to who is known already: only the mails differ.

    Raises CodeTaken.
    """
    try:
        register_agency(data)
    except AlreadyRegistered:
        _mail_instead(data)


@transaction.atomic
def register_agency(data: AgencyData) -> Agency:
    """Create the agency and its owner with what they agreed to, and mail the one-time password.

    Raises AlreadyRegistered for a taken NIP or e-mail, CodeTaken for a taken code.
    """
    agency, owner = _agency(data), _owner(data)
    try:
        with transaction.atomic():
            agency.save()
            owner.agency = agency
            owner.save()
    except IntegrityError as error:
        raise _what_is_taken(data, error) from error
    _write_consents(agency, owner)
    record(EventKind.AGENCY_REGISTERED, agency.name, agency=agency, person=owner)
    queue_one_time_password(owner)
    return agency


def new_registration_code() -> str:
    """A code that no agency has, folded."""
    while True:
        code = registration_codes.generate()
        if not is_code_taken(code):
            return code


def is_code_taken(code: str) -> bool:
    """Whether an agency has this folded code."""
    return Agency.objects.filter(registration_code=code).exists()


def _agency(data: AgencyData) -> Agency:
    return Agency(
        name=data.name,
        nip=data.nip,
        regon=data.regon,
        street=data.street,
        postal_code=data.postal_code,
        city=data.city,
        email=data.email,
        phone=data.phone,
        language=data.language,
        registration_code=data.registration_code or new_registration_code(),
    )


def _owner(data: AgencyData) -> User:
    owner = User(email=data.email, full_name=data.person, role=Role.OWNER)
    # Nobody can log in until the outbox has mailed the one-time password.
    owner.set_unusable_password()
    return owner


def _write_consents(agency: Agency, owner: User) -> None:
    ip = current_origin().ip
    Consent.objects.bulk_create(
        Consent(
            agency=agency,
            person=owner,
            document=document.name,
            version=document.current,
            ip=ip,
        )
        for document in AGREED_AT_REGISTRATION
    )


def _what_is_taken(data: AgencyData, error: IntegrityError) -> Exception:
    """What a violated unique key means; the error itself if nothing of ours explains it."""
    if _person(data) is not None or _same_agency(data) is not None:
        return AlreadyRegistered()
    if data.registration_code and is_code_taken(data.registration_code):
        return CodeTaken()
    return error


def _person(data: AgencyData) -> User | None:
    return User.objects.filter(email__iexact=data.email).first()


def _same_agency(data: AgencyData) -> Agency | None:
    return Agency.objects.filter(nip=data.nip).first() if data.nip else None


@transaction.atomic
def _mail_instead(data: AgencyData) -> None:
    if person := _person(data):
        queue_mail(f"{_MAILS}.send_you_have_an_account", person.pk)
        return
    queue_mail(f"{_MAILS}.send_agency_is_registered", data.email, data.person, data.language)
    owners = User.objects.filter(agency__nip=data.nip, role=Role.OWNER, is_active=True)
    for owner in owners.order_by("pk"):
        _notify(owner, data)


def _notify(owner: User, data: AgencyData) -> None:
    function = f"{_MAILS}.send_somebody_tried"
    today = OutgoingMail.objects.filter(
        function=function,
        arguments__0=owner.pk,
        created_at__gt=timezone.now() - timedelta(days=1),
    )
    if today.count() < NOTICES_A_DAY:
        queue_mail(function, owner.pk, data.person, data.email)
