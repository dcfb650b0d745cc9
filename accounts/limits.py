"""When a limit of attempts lets one try again.

django-allauth counts attempts in the cache, which all processes share, and only says that there were too many.
"""

from __future__ import annotations

import math
import time

from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def seconds_until_free(request: HttpRequest, action: str, key: str = "") -> int:
    """Seconds until the request may do the action again; 0 when it may now.

    `action` is a name of ACCOUNT_RATE_LIMITS; `key` is what its limits per key count by, e.g. the account.
    """
    now = time.time()
    wait = 0.0
    for rate in ratelimit.get_rates(app="allauth.account", action=action):
        if rate.per == "key" and not key:
            continue
        if rate.per == "user" and not request.user.is_authenticated:
            continue
        name = ratelimit.get_cache_key(
            request, app="allauth.account", action=action, rate=rate, key=key
        )
        attempts = [at for at in cache.get(name, []) if at > now - rate.duration]
        if len(attempts) >= rate.amount:
            # Newest first: when this one is forgotten, there is room for another.
            wait = max(wait, attempts[rate.amount - 1] + rate.duration - now)
    return math.ceil(wait)


def try_again(seconds: int) -> str:
    """ "Try again in 5 minutes.", in the reader's language."""
    minutes = max(1, math.ceil(seconds / 60))
    wait = ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
    return _("Try again in %(wait)s.") % {"wait": wait}


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The page of error 429: says when to come back."""
    seconds = max(seconds_until_free(request, action) for action in app_settings.RATE_LIMITS)
    response = render(request, "429.html", {"try_again": try_again(seconds)}, status=429)
    response["Retry-After"] = str(max(1, seconds))
    return response
