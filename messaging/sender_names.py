"""Whose name messages go out under: asked when a draft is written, when it is paid and when its messages leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import events
from accounts.models import Agency, EventKind, User
from messaging.models import Campaign, DefaultSender, SenderName

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

State = SenderName.State

# Why clients do not see the chosen name, by its state.
_WHY_NOT: dict[str, StrOrPromise] = {
    State.DRAFT: gettext_lazy("it has not been submitted yet"),
    State.SUBMITTED: gettext_lazy("it has not been authorised yet"),
    State.IN_REVIEW: gettext_lazy("it has not been authorised yet"),
    State.REJECTED: gettext_lazy("it was rejected"),
    State.REVOKED: gettext_lazy("it was revoked"),
}


@dataclass(frozen=True, slots=True)
class Sender:
    """`name` is what clients see; `wanted` is what the agency chose, if that is another one."""

    name: str
    wanted: SenderName | None = None
    is_replyable: bool = False

    @property
    def is_fallback(self) -> bool:
        """Whether clients will not see the chosen name, which the agency must be told before sending."""
        return self.wanted is not None and self.wanted.name != self.name

    @property
    def why_fallback(self) -> str:
        """Why they will not, for people; empty where they will."""
        return str(_WHY_NOT.get(self.wanted.state, "")) if self.wanted and self.is_fallback else ""


def sender_for(agency: Agency, chosen: SenderName | None = None) -> Sender:
    """How the agency's messages are signed: by the chosen name, else by its default one, if that may be used at all.

    What is not authorised is never sent: settings.DEFAULT_SENDER stands in for it.
    """
    return sender_of(agency, chosen or default_sender_name(agency))


def sender_of(agency: Agency, wanted: SenderName | None) -> Sender:
    """The same of the name that the agency wants, of which only the state may stand against it."""
    if wanted is None:
        return Sender(settings.DEFAULT_SENDER)
    is_own_or_shared = wanted.agency_id in (None, agency.pk)
    if is_own_or_shared and wanted.state == State.AUTHORISED:
        return Sender(wanted.name, wanted, wanted.is_replyable)
    return Sender(settings.DEFAULT_SENDER, wanted)


def sender_of_draft(campaign: Campaign) -> Sender:
    """How a draft would be signed if it were sent now: its name may have been authorised or revoked meanwhile."""
    if campaign.sender_name_id is None:
        return sender_for(campaign.agency)
    # Asked anew: whoever has the campaign may have read its name long before.
    chosen = SenderName.objects.filter(pk=campaign.sender_name_id).first()
    return sender_for(campaign.agency, chosen)


class Signed(Protocol):
    """A campaign, or what a worker has read of one."""

    @property
    def agency_id(self) -> int: ...

    @property
    def sender(self) -> str: ...

    @property
    def sender_name_id(self) -> int | None: ...


def sender_of_paid(campaign: Signed) -> str:
    """The name that messages of a paid campaign leave under now.

    It is the one that was agreed to, unless it was revoked since: then settings.DEFAULT_SENDER. A name that was
    authorised since is not used: the agency was told of another one. Asked for each request, in the transaction that
    claims the messages (messaging/claiming.py), so that a revoked name leaves no more, however they were queued.
    """
    if campaign.sender_name_id is None or campaign.sender == settings.DEFAULT_SENDER:
        return str(settings.DEFAULT_SENDER)
    authorised = SenderName.objects.filter(
        Q(agency=None) | Q(agency=campaign.agency_id),
        pk=campaign.sender_name_id,
        name=campaign.sender,
        state=State.AUTHORISED,
    )
    return campaign.sender if authorised.exists() else str(settings.DEFAULT_SENDER)


def default_sender_name(agency: Agency) -> SenderName | None:
    """What the agency chose to sign with; None means settings.DEFAULT_SENDER."""
    own = DefaultSender.objects.filter(agency=agency).select_related("sender_name").first()
    return own.sender_name if own else None


def names_for(agency: Agency) -> QuerySet[SenderName]:
    """The names that the agency may choose: the shared ones on offer and its own, authorised or not, by name.

    Of its own not those that were turned down: they can be chosen again once they are submitted again.
    """
    shared = Q(agency=None, state=State.AUTHORISED)
    own = Q(agency=agency, state__in=[State.DRAFT, State.SUBMITTED, State.IN_REVIEW])
    return SenderName.objects.filter(
        shared | own | Q(agency=agency, state=State.AUTHORISED)
    ).order_by("name", "pk")


def choices_for(agency: Agency) -> list[tuple[int | None, str]]:
    """The names that the agency may choose, for a select: ids with what people read, which says if one waits."""
    return choices_of(names_for(agency))


def choices_of(names: Iterable[SenderName]) -> list[tuple[int | None, str]]:
    """The same of names that are known by now."""
    first: tuple[int | None, str] = (None, str(settings.DEFAULT_SENDER))
    return [first, *((name.pk, label_of(name)) for name in names)]


def label_of(name: SenderName) -> str:
    """A name as an entry of a select."""
    if name.state == State.AUTHORISED:
        return name.name
    return _("%(name)s (not authorised yet)") % {"name": name.name}


@transaction.atomic
def set_default(*, agency: Agency, sender_name: SenderName | None, changed_by: User) -> bool:
    """Choose what messages are signed with unless a template says otherwise; None for settings.DEFAULT_SENDER.

    False when nothing changed. The name must be of `names_for(agency)`.
    """
    if default_sender_name(agency) == sender_name:
        return False
    if sender_name is None:
        DefaultSender.objects.filter(agency=agency).delete()
    else:
        DefaultSender.objects.update_or_create(agency=agency, defaults={"sender_name": sender_name})
    name = sender_name.name if sender_name else settings.DEFAULT_SENDER
    events.record(EventKind.DEFAULT_SENDER_CHANGED, name, agency=agency, person=changed_by)
    return True
