"""The kinds of events as people look for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import EventKind as Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Kinds that belong together. `name` stands in addresses, so it must differ from every kind."""

    name: str
    label: StrOrPromise
    kinds: tuple[Kind, ...]


EVENT_GROUPS = (
    EventGroup(
        "logins",
        _("Login and passwords"),
        (
            Kind.LOGGED_IN,
            Kind.LOGIN_FAILED,
            Kind.LOGIN_BLOCKED,
            Kind.LOGGED_OUT,
            Kind.SESSIONS_ENDED,
            Kind.PASSWORD_ASKED,
            Kind.PASSWORD_MAILED,
            Kind.PASSWORD_CHANGED,
            Kind.PASSWORD_RESET,
            Kind.SECOND_FACTOR_ADDED,
            Kind.SECOND_FACTOR_REMOVED,
            Kind.SECOND_FACTOR_FAILED,
            Kind.RECOVERY_CODES_MADE,
            Kind.RECOVERY_CODE_USED,
            Kind.EMAIL_CHANGE_ASKED,
            Kind.EMAIL_CHANGED,
        ),
    ),
    EventGroup(
        "people",
        _("Agency and people"),
        (
            Kind.AGENCY_REGISTERED,
            Kind.AGENCY_CHANGED,
            Kind.PERSON_INVITED,
            Kind.INVITATION_WITHDRAWN,
            Kind.PERSON_JOINED,
            Kind.PERSON_RENAMED,
            Kind.ROLE_CHANGED,
            Kind.LIMIT_CHANGED,
            Kind.PERSON_REMOVED,
        ),
    ),
    EventGroup(
        "clients",
        _("Clients and messages"),
        (
            Kind.CONTACTS_IMPORTED,
            Kind.CONTACT_DELETED,
            Kind.CONSENTS_RECORDED,
            Kind.CONSENT_WORDING_WRITTEN,
            Kind.OPT_OUTS_ADDED,
            Kind.OPT_OUT_REMOVED,
            Kind.TEMPLATE_DELETED,
            Kind.TEMPLATE_ARCHIVED,
            Kind.TEST_MESSAGE_SENT,
            Kind.DRAFT_DELETED,
            Kind.CAMPAIGN_CONFIRMED,
            Kind.CAMPAIGN_PAUSED,
            Kind.CAMPAIGN_RESUMED,
            Kind.CAMPAIGN_CANCELLED,
            Kind.GATEWAY_HALTED,
            Kind.GATEWAY_RESUMED,
            Kind.MESSAGES_SEEN,
        ),
    ),
    EventGroup(
        "names",
        _("Sender names"),
        (
            Kind.NAME_SUBMITTED,
            Kind.NAME_TAKEN,
            Kind.NAME_APPROVED,
            Kind.NAME_AUTHORISED,
            Kind.NAME_REJECTED,
            Kind.NAME_REVOKED,
            Kind.NAME_PERMITTED,
            Kind.DEFAULT_SENDER_CHANGED,
            Kind.NAME_FILE_FETCHED,
            Kind.WORD_RESERVED,
            Kind.WORD_FREED,
        ),
    ),
    EventGroup(
        "money",
        _("Payments and prices"),
        (
            Kind.PAYMENT_BOOKED,
            Kind.LINE_ASSIGNED,
            Kind.LINE_SET_ASIDE,
            Kind.LINE_TAKEN_BACK,
            Kind.PAYER_FORGOTTEN,
            Kind.PAYMENT_UNDONE,
            Kind.STATEMENT_IMPORTED,
            Kind.INVOICE_CORRECTED,
            Kind.INVOICE_SENT_AGAIN,
            Kind.MONEY_PAID_BACK,
            Kind.RETURN_TRANSFERRED,
            Kind.PRICE_SET,
            Kind.PRICE_WITHDRAWN,
        ),
    ),
    EventGroup(
        "data",
        _("Exports and closing"),
        (
            Kind.LIST_EXPORTED,
            Kind.DATA_EXPORT_ASKED,
            Kind.DATA_EXPORT_FETCHED,
            Kind.ACCOUNT_CLOSED,
            Kind.ACCOUNT_REOPENED,
            Kind.DATA_ERASED,
        ),
    ),
)


def kinds_of(name: str) -> tuple[str, ...]:
    """The kinds of the group called `name`; for the name of a kind, that one."""
    groups = {group.name: group.kinds for group in EVENT_GROUPS}
    return groups.get(name, (name,))
