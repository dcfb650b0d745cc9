"""The list of reserved words: what a name is compared with, and how staff change the list."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import EventKind, User
from messaging.lookalikes import Reach, looks_like
from messaging.models import ReservedName
from messaging.taken import Taken


def reserved_name_like(name: str) -> ReservedName | None:
    """The reserved word that clients would take the name for; of several the longest. None if there is none.

    Smishing is to impersonate another entity by SMS (art. 3 of the Ustawa o zwalczaniu nadużyć w komunikacji
    elektronicznej, Dz.U. 2023 poz. 1703): a name that reads like a brand is where it begins.
    """
    alike = [
        reserved
        for reserved in ReservedName.objects.all()
        if looks_like(name, reserved.word, Reach(reserved.reach))
    ]
    return max(alike, key=lambda reserved: (len(reserved.word), reserved.word), default=None)


def reserve_word(*, word: str, kind: str, reach: str, added_by: User) -> ReservedName:
    """Add a word to the list. Raises Taken if it is there."""
    try:
        with transaction.atomic():
            reserved = ReservedName.objects.create(
                word=word, kind=kind, reach=reach, added_by=added_by
            )
            events.record(EventKind.WORD_RESERVED, word, person=added_by)
    except IntegrityError:
        raise Taken("word", _("This word is in the list already.")) from None
    return reserved


@transaction.atomic
def free_word(*, reserved_id: int, freed_by: User) -> bool:
    """Take a word off the list. False if it is gone already."""
    reserved = ReservedName.objects.select_for_update().filter(pk=reserved_id).first()
    if reserved is None:
        return False
    reserved.delete()
    events.record(EventKind.WORD_FREED, reserved.word, person=freed_by)
    return True
