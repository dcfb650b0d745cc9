"""Pomoc: a page for each section, in whole sentences; each language has its own text (templates/help/)."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import UserRequest
from accounts.models import User
from accounts.roles import Permission


class Topic(NamedTuple):
    """A page of help for whoever has the permission; `name` is the end of its address and its template's name."""

    name: str
    title: Promise
    permission: Permission


TOPICS = (
    Topic("pierwsze-kroki", _("First steps"), Permission.SEND_MESSAGES),
    Topic("klienci", _("Clients and consents"), Permission.USE_CONTACTS),
    Topic("wzory", _("Templates"), Permission.SEND_MESSAGES),
    Topic("wysylki", _("Campaigns and statuses"), Permission.SEND_MESSAGES),
    Topic("stan-konta", _("Payments and invoices"), Permission.SEE_BOOKS),
    Topic("operator-wplaty", _("Payments and statements"), Permission.SEE_PAYMENTS),
    Topic("operator-faktury", _("Invoices and corrections"), Permission.SEE_PAYMENTS),
)


@require_GET
@login_required
def help_page(request: UserRequest, name: str = "") -> HttpResponse:
    """One topic; without a name the first that the person needs. 404 for what is not for their role."""
    topics = topics_for(request.user)
    topic = next((each for each in topics if each.name == (name or topics[0].name)), None)
    if topic is None:
        raise Http404
    language = "en" if get_language() == "en" else "pl"
    context = {
        "topics": topics,
        "topic": topic,
        "text": f"help/{topic.name}.{language}.html",
        # Made by bin/screenshots.
        "picture": f"img/help/{topic.name}.{language}.png",
    }
    return render(request, "mps_portal/help.html", context)


def topics_for(person: User) -> list[Topic]:
    """The topics of the person's work, in order; every role has one."""
    return [topic for topic in TOPICS if person.may(topic.permission)]
