"""Looking at pages as their readers do."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.models import User

_INVISIBLE = re.compile(r"<(script|svg|template)\b.*?</\1>|<[^>]*>", re.DOTALL)


def browser(person: User | None = None) -> Client:
    """A browser switched to English, logged in as the person, if one is given."""
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if person is not None:
        client.force_login(person)
    return client


def text_of(response: Any) -> str:
    """The words of a page without markup, parted by single spaces."""
    return " ".join(unescape(_INVISIBLE.sub(" ", response.content.decode())).split())
