"""The filters of the list of clients; all of it from the address, so that a list can be kept and come back to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.typed_numbers import whole_number
from messaging.contact_pages import Sort
from messaging.contact_search import Criteria
from messaging.models import ContactGroup

_MAX_DAYS = 999
_MAX_TEXT = 200
_MAX_PAGE_DIGITS = 6


class SearchField(forms.CharField):
    """Whatever is typed or pasted; what no client can have is dropped, not refused."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\0", "")[:_MAX_TEXT]


class ContactFilterForm(forms.Form):
    """What was typed and what the list is narrowed to."""

    q = SearchField(required=False)
    ends = forms.IntegerField(
        label=_("Policy ends within (days)"), required=False, min_value=0, max_value=_MAX_DAYS
    )
    inspection = forms.IntegerField(
        label=_("Inspection within (days)"), required=False, min_value=0, max_value=_MAX_DAYS
    )
    instalment = forms.IntegerField(
        label=_("Instalment due within (days)"), required=False, min_value=0, max_value=_MAX_DAYS
    )
    group = forms.ModelChoiceField(
        ContactGroup.objects.none(), label=_("Group"), required=False, empty_label=_("all")
    )
    no_consent = forms.BooleanField(label=_("No marketing consent"), required=False)
    opted_out = forms.BooleanField(label=_("Opted out"), required=False)
    no_number = forms.BooleanField(label=_("No number for SMS"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"), choices=[("", _("as fits the filters")), *Sort.choices], required=False
    )

    def __init__(self, data: Any, groups: QuerySet[ContactGroup]) -> None:
        super().__init__(data)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    def criteria(self) -> Criteria:
        """What the cleaned form says."""
        said = self.cleaned_data
        return Criteria(
            text=said["q"],
            ends_within=said["ends"],
            inspection_within=said["inspection"],
            instalment_within=said["instalment"],
            group_id=said["group"].pk if said["group"] else None,
            no_consent=said["no_consent"],
            opted_out=said["opted_out"],
            no_number=said["no_number"],
        )

    def given(self) -> dict[str, str]:
        """The fields that are filled in, as a form hands them on; without the order."""
        return {
            name: str(self.data.get(name))
            for name in self.fields
            if name != "sort" and self.data.get(name)
        }

    @property
    def num_filters(self) -> int:
        """Filters in use; what was typed is none."""
        return len(self.given().keys() - {"q"})

    def page_number(self) -> int:
        """The page that the address asks for; the first one if it does not or makes no sense."""
        return max(whole_number(self.data.get("page"), _MAX_PAGE_DIGITS) or 1, 1)
