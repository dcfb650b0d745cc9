"""The filters of the audit trail's lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.event_groups import EVENT_GROUPS
from accounts.event_search import BY_THE_OPERATOR, BY_THE_PORTAL, BY_VISITORS, EventFilter
from accounts.models import User

# Days outside of it are slips of the keyboard, and at the ends of the calendar no database counts on.
_DAYS = (date(2000, 1, 1), date(2999, 12, 31))

Choices = list[tuple[Any, Any]]


class EventFilterForm(forms.Form):
    """What an agency's list is narrowed to; all of it from the address, so that it can be kept and sent."""

    kind = forms.ChoiceField(label=_("Event"), required=False, choices=lambda: _kind_choices())
    person = forms.ChoiceField(label=_("Who"), required=False)
    since = forms.DateField(label=_("From day"), required=False)
    until = forms.DateField(label=_("To day"), required=False)
    q = forms.CharField(label=_("Subject"), required=False, max_length=100)

    def __init__(self, data: Any, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["person"].choices = self.person_choices(people)  # type: ignore[attr-defined]
        for name in ("since", "until"):
            field = self.fields[name]
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            field.validators += [
                MinValueValidator(_DAYS[0], _("Give a day after the year 2000.")),
                MaxValueValidator(_DAYS[1], _("Give a day before the year 3000.")),
            ]

    def person_choices(self, people: QuerySet[User]) -> Choices:
        """The agency's own people, and whoever else acts."""
        return [("", _("Everybody")), *_named(people), (BY_THE_OPERATOR, "MPS"), *_nobodies()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError(
                {"until": ValidationError(_("This is before the first day."), code="order")}
            )
        return cleaned

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
