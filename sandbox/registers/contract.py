"""The VAT white list of the Ministry of Finance, as its API "Rejestr WL" 1.6 answers."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import time

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from stdnum.pl import nip as nip_number

from sandbox.models import RegisterFault
from sandbox.registers.companies import BY_NIP, Taxpayer

SLOW_SECONDS = 10
NONSENSE = b"<html><title>Przerwa techniczna</title>{{{"

_MESSAGES = {
    "WL-101": "Pole 'data' nie może być puste.",
    "WL-102": "Pole 'data' ma niepoprawny format.",
    "WL-103": "Pole 'data' nie może być datą z przyszłości.",
    "WL-113": "Pole 'NIP' ma nieprawidłową długość. Wymagane 10 znaków.",
    "WL-114": "Pole 'NIP' zawiera niedozwolone znaki. Wymagane tylko cyfry.",
    "WL-115": "Nieprawidłowy NIP.",
    "WL-191": "Osiągnięto dzienny limit liczby zapytań.",
}


@require_safe
def search_nip(request: HttpRequest, nip: str) -> HttpResponse:
    """Look a taxpayer up: `GET api/search/nip/{nip}?date=YYYY-MM-DD`."""
    spoilt = _spoilt_answer(RegisterFault.load().mode)
    if spoilt is not None:
        return spoilt
    code = _date_error(request.GET.get("date", "")) or _nip_error(nip)
    if code:
        return _refusal(code)
    taxpayer = BY_NIP.get(nip)
    return JsonResponse({"result": {"subject": taxpayer and _subject(taxpayer), **_request()}})


def _spoilt_answer(mode: str) -> HttpResponse | None:
    """What the chosen fault answers instead; a slow register only waits first."""
    if mode == RegisterFault.Mode.DOWN:
        return HttpResponse("Service Unavailable", status=503)
    if mode == RegisterFault.Mode.LIMIT:
        return _refusal("WL-191")
    if mode == RegisterFault.Mode.NONSENSE:
        return HttpResponse(NONSENSE, content_type="application/json")
    if mode == RegisterFault.Mode.SLOW:
        time.sleep(SLOW_SECONDS)
    return None


def _date_error(text: str) -> str:
    if not text:
        return "WL-101"
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return "WL-102"
    return "WL-103" if day > timezone.localdate() else ""


def _nip_error(nip: str) -> str:
    if len(nip) != 10:
        return "WL-113"
    if not re.fullmatch("[0-9]{10}", nip):
        return "WL-114"
    return "" if nip_number.is_valid(nip) else "WL-115"


def _refusal(code: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": _MESSAGES[code]}, status=400)


def _request() -> dict[str, str]:
    """What every answer says of the request itself."""
    return {
        "requestId": secrets.token_hex(6),
        "requestDateTime": timezone.localtime().strftime("%d-%m-%Y %H:%M:%S"),
    }


def _subject(taxpayer: Taxpayer) -> dict[str, object]:
    """The entry with the fields that stay empty here too."""
    is_removed = taxpayer.removed_on is not None
    return {
        "name": taxpayer.name,
        "nip": taxpayer.nip,
        "statusVat": taxpayer.status,
        "regon": taxpayer.regon,
        "pesel": None,
        "krs": None,
        "residenceAddress": taxpayer.residence_address,
        "workingAddress": taxpayer.working_address,
        "representatives": [],
        "authorizedClerks": [],
        "partners": [],
        "registrationLegalDate": "2019-01-02",
        "registrationDenialDate": None,
        "registrationDenialBasis": None,
        "restorationDate": None,
        "restorationBasis": None,
        "removalDate": taxpayer.removed_on,
        "removalBasis": "Art. 96 ust. 9 pkt 2" if is_removed else None,
        "accountNumbers": [],
        "hasVirtualAccounts": False,
    }
