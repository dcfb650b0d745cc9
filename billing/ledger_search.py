"""The filter of an agency's movements; all of it from the address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.day_range import DayRangeForm
from billing.models import LedgerEntry


class LedgerFilterForm(DayRangeForm):
    """Kind, days (Warsaw) and a part of the note."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *LedgerEntry.Kind.choices], required=False
    )
    q = forms.CharField(label=_("Note"), required=False, max_length=100)

    field_order = ("kind", "since", "until", "q")

    @property
    def num_filters(self) -> int:
        return sum(bool(self.data.get(name)) for name in self.fields)

    def narrowed(self, entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        """The movements that pass; none while the filter makes no sense, lest it be taken for an answer."""
        if not self.is_valid():
            return entries.none()
        chosen = self.cleaned_data
        if chosen["kind"]:
            entries = entries.filter(kind=chosen["kind"])
        if chosen["since"]:
            entries = entries.filter(created_at__gte=_midnight(chosen["since"]))
        if chosen["until"]:
            entries = entries.filter(created_at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        if text := chosen["q"].replace("\0", "").strip():
            entries = entries.filter(note__icontains=text)
        return entries


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
