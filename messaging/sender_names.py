"""Whose name messages go out under."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Agency
from messaging.models import DefaultSender, SenderName


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


def sender_for(agency: Agency, chosen: SenderName | None = None) -> Sender:
    """How the agency's messages are signed: by the chosen name, else by its default one, if that may be used at all.

    What is not authorised is never sent: settings.DEFAULT_SENDER stands in for it.
    """
    wanted = chosen or default_sender_name(agency)
    if wanted is None:
        return Sender(settings.DEFAULT_SENDER)
    is_own_or_shared = wanted.agency_id in (None, agency.pk)
    if is_own_or_shared and wanted.state == SenderName.State.AUTHORISED:
        return Sender(wanted.name, wanted, wanted.is_replyable)
    return Sender(settings.DEFAULT_SENDER, wanted)


def default_sender_name(agency: Agency) -> SenderName | None:
    """What the agency chose to sign with; None means settings.DEFAULT_SENDER."""
    own = DefaultSender.objects.filter(agency=agency).select_related("sender_name").first()
    return own.sender_name if own else None


def choices_for(agency: Agency) -> list[tuple[int, str]]:
    """The names that a template may be signed with, by id: the agency's own and the shared ones, authorised first."""
    usable = SenderName.objects.filter(
        Q(agency=agency) | Q(agency=None, state=SenderName.State.AUTHORISED)
    )
    states = SenderName.State
    left_out = (states.REJECTED, states.REVOKED)
    names = sorted(
        usable.exclude(state__in=left_out), key=lambda s: (s.state != states.AUTHORISED, s.name)
    )
    return [(name.pk, _choice_label(name)) for name in names]


def _choice_label(name: SenderName) -> str:
    if name.state == SenderName.State.AUTHORISED:
        return name.name
    return _("%(name)s – not authorised yet, clients see “%(fallback)s”") % {
        "name": name.name,
        "fallback": settings.DEFAULT_SENDER,
    }
