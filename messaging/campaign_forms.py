"""Forms of campaigns: they clean and never write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.visible_text import VisibleCharField
from messaging.categories import Category
from messaging.composing import validate_body
from messaging.normalising import tidy_typography

# A text that waits longer says things that are no longer so. SMSAPI schedules up to three months, too.
FURTHEST = timedelta(days=92)


class LocalTimeInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class WarsawTimeField(forms.DateTimeField):
    """A moment by the clock on the wall in Warsaw.

    In the night when clocks go back an hour comes twice: the first one is meant. In the one when they go forward an
    hour does not exist: that is said.
    """

    widget = LocalTimeInput

    def to_python(self, value: Any) -> datetime | None:
        # Not Django's own conversion, which refuses the hour that comes twice.
        naive = None if value in self.empty_values else self._parse(str(value))
        if naive is None:
            return None
        moment = naive.replace(tzinfo=timezone.get_default_timezone(), fold=0)
        # Through UTC and back an hour that does not exist becomes another one.
        if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != naive:
            raise ValidationError(
                _("There is no such hour that night: clocks go forward. Choose another one."),
                code="no_such_hour",
            )
        return moment.astimezone(UTC)

    def _parse(self, text: str) -> datetime:
        for pattern in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"):
            try:
                return datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - Warsaw, by the caller
            except ValueError:
                continue
        raise ValidationError(_("Give a day and a time, like 22.11.2026 9:30."), code="invalid")


class SendForm(forms.Form):
    """When a campaign leaves: at once or at a time, all together or spread over hours."""

    NOW, LATER = "now", "later"
    SPREADS = (
        (0, _("all at once")),
        (60, _("spread over 1 hour")),
        (120, _("spread over 2 hours")),
        (240, _("spread over 4 hours")),
        (480, _("spread over 8 hours")),
    )

    when = forms.ChoiceField(
        label=_("When"),
        choices=[(NOW, _("Now")), (LATER, _("At a chosen time"))],
        widget=forms.RadioSelect,
        initial=NOW,
        required=False,
    )
    leaves_at = WarsawTimeField(label=_("Day and time"), required=False)
    spread_minutes = forms.TypedChoiceField(
        label=_("How"), choices=SPREADS, coerce=int, initial=0, required=False, empty_value="0"
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        # What is not said at all is "all at once".
        data["spread_minutes"] = int(data.get("spread_minutes") or 0)
        if data.get("when") != self.LATER:
            data["leaves_at"] = None
        elif "leaves_at" in data:
            self._check_time(data["leaves_at"])
        return data

    def _check_time(self, leaves_at: datetime | None) -> None:
        now = timezone.now()
        if leaves_at is None:
            self.add_error("leaves_at", _("Choose the day and the time."))
        elif leaves_at <= now:
            self.add_error("leaves_at", _("This time is past. Choose a later one, or send now."))
        elif leaves_at > now + FURTHEST:
            self.add_error("leaves_at", _("Choose a time within three months."))


class OwnTextForm(forms.Form):
    """A text written for one campaign, checked like a template's."""

    name = VisibleCharField(
        label=_("Name of the campaign"),
        max_length=80,
        required=False,
        help_text=_("Only you see it. Clients' data do not belong here."),
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=1600,
        error_messages={"required": _("Write the text of the message.")},
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "true"}),
    )
    category = forms.ChoiceField(
        label=_("What it is"),
        choices=Category.choices,
        initial=Category.SERVICE,
        widget=forms.RadioSelect,
        help_text=_(
            "Marketing goes only to clients who agreed to it (art. 398 of the Electronic"
            " Communications Law). Wishes and offers are always marketing."
        ),
    )

    def clean_body(self) -> str:
        body, _tidied = tidy_typography(self.cleaned_data["body"])
        if problems := validate_body(body):
            raise ValidationError([str(problem.message) for problem in problems])
        return body
