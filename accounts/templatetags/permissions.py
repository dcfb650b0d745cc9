"""What the person looking at a page may do."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import Permission

register = template.Library()


@register.filter
def may(user: User | AnonymousUser, permission: str) -> bool:
    """For `user|may:"SEE_BALANCE"`, a name of accounts.roles.Permission; KeyError for any other."""
    required = Permission[permission]
    return user.is_authenticated and user.may(required)
