"""The button "Get data" of the registration form: what the VAT register says, beside the NIP and in the fields."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.pl import nip as nip_number

from accounts.limits import seconds_until_free, try_again
from accounts.white_list import Company, Reason, RegisterUnavailable, look_up


class Tone(Enum):
    """How a note is shown."""

    FOUND = "success"
    NOTICE = "warning"
    WRONG = "danger"


@dataclass(frozen=True, slots=True)
class Note:
    """What the look-up came to, in the reader's words."""

    text: str
    tone: Tone = Tone.NOTICE


def fill_in(request: HttpRequest) -> tuple[dict[str, str], Note]:
    """The posted fields, completed by what the register knows of the NIP, and what to say beside it."""
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        nip = nip_number.validate(typed.get("nip", ""))
    except InvalidNumber:
        return typed, Note(_("This is not a valid NIP. Check its ten digits."), Tone.WRONG)
    if not ratelimit.consume(request, action="look_up"):
        return typed, Note(_asked_too_often(request))
    try:
        company = look_up(nip, timezone.localdate())
    except RegisterUnavailable as error:
        return typed, Note(_unavailable(error.reason))
    return _completed(typed, company)


def _asked_too_often(request: HttpRequest) -> str:
    advice = _("You have asked many times in a short while. Fill in by hand, or wait.")
    return f"{advice} {try_again(seconds_until_free(request, 'look_up'))}"


def _completed(typed: dict[str, str], company: Company | None) -> tuple[dict[str, str], Note]:
    if company is None:
        return typed, Note(
            _(
                "The VAT register does not know this NIP, which may be right if you are exempt. "
                "Fill in by hand."
            )
        )
    known = {name: value for name, value in asdict(company).items() if value}
    typed.pop("no_nip", None)
    note = _("Found: %(name)s. Check the data below.") % {"name": company.name}
    return typed | known, Note(note, Tone.FOUND)


def _unavailable(reason: Reason) -> str:
    if reason is Reason.LIMIT:
        return _("The VAT register takes no more questions today. Fill in by hand.")
    return _("The VAT register does not answer now. Fill in by hand.")
