"""An agency's own sender names: asked for, documented, submitted. The operator's answer: sender_name_reviews.py."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import closing, events
from accounts.documents import SENDER_STATEMENT
from accounts.models import Agency, EventKind, User
from messaging.document_files import Document
from messaging.lookalikes import Reach, looks_like
from messaging.models import SenderName, SenderNameFile
from messaging.reserved_names import reserved_name_like
from messaging.taken import Taken

State = SenderName.State

# What GSM networks and SMSAPI take as an alphanumeric sender (3GPP TS 23.040, 9.1.2.5: eleven characters).
SHORTEST, LONGEST = 3, 11
_ALLOWED = re.compile(r"[A-Za-z0-9.\- ]+")


class NameRefused(ValueError):
    """Nobody, or not this agency, can sign so. `message` is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class NotInYourHands(Exception):
    """The name is being looked into, or was decided. Nothing was written."""


def check_spelling(name: str) -> None:
    """Raise NameRefused for what no telephone shows as a sender."""
    if not SHORTEST <= len(name) <= LONGEST:
        raise NameRefused("length", _("A sender name has 3 to 11 characters."))
    if not _ALLOWED.fullmatch(name):
        raise NameRefused(
            "characters",
            _("Only letters without Polish accents, digits, dots, hyphens and spaces can be used."),
        )
    if not any(letter.isalpha() for letter in name):
        raise NameRefused(
            "no_letter", _("At least one letter is needed: digits alone are a number.")
        )
    if name != " ".join(name.split()):
        raise NameRefused("spaces", _("No space at the beginning or the end, and no two in a row."))


def check_looks(name: str, agency: Agency) -> None:
    """Raise NameRefused for a name that clients would take for somebody else's.

    A name that the operator permitted this agency is in order (SenderName.permitted_at).
    """
    if agency.sender_names.filter(name=name, permitted_at__isnull=False).exists():
        return
    if _is_like_a_shared_one(name):
        raise NameRefused(
            "shared", _("This is a shared name, or looks like one: choose it from the list.")
        )
    if reserved := reserved_name_like(name):
        raise NameRefused(
            "reserved",
            _(
                "Clients would take it for “%(word)s” (%(kind)s). If you have the right to this name, "
                "write to %(email)s: the operator can permit it."
            )
            % {
                "word": reserved.word,
                "kind": str(reserved.get_kind_display()).lower(),
                "email": settings.OPERATOR_EMAIL,
            },
        )


def _is_like_a_shared_one(name: str) -> bool:
    shared = SenderName.objects.filter(agency=None).values_list("name", flat=True)
    return any(looks_like(name, other, Reach.NAME) for other in (settings.DEFAULT_SENDER, *shared))


def draft_name(*, agency: Agency, name: str) -> SenderName:
    """Begin with a name that passed the checks. Raises Taken if the agency has it."""
    return _once(lambda: SenderName.objects.create(agency=agency, name=name))


def rename(*, sender_name_id: int, name: str) -> SenderName:
    """Change a name that is in the agency's hands. Raises NotInYourHands and Taken.

    What the operator permitted is permitted for that name alone.
    """
    return _once(lambda: _rename(sender_name_id, name))


def _rename(sender_name_id: int, name: str) -> SenderName:
    own = _lock_editable(sender_name_id)
    if own.name != name:
        own.name, own.permitted_by, own.permitted_at = name, None, None
        own.save(update_fields=["name", "permitted_by", "permitted_at"])
    return own


def _once(write: Callable[[], SenderName]) -> SenderName:
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        raise Taken("name", _("Your agency has this name already.")) from None


@transaction.atomic
def attach_file(*, sender_name_id: int, document: Document) -> None:
    """Keep the document that shows the right to the name, instead of an earlier one. Raises NotInYourHands."""
    own = _lock_editable(sender_name_id)
    SenderNameFile.objects.update_or_create(
        sender_name=own,
        defaults={
            "file_name": f"podpis-{own.pk}.{document.ending}",
            "content_type": document.content_type,
            "size": len(document.content),
            "content": document.content,
            "uploaded_at": timezone.now(),
        },
    )


@transaction.atomic
def submit(*, sender_name_id: int, submitted_by: User) -> bool:
    """Accept the statement for the name and hand it to the operator. False if it is in their hands already.

    The statement's wording, who accepted it and when are kept with the name; earlier ones are among the events. Raises
    AgencyClosed, and NameRefused for a name without a document or one that was reserved since it was written.
    """
    agency = closing.lock_open(Agency.objects.get(sender_names=sender_name_id).pk)
    own = SenderName.objects.select_for_update().get(pk=sender_name_id)
    if not own.can_be_changed:
        return False
    if not SenderNameFile.objects.filter(sender_name=own).exists():
        raise NameRefused("no_file", _("Add the document that shows your right to the name."))
    check_looks(own.name, agency)
    own.state = State.SUBMITTED
    own.reason = ""
    own.statement_version = SENDER_STATEMENT.current
    own.statement_accepted_by = submitted_by
    own.statement_accepted_at = own.submitted_at = timezone.now()
    own.reviewed_by = own.approved_at = own.decided_at = None
    own.save()
    subject = f"{own.name} · {own.statement_version}"
    events.record(EventKind.NAME_SUBMITTED, subject, agency=agency, person=submitted_by)
    return True


@transaction.atomic
def discard(*, sender_name_id: int) -> bool:
    """Throw a draft away. False for what was ever submitted: what was stated and decided stays on record."""
    own = SenderName.objects.select_for_update().filter(pk=sender_name_id).first()
    if own is None or own.state != State.DRAFT or own.submitted_at is not None:
        return False
    own.delete()
    return True


def _lock_editable(sender_name_id: int) -> SenderName:
    own = SenderName.objects.select_for_update().get(pk=sender_name_id)
    if not own.can_be_changed:
        raise NotInYourHands
    return own
