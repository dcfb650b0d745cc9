"""What the gateways' codes mean, in words for an agent: of delivery reports and of errors. The one table of them.

SMSAPI.pl names its statuses and errors in its documentation (https://www.smsapi.pl/docs, "Raporty doręczenia" and
"Kody błędów").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from messaging.gateways.base import ErrorClass

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Pushed reports carry the number, answers to look-ups the name.
_REPORTS: dict[tuple[str, str], StrOrPromise] = {
    ("401", "NOT_FOUND"): _("The gateway does not know this message, or its report has expired."),
    ("402", "EXPIRED"): _("The phone was not within reach until the message became too old."),
    ("403", "SENT"): _("Sent to the mobile operator; no final report yet."),
    ("404", "DELIVERED"): _("Delivered to the phone."),
    ("405", "UNDELIVERED"): _(
        "Not delivered: the number does not exist, or the phone was off or abroad."
    ),
    ("406", "FAILED"): _("Not delivered: a failure on the gateway's side."),
    ("407", "REJECTED"): _("Not delivered: the mobile operator refused it."),
    ("408", "UNKNOWN"): _("No report: it may or may not have been delivered."),
    ("409", "QUEUE"): _("Waits in the gateway's queue."),
    ("410", "ACCEPTED"): _("The mobile operator has accepted it."),
    ("411", "RENEWAL"): _("The delivery failed and is tried again."),
    ("412", "STOP"): _("Stopped in the gateway's panel."),
}
_REPORT_BY_CODE = {code: text for codes, text in _REPORTS.items() for code in codes}

_ERRORS: dict[str, StrOrPromise] = {
    "11": _("The text is too long or empty."),
    "12": _("The text has too many parts."),
    "13": _("The number is not a valid mobile number."),
    "14": _("The sender name is not allowed at the gateway."),
    "32": _("Numbers of this country are not served."),
    "33": _("Numbers of this country are not served."),
    "50": _("The gateway does not schedule messages for this time."),
    "52": _("Too many messages to one number in a short time."),
    "53": _("The gateway has this message already."),
    "57": _("The number is on the gateway's black list."),
    "59": _("The client has opted out at the gateway."),
    "76": _("Too many characters that an SMS does not have."),
    "93": _("The gateway does not read how our request is made."),
    "94": _("The text holds a link, which the gateway does not allow."),
    "96": _("Our account's limit at the gateway is reached."),
    "98": _("Our account at the gateway is restricted."),
    "101": _("The gateway does not let us in."),
    "102": _("The gateway does not let us in."),
    "103": _("Our account at the gateway is empty."),
    "105": _("The gateway does not accept our address."),
    "112": _("Messages to this number are blocked."),
    "201": _("An internal error of the gateway."),
    "203": _("Too many requests at once."),
    "666": _("An internal error of the gateway."),
    "999": _("An internal error of the gateway."),
    "HTTP 429": _("Too many requests at once."),
    "connect": _("There was no connection to the gateway."),
    "connection": _("The connection to the gateway broke."),
    "no answer": _("The gateway did not answer in time."),
    "no result": _("The gateway's answer did not tell."),
    "not tried": _("Not tried: the gateway had just failed for others."),
}
_ERROR_CLASSES: dict[str, StrOrPromise] = {
    ErrorClass.MESSAGE: _("The gateway does not take this text."),
    ErrorClass.RECIPIENT: _("The gateway does not take this number."),
    ErrorClass.SENDER: _("The gateway does not take this sender name."),
    ErrorClass.CONFIGURATION: _("The gateway refuses our account; the operator has been told."),
    ErrorClass.FUNDS: _("Our account at the gateway is empty; the operator has been told."),
    ErrorClass.RETRY: _("The gateway asked to try again later."),
    ErrorClass.DUPLICATE: _("The gateway has this message already."),
    ErrorClass.UNCERTAIN: _("Nobody knows whether the gateway has it; it is being found out."),
}


def report_meaning(code: str) -> StrOrPromise:
    """What a delivery report says; empty for a code that we do not know."""
    return _REPORT_BY_CODE.get(code, "")


def error_meaning(error_class: str, code: str) -> StrOrPromise:
    """What an error says, by its code, else by its class; empty where there is none."""
    return _ERRORS.get(code) or _ERROR_CLASSES.get(error_class, "")
