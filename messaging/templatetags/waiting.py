"""What is paid and has not left, for pages of other apps."""

from __future__ import annotations

from django import template

from accounts.models import Agency
from messaging import waiting

register = template.Library()


@register.simple_tag
def waiting_of(agency: Agency) -> waiting.Waiting:
    """The agency's campaigns on their way and what is paid for them."""
    return waiting.waiting_of(agency)
