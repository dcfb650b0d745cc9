"""What clients allow: the history and the two columns that tell its latest state. Nothing else writes them."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from messaging import contacts
from messaging.models import Contact, ContactConsent

Kind = ContactConsent.Kind


@transaction.atomic
def record_consent(
    *,
    contact: Contact,
    kind: ContactConsent.Kind,
    is_given: bool,
    source: str,
    recorded_by: User | None,
) -> ContactConsent:
    """Add a step to the client's history: who said yes or no to what, where that is known from, who wrote it down.

    Nobody recorded it where the client answered by SMS. Raises Contact.DoesNotExist.
    """
    own = contacts.lock(contact.pk)
    step = ContactConsent.objects.create(
        contact=own, kind=kind, is_given=is_given, source=source, recorded_by=recorded_by
    )
    if kind == Kind.MARKETING:
        own.marketing_consent_at = step.at if is_given else None
    else:
        own.opted_out_at = None if is_given else step.at
    own.save(update_fields=["marketing_consent_at", "opted_out_at"])
    return step
