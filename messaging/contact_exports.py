"""Clients as a CSV or XLSX file, in the columns that the import reads: a file that goes out and in changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone

from accounts.csv_export import csv_cell, csv_response
from accounts.events import record
from accounts.models import EventKind
from billing.money import to_zloty
from messaging.contact_columns import LABELS
from messaging.models import Contact, Instalment, Policy, Vehicle
from messaging.phones import format_phone

Format = Literal["csv", "xlsx"]
Cells = dict[str, Any]

COLUMNS = (
    "last_name",
    "first_name",
    "company",
    "phone",
    "other_phones",
    "email",
    "birthday",
    "groups",
    "notes",
    "policy_number",
    "policy_kind",
    "insurer",
    "policy_starts_on",
    "policy_ends_on",
    "premium",
    "registration_number",
    "make_model",
    "inspection_due",
    "instalment_number",
    "instalment_amount",
    "instalment_due",
    "instalment_paid",
)
# Clients with all that hangs on them that are in memory at a time.
CHUNK = 500
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_contacts(contacts: QuerySet[Contact], fmt: Format) -> HttpResponseBase:
    """A download of these clients, a line for each policy, vehicle and instalment; noted in the audit trail.

    The caller has narrowed the clients to the agency of whoever asks.
    """
    name = f"klienci-{timezone.localdate()}.{fmt}"
    record(EventKind.LIST_EXPORTED, name)
    header = [str(LABELS[column]) for column in COLUMNS]
    if fmt == "xlsx":
        return _workbook(name, header, _rows(contacts))
    return csv_response(name, header, (list(map(_as_text, row)) for row in _rows(contacts)))


def _rows(contacts: QuerySet[Contact]) -> Iterator[list[Any]]:
    """Cells in the order of COLUMNS: text, dates, amounts in złoty as Decimal, None where there is nothing."""
    whole = contacts.prefetch_related(
        "other_numbers", "groups", "vehicles", "policies__instalments", "policies__vehicle"
    )
    for contact in whole.iterator(CHUNK):
        own = _of_contact(contact)
        for line in _lines(contact):
            cells = own | line
            yield [cells.get(column) for column in COLUMNS]


def _lines(contact: Contact) -> Iterator[Cells]:
    """What stands in the client's lines beside the client: at least one, perhaps empty."""
    policies = sorted(contact.policies.all(), key=lambda policy: policy.pk)
    insured = {policy.vehicle_id for policy in policies}
    others = [vehicle for vehicle in contact.vehicles.all() if vehicle.pk not in insured]
    lines = chain(
        chain.from_iterable(map(_of_policy, policies)),
        (_of_vehicle(vehicle) for vehicle in sorted(others, key=lambda vehicle: vehicle.pk)),
    )
    first = next(lines, {})
    yield first
    yield from lines


def _of_contact(contact: Contact) -> Cells:
    numbers = sorted(contact.other_numbers.all(), key=lambda number: number.pk)
    return {
        "last_name": contact.last_name,
        "first_name": contact.first_name,
        "company": contact.company,
        "phone": format_phone(contact.phone),
        "other_phones": ", ".join(number.number for number in numbers),
        "email": contact.email,
        "birthday": contact.birthday,
        "groups": "; ".join(sorted(group.name for group in contact.groups.all())),
        "notes": contact.notes,
    }


def _of_policy(policy: Policy) -> Iterator[Cells]:
    """A line for each instalment, or one if there are none."""
    cells = {
        "policy_number": policy.number,
        "policy_kind": str(policy.get_kind_display()),
        "insurer": policy.insurer,
        "policy_starts_on": policy.starts_on,
        "policy_ends_on": policy.ends_on,
        "premium": None if policy.premium is None else to_zloty(policy.premium),
    }
    if policy.vehicle:
        cells |= _of_vehicle(policy.vehicle)
    instalments = sorted(policy.instalments.all(), key=lambda instalment: instalment.number)
    yield from ({**cells, **_of_instalment(instalment)} for instalment in instalments)
    if not instalments:
        yield cells


def _of_vehicle(vehicle: Vehicle) -> Cells:
    return {
        "registration_number": vehicle.registration_number,
        "make_model": vehicle.make_model,
        "inspection_due": vehicle.inspection_due,
    }


def _of_instalment(instalment: Instalment) -> Cells:
    return {
        "instalment_number": instalment.number,
        "instalment_amount": to_zloty(instalment.amount),
        "instalment_due": instalment.due_on,
        "instalment_paid": instalment.paid_on,
    }


def _as_text(cell: Any) -> Any:
    """A cell as people write it; the rest is csv_export's."""
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else cell


def _workbook(name: str, header: list[str], rows: Iterator[list[Any]]) -> FileResponse:
    """An XLSX file, made on disk: memory does not grow with the list."""
    # A tenth of a second that only those wait who want workbooks.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(header)
    for row in rows:
        sheet.append(list(map(_for_sheet, row)))
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX_TYPE)
    response["Cache-Control"] = "private, no-store"
    return response


def _for_sheet(cell: Any) -> Any:
    """A cell that no spreadsheet runs, without the control characters that XML does not allow."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(cell, str):
        return cell
    return ILLEGAL_CHARACTERS_RE.sub("", csv_cell(cell)) or None
