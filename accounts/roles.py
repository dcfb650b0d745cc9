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

    USE_CONTACTS = auto()
    SEND_MESSAGES = auto()
    SEE_BALANCE = auto()
    SEE_AGENCIES = auto()
    SEE_PAYMENTS = auto()
    BOOK_PAYMENTS = auto()


_AGENT = frozenset({Permission.USE_CONTACTS, Permission.SEND_MESSAGES, Permission.SEE_BALANCE})
_BILLING = frozenset({Permission.SEE_AGENCIES, Permission.SEE_PAYMENTS, Permission.BOOK_PAYMENTS})

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: _AGENT,
    Role.EMPLOYEE: _AGENT,
    Role.ACCOUNTANT: frozenset({Permission.SEE_BALANCE}),
    Role.SUPPORT: frozenset({Permission.SEE_AGENCIES, Permission.SEE_PAYMENTS}),
    Role.BILLING: _BILLING,
    Role.ADMIN: _BILLING,
}
