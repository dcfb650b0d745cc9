"""What the statuses of messages mean, for whoever is asked about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from messaging.models import Message

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

State = Message.State

MEANINGS: dict[str, StrOrPromise] = {
    State.QUEUED: _("Waits to be handed to the gateway."),
    State.SENDING: _("Is being handed to the gateway."),
    State.UNCERTAIN: _("The gateway's answer was lost. It is asked again; nothing is sent twice."),
    State.SENT: _("The mobile operator has it. The delivery report has not come yet."),
    State.DELIVERED: _("The phone has confirmed it."),
    State.UNDELIVERED: _(
        "The mobile operator could not deliver it: phone off, out of reach or gone."
    ),
    State.EXPIRED: _("It was not delivered in time."),
    State.UNKNOWN: _("The mobile operator never told what became of it."),
    State.REJECTED: _("The gateway refused it. The money went back."),
    State.CANCELLED: _("It was stopped before it left. The money went back."),
}
