"""What templates show by permission."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import Role
from accounts.templatetags.permissions import may


def test_accountant_sees_the_balance_and_no_contacts() -> None:
    accountant = User(role=Role.ACCOUNTANT)
    assert may(accountant, "SEE_BALANCE")
    assert not may(accountant, "USE_CONTACTS")


def test_visitor_may_nothing() -> None:
    assert not may(AnonymousUser(), "SEE_BALANCE")


def test_misspelt_permission_is_an_error() -> None:
    with pytest.raises(KeyError):
        may(AnonymousUser(), "SEE_BALANCES")
