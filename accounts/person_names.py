"""What may stand as a person's name."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.event_rows import OPERATOR

# Names greet strangers in mails: nothing that mail programs make a link of.
_NOT_IN_A_NAME = re.compile(r"[\d/@:<>]|\.\S")


def only_a_name(text: str) -> None:
    """Refuse what is no name, and the one that the audit trail calls the operator's people by."""
    if _NOT_IN_A_NAME.search(text) or text.strip().upper() == OPERATOR:
        raise ValidationError(_("Write the first and last name only."), code="not_a_name")
