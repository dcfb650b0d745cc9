"""Words of Django's that Polish people say otherwise, named here so that our own catalogue keeps them."""

from __future__ import annotations

from django.utils.translation import gettext_noop

OWN_TRANSLATIONS = (
    gettext_noop("Enter a valid email address."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Null characters are not allowed."),
)
