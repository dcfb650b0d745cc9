"""Who may do what: the one table of roles and permissions."""

from __future__ import annotations

from enum import Enum, auto

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """An agency's people and the operator's people; nobody is both."""

    OWNER = "owner", _("Owner")
    EMPLOYEE = "employee", _("Employee")
    ACCOUNTANT = "accountant", _("Accountant")
    SUPPORT = "support", _("Operator: support")
    BILLING = "billing", _("Operator: billing")
    ADMIN = "admin", _("Operator: administrator")


AGENCY_ROLES = (Role.OWNER, Role.EMPLOYEE, Role.ACCOUNTANT)
OPERATOR_ROLES = (Role.SUPPORT, Role.BILLING, Role.ADMIN)


class Permission(Enum):
    """What a page may require. An agency's permission covers that agency's own data and nothing else."""

    # An agency's
    USE_CONTACTS = auto()
    SEND_MESSAGES = auto()
    MANAGE_SENDER_NAMES = auto()  # ask for one's own, choose the default; whoever sends sees them
    SEE_BALANCE = auto()  # how much is left: whoever sends must know
    SEE_BOOKS = auto()  # payments, movements of the balance, invoices
    MANAGE_AGENCY = auto()  # its data, the export of all of it, closing
    # Either's: one's own agency, or the operator's team
    MANAGE_PEOPLE = auto()
    SEE_EVENTS = auto()
    # The operator's
    SEE_AGENCIES = auto()
    HELP_AGENCIES = auto()  # mail a password again, correct an address that never got one
    SEE_MESSAGES = auto()  # of any agency, with masked numbers
    SEE_GATEWAYS = auto()
    RUN_GATEWAYS = auto()  # let a halted one go on
    SEE_SENDER_NAMES = auto()  # of all agencies, with their documents; the reserved words
    DECIDE_SENDER_NAMES = auto()  # and change the reserved words
    SEE_PAYMENTS = auto()
    BOOK_PAYMENTS = auto()
    SET_PRICES = auto()


_EMPLOYEE = frozenset({Permission.USE_CONTACTS, Permission.SEND_MESSAGES, Permission.SEE_BALANCE})
_ACCOUNTANT = frozenset({Permission.SEE_BALANCE, Permission.SEE_BOOKS})
_OWNER = (
    _EMPLOYEE
    | _ACCOUNTANT
    | {
        Permission.MANAGE_SENDER_NAMES,
        Permission.MANAGE_AGENCY,
        Permission.MANAGE_PEOPLE,
        Permission.SEE_EVENTS,
    }
)
_OPERATOR = frozenset({Permission.SEE_AGENCIES, Permission.SEE_PAYMENTS})
_SUPPORT = _OPERATOR | {
    Permission.HELP_AGENCIES,
    Permission.SEE_MESSAGES,
    Permission.SEE_GATEWAYS,
    Permission.RUN_GATEWAYS,
    Permission.SEE_SENDER_NAMES,
}
_BILLING = _OPERATOR | {Permission.BOOK_PAYMENTS}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: _OWNER,
    Role.EMPLOYEE: _EMPLOYEE,
    Role.ACCOUNTANT: _ACCOUNTANT,
    Role.SUPPORT: _SUPPORT,
    Role.BILLING: _BILLING,
    Role.ADMIN: _SUPPORT
    | _BILLING
    | {
        Permission.MANAGE_PEOPLE,
        Permission.SEE_EVENTS,
        Permission.SET_PRICES,
        Permission.DECIDE_SENDER_NAMES,
    },
}

# What is left of them in an agency that closed its account: its invoices, its own data, the way back.
WHEN_CLOSED = _ACCOUNTANT | {Permission.MANAGE_AGENCY, Permission.SEE_EVENTS}
