"""Browsers by the names that people know them by."""

from __future__ import annotations

from django import template

from accounts.user_agents import readable

register = template.Library()


@register.filter
def browser_name(user_agent: str) -> str:
    """For `session.user_agent|browser_name`: "Firefox, Windows"."""
    return readable(user_agent)
