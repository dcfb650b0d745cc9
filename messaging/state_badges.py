"""The status of a message or of a campaign as a badge: always an icon and a word."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.icons import icon_html
from messaging.models import Campaign, Message

_LABELS = {str(state): state.label for state in (*Campaign.State, *Message.State)}
# The badge's class, and its icon.
_LOOKS = {
    "queued": ("", "clock"),
    "sending": ("badge-info", "arrow-path"),
    "uncertain": ("badge-warn", "question-mark-circle"),
    "sent": ("badge-info", "paper-airplane"),
    "delivered": ("badge-good", "check-circle"),
    "undelivered": ("badge-bad", "x-circle"),
    "expired": ("badge-bad", "no-symbol"),
    "unknown": ("badge-warn", "question-mark-circle"),
    "rejected": ("badge-bad", "x-circle"),
    "cancelled": ("", "no-symbol"),
    "scheduled": ("badge-info", "clock"),
    "paused": ("badge-warn", "pause-circle"),
    "draft": ("", "pencil"),
    "preparing": ("badge-info", "cog-6-tooth"),
    "running": ("badge-info", "arrow-path"),
    "finished": ("badge-good", "check-circle"),
}
# For the file of icons (manage.py makeicons).
ICON_IDS = frozenset(f"mini-{icon}" for _look, icon in _LOOKS.values())


def state_badge(state: str) -> SafeString:
    """HTML, in the language of the request. A list has one for each row."""
    return _badge(str(state), get_language())


@lru_cache(maxsize=128)
def _badge(state: str, _language: str | None) -> SafeString:
    look, icon = _LOOKS[state]
    return format_html(
        '<span class="badge{}">{}{}</span>',
        f" {look}" if look else "",
        icon_html(icon, size=None),
        _LABELS[state],
    )
