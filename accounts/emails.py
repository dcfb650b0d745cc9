"""Mail: one function for each, and the one way all of them are composed and sent.

A mail `name` has three templates in templates/emails/<name>/: subject.txt, body.txt and body.html.
"""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts import email_changes, people
from accounts.email_changes import Side
from accounts.models import EmailChange, Event, Invitation, User


def compose(name: str, to: str, language: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """The mail `name` as text and HTML in the reader's language. Links must start with PORTAL_URL."""
    with translation.override(language):
        context = {"portal_url": settings.PORTAL_URL, "language": language, **context}
        subject = render_to_string(f"emails/{name}/subject.txt", context)
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string(f"emails/{name}/body.txt", context),
            to=[to],
        )
        message.attach_alternative(
            render_to_string(f"emails/{name}/body.html", context), "text/html"
        )
    return message


def portal_link(url_name: str, *args: Any) -> str:
    """An absolute address of a page, for mails."""
    return f"{settings.PORTAL_URL}{reverse(url_name, args=args)}"


def send_welcome(user: User, password: str) -> None:
    """The answer to a registration: one-time password, registration code, how to log in."""
    agency = user.agency
    context = {
        "person": user,
        "agency": agency,
        "password": password,
        "days": settings.ONE_TIME_PASSWORD_DAYS,
        "login_url": portal_link("account_login"),
    }
    compose("welcome", user.email, agency.language if agency else "pl", context).send()


def send_password_reset(user_id: int, language: str) -> None:
    """The link to choose a new password; made here, so that it lies in no queue. Works until it is used."""
    user = User.objects.get(pk=user_id)
    if not user.is_active:
        return
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    link = portal_link("account_reset_password_from_key", user_pk_to_url_str(user), token)
    compose("password_reset", user.email, language, {"link": link}).send()


def send_unknown_account(email: str, language: str) -> None:
    """To an address that asked for a new password and has no account."""
    link = portal_link("account_signup")
    compose("unknown_account", email, language, {"link": link}).send()


def send_security_notice(event_id: int) -> None:
    """Tell somebody what was done with their login, and from where."""
    event = Event.objects.select_related("person__agency").get(pk=event_id)
    if event.person is None or not event.person.is_active:
        return
    context = {
        "event": event,
        "person": event.person,
        "reset_url": portal_link("account_reset_password"),
    }
    compose("security_notice", event.person.email, event.person.language, context).send()


def send_email_change_to_old(change_id: int) -> None:
    """To the old address: confirm the change, or stop it."""
    _send_email_change(change_id, Side.OLD)


def send_email_change_to_new(change_id: int) -> None:
    """To the new address: confirm that it is yours."""
    _send_email_change(change_id, Side.NEW)


def _send_email_change(change_id: int, side: Side) -> None:
    change = EmailChange.objects.select_related("person__agency").get(pk=change_id)
    if change.done_at or change.withdrawn_at:
        return
    link = portal_link("confirm_email_change", email_changes.link_token(change, side))
    context = {"change": change, "person": change.person, "link": link}
    to = change.old_email if side is Side.OLD else change.new_email
    compose(f"email_change_{side}", to, change.person.language, context).send()


def send_address_has_account(email: str, language: str) -> None:
    """To an address that somebody wants to use as theirs, though it has an account."""
    context = {
        "login_url": portal_link("account_login"),
        "reset_url": portal_link("account_reset_password"),
    }
    compose("address_has_account", email, language, context).send()


def send_invitation(invitation_id: int) -> None:
    """The link to join a team. Somebody who has an account is told that this needs another address."""
    found = Invitation.objects.open().filter(pk=invitation_id)
    invitation = found.select_related("agency", "invited_by").first()
    if invitation is None:
        return
    has_account = User.objects.filter(email__iexact=invitation.email).exists()
    name = "invitation_has_account" if has_account else "invitation"
    link = portal_link("accept_invitation", people.link_token(invitation))
    language = invitation.agency.language if invitation.agency else "pl"
    compose(name, invitation.email, language, {"invitation": invitation, "link": link}).send()
