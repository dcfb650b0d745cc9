"""Mail: one function for each, and the one way all of them are composed and sent.

A mail `name` has three templates in templates/emails/<name>/: subject.txt, body.txt and body.html.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import User


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
