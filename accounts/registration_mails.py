"""Mails about a registration that met an account or an agency already there. The outbox calls these functions."""

from __future__ import annotations

from django.conf import settings

from accounts.emails import compose, portal_link
from accounts.models import User


def send_you_have_an_account(user_id: int) -> None:
    """To the address that was typed: it has an account; how to get in."""
    person = User.objects.select_related("agency").get(pk=user_id)
    context = {
        "person": person,
        "login_url": portal_link("account_login"),
        "reset_url": portal_link("account_reset_password"),
    }
    compose("you_have_an_account", person.email, _language(person), context).send()


def send_agency_is_registered(email: str, name: str, language: str) -> None:
    """To the address that was typed: the agency is there already; how to join it."""
    context = {"name": name, "operator_email": settings.OPERATOR_EMAIL}
    compose("agency_is_registered", email, language, context).send()


def send_somebody_tried(owner_id: int, name: str, email: str) -> None:
    """To an owner of the agency: who tried to register it again, so that they can be invited."""
    owner = User.objects.select_related("agency").get(pk=owner_id)
    context = {
        "person": owner,
        "agency": owner.agency,
        "name": name,
        "email": email,
        "login_url": portal_link("account_login"),
    }
    compose("somebody_tried_to_register", owner.email, _language(owner), context).send()


def _language(person: User) -> str:
    return person.agency.language if person.agency else "pl"
