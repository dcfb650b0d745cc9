from __future__ import annotations

import pytest
from django.db.models import Field, Model

from messaging import contact_values
from messaging.models import Contact, Policy, Vehicle


@pytest.mark.parametrize(
    ("model", "name", "limit"),
    [
        (Contact, "email", contact_values.MAX_EMAIL_LENGTH),
        (Policy, "number", contact_values.MAX_POLICY_NUMBER_LENGTH),
        (Policy, "insurer", contact_values.MAX_TEXT_LENGTH),
        (Vehicle, "registration_number", contact_values.MAX_REGISTRATION_NUMBER_LENGTH),
        (Vehicle, "make_model", contact_values.MAX_TEXT_LENGTH),
    ],
)
def test_what_is_read_fits_the_column_of_the_database(
    model: type[Model], name: str, limit: int
) -> None:
    """PostgreSQL refuses what is longer; SQLite would keep it."""
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    assert field.max_length == limit
