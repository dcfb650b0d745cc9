"""Who uses the portal: the agency (the tenant, the payer) and the people of agencies and of the operator."""

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

from accounts.registration_codes import fold, format_code
from accounts.roles import AGENCY_ROLES, OPERATOR_ROLES, ROLE_PERMISSIONS, Permission, Role


class AgencyQuerySet(models.QuerySet["Agency"]):
    def search(self, text: str) -> AgencyQuerySet:
        """Agencies whose name, NIP, e-mail or registration code contains the text, by name."""
        # PostgreSQL takes no NUL.
        words = text.replace("\0", "").strip()
        found = Q(name__icontains=words) | Q(email__icontains=words)
        if code := fold(words):
            found |= Q(registration_code__contains=code)
        if digits := "".join(filter(str.isdecimal, words)):
            found |= Q(nip__contains=digits)
        return self.filter(found).order_by("name", "id")


class Agency(models.Model):
    """A firm of insurance agents: owns contacts, messages, a wallet and invoices."""

    name = models.CharField(_("agency name"), max_length=200)
    # Ten digits; empty for a natural person who runs no business.
    nip = models.CharField(_("NIP"), max_length=10, blank=True)
    street = models.CharField(_("street and number"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=6)
    city = models.CharField(_("town"), max_length=100)
    # Invoices go here.
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=16)
    # Folded (registration_codes.fold): what a bank transfer's title is searched for.
    registration_code = models.CharField(_("registration code"), max_length=40, unique=True)
    # Of mails and invoices' covering letters.
    language = models.CharField(_("language"), max_length=2, default="pl")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.UniqueConstraint(fields=["nip"], condition=~Q(nip=""), name="agency_nip_once"),
            models.CheckConstraint(
                condition=~Q(registration_code=""), name="agency_has_registration_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def formatted_code(self) -> str:
        """The registration code as people write it: 7K3M-9QW3."""
        return format_code(self.registration_code)

    @property
    def address(self) -> str:
        """Street, postal code and town in one line."""
        return f"{self.street}, {self.postal_code} {self.city}"


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail in any letter case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

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
    # Set while the password is the mailed one; empty once the person has chosen their own.
    one_time_password_expires_at = models.DateTimeField(null=True, blank=True)
    one_time_password_used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

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
        """Whether the person's role has the permission (accounts/roles.py)."""
        return permission in ROLE_PERMISSIONS[self.role]

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
