"""Statystyki: how an agency's messages fare and what they cost, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import UserRequest, agency_of, permission_required
from accounts.models import Agency
from accounts.roles import Permission
from billing.spending import by_month
from messaging import days, delivery_sums
from messaging.day_chart import chart_of
from messaging.delivery_sums import by_network, delivered_by_hour

DEFAULT_DAYS = "30"


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day and its messages; `share` is its percentage of the fullest hour."""

    name: str
    number: int
    share: int


def hours_of(numbers: Sequence[int]) -> list[Hour]:
    """The hours from the first to the last in which anything happened; none if nothing did."""
    used = [hour for hour, number in enumerate(numbers) if number]
    if not used:
        return []
    return [
        Hour(f"{hour}:00", numbers[hour], 100 * numbers[hour] // max(numbers))
        for hour in range(used[0], used[-1] + 1)
    ]


class PeriodForm(forms.Form):
    """Of how many days, today included; what makes no sense in the address is the usual one."""

    days = forms.ChoiceField(
        label=_("Period"),
        choices=[("14", _("14 days")), (DEFAULT_DAYS, _("30 days")), ("90", _("90 days"))],
        required=False,
    )

    def __init__(self, data: Any) -> None:
        super().__init__({"days": data.get("days") or DEFAULT_DAYS})

    @property
    def num_days(self) -> int:
        return int(self.cleaned_data["days"] if self.is_valid() else DEFAULT_DAYS)


@require_GET
@permission_required(Permission.SEE_BALANCE)
def statistics(request: UserRequest) -> HttpResponse:
    """Each part for who may see it."""
    agency, today = agency_of(request), timezone.localdate()
    context: dict[str, object] = {}
    if request.user.may(Permission.SEND_MESSAGES):
        context |= _messages(agency, PeriodForm(request.GET), today)
    if request.user.may(Permission.SEE_BOOKS):
        months = by_month(agency, today)
        context |= {
            "months": months,
            "most_spent": max((month.spent for month in months), default=0),
        }
    return render(request, "mps_portal/statistics.html", context)


def _messages(agency: Agency, form: PeriodForm, today: date) -> dict[str, object]:
    first = today - timedelta(days=form.num_days - 1)
    sent = days.sums_of(agency, first, today)
    ended = delivery_sums.sums_of(agency, first, today)
    return {
        "form": form,
        "chart": chart_of(sent.by_day()),
        "templates": sent.by_template(),
        "networks": by_network(ended),
        "hours": hours_of(delivered_by_hour(ended)),
    }
