"""An agency's templates: those it starts with, their order, copies, and the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from enum import IntEnum

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Agency, EventKind
from messaging.models import MessageTemplate, StartedTemplates
from messaging.taken import Taken
from messaging.template_types import TemplateType

MAX_NAME = 80  # characters


class Direction(IntEnum):
    """Where a template moves in the list."""

    UP = -1
    DOWN = 1


class TemplateUsed(Exception):
    """Something was sent or drafted with the template: it can be archived, not deleted. Nothing was written."""


def templates_of(agency: Agency) -> QuerySet[MessageTemplate]:
    """All templates of the agency, in its order; whoever asks for the first time is given one of each type."""
    if not StartedTemplates.objects.filter(agency=agency).exists():
        give_first_templates(agency)
    return agency.templates.order_by("position", "id")


def numbers_of(agency: Agency) -> Counter[tuple[str, bool]]:
    """How many templates the agency has, by their type and by whether they are in the archive."""
    is_archived = ExpressionWrapper(Q(archived_at__isnull=False), BooleanField())
    rows = agency.templates.order_by().values_list("type", is_archived)
    return Counter({(kind, archived): n for kind, archived, n in rows.annotate(Count("pk"))})


def active_templates(agency: Agency) -> QuerySet[MessageTemplate]:
    """Those that may be sent with."""
    return templates_of(agency).filter(archived_at=None)


def give_first_templates(agency: Agency) -> None:
    """A template of each type, once in an agency's life, unless it has some; of two who ask at once one gives them."""
    try:
        with transaction.atomic():
            # The primary key makes whoever comes second wait, and fail.
            StartedTemplates.objects.create(agency=agency)
            if agency.templates.exists():
                return
            with translation.override(agency.language):
                MessageTemplate.objects.bulk_create(
                    _starter(agency, kind, number) for number, kind in enumerate(TemplateType)
                )
    except IntegrityError:
        return


def save_template(template: MessageTemplate) -> None:
    """Write a new template, as the last one, or a changed one. Raises Taken if another one has its name."""
    try:
        with transaction.atomic():
            if template.pk is None:
                template.position = _next_position(template.agency)
            template.save()
    except IntegrityError as error:
        raise _name_taken() from error


def copy_template(template: MessageTemplate) -> MessageTemplate:
    """A second one with the same text, active, right after the first."""
    with transaction.atomic():
        own = _locked(template.agency)
        copy = MessageTemplate(
            agency=template.agency,
            name=free_name(template.name, {other.name for other in own}),
            type=template.type,
            category=template.category,
            is_contractual=template.is_contractual,
            body=template.body,
            sender_name=template.sender_name,
        )
        copy.save()
        places = [other.pk for other in own]
        after = places.index(template.pk) + 1 if template.pk in places else len(places)
        _renumber([*own[:after], copy, *own[after:]])
    return copy


def move_template(template: MessageTemplate, direction: Direction) -> None:
    """One place up or down among the active ones of the agency; at the end of the list nothing moves."""
    with transaction.atomic():
        own = _locked(template.agency)
        places = [other.pk for other in own]
        if template.pk not in places:
            return
        old = places.index(template.pk)
        new = old + direction
        if 0 <= new < len(own):
            own[old], own[new] = own[new], own[old]
            _renumber(own)


def archive_template(template: MessageTemplate) -> None:
    """Take a template out of the list; what was sent with it stays."""
    with transaction.atomic():
        active = MessageTemplate.objects.filter(pk=template.pk, archived_at=None)
        if active.update(archived_at=timezone.now()):
            events.record(EventKind.TEMPLATE_ARCHIVED, template.name, agency=template.agency)


def restore_template(template: MessageTemplate) -> None:
    """Bring a template back, as the last one. Raises Taken if an active one has its name by now."""
    template.archived_at = None
    template.position = _next_position(template.agency)
    try:
        with transaction.atomic():
            template.save(update_fields=["archived_at", "position"])
    except IntegrityError as error:
        raise _name_taken() from error


def delete_template(template: MessageTemplate) -> None:
    """Remove a template that nothing was drafted or sent with. Raises TemplateUsed."""
    with transaction.atomic():
        own = MessageTemplate.objects.select_for_update().filter(pk=template.pk).first()
        if own is None:
            return
        if own.campaigns.exists():
            raise TemplateUsed
        events.record(EventKind.TEMPLATE_DELETED, own.name, agency=own.agency)
        own.delete()
        # Whoever removes the last one wants none.
        StartedTemplates.objects.get_or_create(agency=own.agency)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or with the first number behind it that none of the `taken` names has."""
    number, free = 1, name
    while free in taken:
        number += 1
        ending = f" ({number})"
        free = name[: MAX_NAME - len(ending)] + ending
    return free


def _starter(agency: Agency, kind: TemplateType, position: int) -> MessageTemplate:
    return MessageTemplate(
        agency=agency,
        name=str(kind.label),
        type=kind,
        category=kind.category,
        body=kind.starter,
        position=position,
    )


def _locked(agency: Agency) -> list[MessageTemplate]:
    """The active templates in order, locked until the transaction ends, so that two who move them do not mix."""
    own = agency.templates.select_for_update().filter(archived_at=None)
    return list(own.order_by("position", "id"))


def _renumber(templates: list[MessageTemplate]) -> None:
    for position, template in enumerate(templates):
        template.position = position
    MessageTemplate.objects.bulk_update(templates, ["position"])


def _next_position(agency: Agency) -> int:
    last = agency.templates.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _name_taken() -> Taken:
    return Taken("name", _("You have a template of this name already."))
