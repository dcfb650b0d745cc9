"""Changing an agency's templates."""

from __future__ import annotations

from django.db import transaction

from accounts import events
from accounts.models import EventKind
from messaging.models import MessageTemplate


@transaction.atomic
def delete_template(template: MessageTemplate) -> None:
    """Remove a template; campaigns keep their copy of its text."""
    events.record(EventKind.TEMPLATE_DELETED, template.name, agency=template.agency)
    template.delete()
