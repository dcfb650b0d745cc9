"""The people of agencies and of the operator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.agencies import Agency
from accounts.registration_codes import fold
from accounts.roles import (
    AGENCY_ROLES,
    OPERATOR_ROLES,
    ROLE_PERMISSIONS,
    WHEN_CLOSED,
    Permission,
    Role,
)

# How many rows a page of a list may have.
ROWS_PER_PAGE = (25, 50, 100, 200)


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail in any letter case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def owner_with_code(self, code: str) -> User | None:
        """Whom an agency's registration code logs in, however typed: the owner who has been there longest."""
        owners = self.filter(agency__registration_code=fold(code), role=Role.OWNER, is_active=True)
        return owners.order_by("id").first()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password nobody can log in as them yet."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The operator's first administrator (`manage.py createsuperuser`)."""
        return self.create_user(email, password, role=Role.ADMIN, **fields)


class User(AbstractBaseUser):
    """A person. Agency people belong to one agency, the operator's people to none."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("first and last name"), max_length=150)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("agency"),
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Removed people keep their row, for what they did, and lose their e-mail address, password and sessions.
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What an employee may send in a Warsaw calendar month, in SMS parts or in grosze; both empty: no limit.
    monthly_limit_parts = models.PositiveIntegerField(null=True, blank=True)
    monthly_limit_amount = models.PositiveBigIntegerField(null=True, blank=True)
    # Set while the password is the mailed one; empty once the person has chosen their own.
    one_time_password_expires_at = models.DateTimeField(null=True, blank=True)
    one_time_password_used_at = models.DateTimeField(null=True, blank=True)
    rows_per_page = models.PositiveSmallIntegerField(default=50)
    # By the name of a list, the names of the columns that the person wants to see in it.
    list_columns = models.JSONField(default=dict)

    objects: ClassVar[UserManager] = UserManager()

    # What set_one_time_password and set_own_password change. Saved alone: whoever writes the whole row of somebody who
    # loses a role or the team at the same moment gives it back to them.
    PASSWORD_FIELDS = ("password", "one_time_password_expires_at", "one_time_password_used_at")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
            models.CheckConstraint(
                condition=Q(role__in=AGENCY_ROLES, agency__isnull=False)
                | Q(role__in=OPERATOR_ROLES, agency__isnull=True),
                name="user_role_fits_agency",
            ),
            models.CheckConstraint(
                condition=Q(monthly_limit_parts=None, monthly_limit_amount=None)
                | Q(role=Role.EMPLOYEE, monthly_limit_parts=None)
                | Q(role=Role.EMPLOYEE, monthly_limit_amount=None),
                name="user_one_limit_of_an_employee",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(is_active=False), name="user_removed_is_inactive"
            ),
            models.CheckConstraint(
                condition=Q(rows_per_page__in=ROWS_PER_PAGE), name="user_rows_per_page_offered"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_operator(self) -> bool:
        return self.role in OPERATOR_ROLES

    @property
    def has_one_time_password(self) -> bool:
        return self.one_time_password_expires_at is not None

    def may(self, permission: Permission) -> bool:
        """Whether the person's role has the permission (accounts/roles.py); in a closed agency few are left."""
        if self.agency is not None and self.agency.is_closed and permission not in WHEN_CLOSED:
            return False
        return permission in ROLE_PERMISSIONS[self.role]

    @property
    def language(self) -> str:
        """Of mails to this person: their agency's, Polish for the operator's people."""
        return self.agency.language if self.agency else "pl"

    def set_one_time_password(self, password: str) -> None:
        """Make `password` open the portal once, within ONE_TIME_PASSWORD_DAYS from now. Does not save."""
        self.set_password(password)
        self.one_time_password_expires_at = timezone.now() + timedelta(
            days=settings.ONE_TIME_PASSWORD_DAYS
        )
        self.one_time_password_used_at = None

    def set_own_password(self, password: str) -> None:
        """Replace whatever password there was by one that the person chose. Does not save."""
        self.set_password(password)
        self.one_time_password_expires_at = None
        self.one_time_password_used_at = None
