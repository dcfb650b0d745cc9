"""The mobile networks of Poland by their codes."""

from __future__ import annotations

from django.utils.translation import gettext as _

# MCC 260 with the MNC, by UKE's register of numbering (tablica zagospodarowania kodow sieci MNC).
_NAMES = {
    "26001": "Plus",
    "26002": "T-Mobile",
    "26003": "Orange",
    "26006": "Play",
    "26007": "Netia",
    "26009": "Lycamobile",
    "26012": "Cyfrowy Polsat",
    "26034": "T-Mobile / Orange",
    "26045": "Virgin Mobile",
}


def network_name(code: str) -> str:
    """What people call the network of an MCC and MNC, e.g. "26002"; a number that was ported is in its new one."""
    if not code:
        return _("operator not told")
    return _NAMES.get(code) or _("other (%(code)s)") % {"code": code}
