"""The documents that people agree to or are informed by, and their wordings.

Each wording is templates/documents/<name>/<version>.<language>.html and never changes once it applied; a new one gets a
new version here, first in its tuple. The Polish text is the binding one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent

_HEADING = re.compile(r'<h2 id="(?P<anchor>[\w-]+)">(?P<text>.*?)</h2>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A document by name. A version is the day from which it applies (YYYY-MM-DD); newest first."""

    name: str
    title: Promise
    versions: tuple[str, ...]

    @property
    def current(self) -> str:
        return self.versions[0]


class Heading(NamedTuple):
    """An entry of the table of contents."""

    anchor: str
    text: SafeString


TERMS = Document(Consent.Document.TERMS, _("Terms of service"), ("2026-11-01",))
ELECTRONIC_INVOICES = Document(
    Consent.Document.ELECTRONIC_INVOICES, _("Consent to electronic invoices"), ("2026-11-01",)
)
DATA_PROCESSING = Document(
    Consent.Document.DATA_PROCESSING, _("Data processing agreement"), ("2026-11-01",)
)
PRIVACY = Document("privacy", _("Privacy policy"), ("2026-11-01",))
# What an agency accepts for each sender name of its own (messaging/sender_name_requests.py keeps the version).
SENDER_STATEMENT = Document(
    "sender_statement", _("Statement on the right to a sender name"), ("2026-11-01",)
)

# What an agency agrees to when it registers.
AGREED_AT_REGISTRATION = (TERMS, ELECTRONIC_INVOICES, DATA_PROCESSING)


def render_document(document: Document, version: str) -> SafeString:
    """The text of one of the document's versions as HTML, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    template = f"documents/{document.name}/{version}.{language[:2]}.html"
    return render_to_string(template, {"operator": settings})


def headings(html: str) -> list[Heading]:
    """The sections of a document's text, in their order."""
    # The text is a template of ours: what it says is safe.
    return [
        Heading(found["anchor"], SafeString(found["text"])) for found in _HEADING.finditer(html)
    ]


def valid_from(version: str) -> date:
    """The day from which a version applies."""
    return date.fromisoformat(version)
