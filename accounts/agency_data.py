"""Changing the agency's own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation

from accounts import events
from accounts.models import Agency, EventKind


@transaction.atomic
def change_agency(*, agency_id: int, values: Mapping[str, Any]) -> bool:
    """Store what is different among `values` (a cleaned AgencyDataForm), with an event that names the fields.

    Invoices issued so far keep their copies. False when nothing was different.
    """
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    changed = [name for name, value in values.items() if getattr(agency, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(agency, name, values[name])
    agency.save(update_fields=changed)
    events.record(EventKind.AGENCY_CHANGED, _names(changed), agency=agency)
    return True


def _names(fields: list[str]) -> str:
    """As the events' readers know them: in Polish."""
    labels = {field.name: field.verbose_name for field in Agency._meta.fields}
    with translation.override("pl"):
        return ", ".join(str(labels[name]) for name in fields)
