"""Statuses in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from messaging.message_rows import reliance_of
from messaging.models import Message
from messaging.state_badges import state_badge

register = template.Library()


@register.simple_tag
def status_badge(state: str) -> SafeString:
    """A status as its badge."""
    return state_badge(state)


@register.filter
def reliance(message: Message) -> str:
    """Which consent a marketing message relied on; nothing of others."""
    return reliance_of(message)
