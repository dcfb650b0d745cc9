"""The filters of the list of messages; all of it from the address, so that a list can be kept and come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.typed_numbers import whole_number
from messaging.contact_filter_form import SearchField
from messaging.contact_forms import DayField
from messaging.contact_search import Criteria, first_matches
from messaging.message_search import MessageCriteria
from messaging.models import Campaign, Message
from messaging.phones import PhoneError, parse_mobile

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Clients whose messages are listed together.
MAX_CLIENTS = 200
# Campaigns offered, newest first; an older one is chosen from its own page.
_NUM_CAMPAIGNS = 100


class StateField(forms.CharField):
    """One status; what is none is as if it were not said."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> str:
        return str(value) if value in Message.State.values else ""


class MessageFilterForm(forms.Form):
    """What the list of messages is narrowed to."""

    state = StateField(required=False)
    text = SearchField(label=_("Text contains"), required=False)
    client = SearchField(label=_("Client or phone number"), required=False)
    first_day = DayField(label=_("From day"), required=False)
    last_day = DayField(label=_("To day"), required=False)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Campaign"), required=False, empty_label=_("all")
    )
    sender = SearchField(label=_("Sender"), required=False, widget=forms.Select)

    def __init__(self, data: Any, agency: Agency) -> None:
        super().__init__(data)
        self._agency = agency
        own = agency.campaigns.exclude(state=Campaign.State.DRAFT)
        self.fields["campaign"].queryset = own  # type: ignore[attr-defined]
        # Looked up when they are shown: a list that is not narrowed asks for neither.
        self.fields["campaign"].choices = self._campaigns  # type: ignore[attr-defined]
        self.fields["sender"].widget.choices = CallableChoiceIterator(self._senders)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.strip()

    def clean_client(self) -> dict[str, Any]:
        """The criteria that the words mean: a whole number, else the clients whom they find."""
        words = self.cleaned_data["client"].strip()
        if not words:
            return {}
        try:
            return {"phone": parse_mobile(words)}
        except PhoneError:
            ids, are_all = first_matches(self._agency, Criteria(text=words))
        if not are_all or len(ids) > MAX_CLIENTS:
            raise ValidationError(
                _("More than %(count)d clients match. Type more of the name or the number."),
                code="too_many_clients",
                params={"count": MAX_CLIENTS},
            )
        return {"client_ids": tuple(ids)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("This day is before the first one."))
        return data

    def criteria(self) -> MessageCriteria:
        """What the cleaned form says."""
        said = self.cleaned_data
        return MessageCriteria(
            state=said["state"],
            first_day=said["first_day"],
            last_day=said["last_day"],
            text=said["text"],
            campaign_id=said["campaign"].pk if said["campaign"] else None,
            sender=said["sender"],
            **said["client"],
        )

    def given(self) -> dict[str, str]:
        """The fields that are filled in, as a form or an address hands them on."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}

    @property
    def num_filters(self) -> int:
        """Filters in use; the status has its own row."""
        return len(self.given().keys() - {"state"})

    @property
    def is_open(self) -> bool:
        """Whether its fields are on the page from the start: some are in use, or were asked for without scripts."""
        return bool(self.num_filters or "filters" in self.data)

    def _senders(self) -> list[tuple[str, StrOrPromise]]:
        own = self._agency.campaigns.exclude(state=Campaign.State.DRAFT)
        senders = own.order_by("sender").values_list("sender", flat=True).distinct()
        return [("", _("all")), *((name, name) for name in senders)]

    def _campaigns(self) -> list[tuple[int | str, StrOrPromise]]:
        own = self._agency.campaigns.exclude(state=Campaign.State.DRAFT).order_by("-pk")
        rows = list(own.values_list("pk", "name", "confirmed_at")[:_NUM_CAMPAIGNS])
        wanted = whole_number(self.data.get("campaign"))
        if wanted is not None:
            chosen = own.filter(pk=wanted).exclude(pk__in=[row[0] for row in rows])
            rows += chosen.values_list("pk", "name", "confirmed_at")
        named = ((pk, f"{name}, {at:%d.%m.%Y}" if at else name) for pk, name, at in rows)
        return [("", _("all")), *named]
