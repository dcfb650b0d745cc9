"""The filters of the audit trail's lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.day_range import DayRangeForm
from accounts.event_groups import EVENT_GROUPS
from accounts.event_search import BY_THE_OPERATOR, BY_THE_PORTAL, BY_VISITORS, EventFilter
from accounts.models import User

Choices = list[tuple[Any, Any]]


class EventFilterForm(DayRangeForm):
    """What an agency's list is narrowed to; all of it from the address, so that it can be kept and sent."""

    kind = forms.ChoiceField(label=_("Event"), required=False, choices=lambda: _kind_choices())
    person = forms.ChoiceField(label=_("Who"), required=False)
    q = forms.CharField(label=_("Subject"), required=False, max_length=100)
    field_order: tuple[str, ...] = ("kind", "person", "since", "until", "q")

    def __init__(self, data: Any, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["person"].choices = self.person_choices(people)  # type: ignore[attr-defined]

    def person_choices(self, people: QuerySet[User]) -> Choices:
        """The agency's own people, and whoever else acts."""
        return [("", _("Everybody")), *_named(people), (BY_THE_OPERATOR, "MPS"), *_nobodies()]

    def event_filter(self) -> EventFilter:
        """What the cleaned form says."""
        return EventFilter(**self.cleaned_data)


class OperatorEventFilterForm(EventFilterForm):
    """The same over all agencies."""

    agency = forms.CharField(
        label=_("Agency"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Name, NIP or code")}),
    )
    field_order = ("agency", "kind", "person", "since", "until", "q")

    def person_choices(self, people: QuerySet[User]) -> Choices:
        """The operator's team, and the people of the agency that the list is narrowed to."""
        team = _named(people.filter(agency=None))
        others = _named(people.exclude(agency=None))
        groups = [("MPS", team)] + ([(_("Agency"), others)] if others else [])
        return [("", _("Everybody")), *groups, *_nobodies()]


def _kind_choices() -> Choices:
    choices: Choices = [("", _("All events"))]
    for group in EVENT_GROUPS:
        every = (group.name, _("%(group)s: all") % {"group": group.label})
        choices.append((group.label, [every, *((kind.value, kind.label) for kind in group.kinds)]))
    return choices


def _named(people: QuerySet[User]) -> Choices:
    return [(str(person.pk), person.full_name) for person in people]


def _nobodies() -> Choices:
    return [(BY_THE_PORTAL, _("The portal by itself")), (BY_VISITORS, _("Not logged in"))]
