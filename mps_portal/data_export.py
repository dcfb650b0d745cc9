"""Making the archive of all data of an agency: what each app hands over, written as CSV, JSON and PDF into a ZIP."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import data_exports
from accounts import exporting as accounts_exporting
from accounts.csv_export import csv_cell
from accounts.exporting import Cell, Row, Table
from accounts.models import Agency, DataExport
from billing import exporting as billing_exporting
from messaging import exporting as messaging_exporting
from messaging.models import Message

# Documents between two notes of the progress.
STEP = 25


def make(export_id: int) -> bool:
    """Make the export and keep it for its owners. False if there is nothing to do, or it is in other hands.

    Written to a file on disk first, so that memory does not grow with the agency.
    """
    export = data_exports.claim(export_id)
    if export is None:
        return False
    with TemporaryFile() as file:
        with (
            translation.override(export.agency.language),
            ZipFile(file, "w", ZIP_DEFLATED) as archive,
        ):
            _fill(archive, export)
        file.seek(0)
        return data_exports.store(export, file)


def _fill(archive: ZipFile, export: DataExport) -> None:
    tables = all_tables(export.agency)
    documents = billing_exporting.invoice_documents(export.agency)
    num_files = 1 + 2 * len(tables) + len(documents)
    archive.writestr(_entry("README.txt"), _readme(export.agency, tables))
    for number, table in enumerate(tables):
        data_exports.note_progress(export, 1 + 2 * number, num_files)
        _write_table(archive, table)
    done = num_files - len(documents)
    for number, (name, content) in enumerate(billing_exporting.read_documents(documents)):
        if number % STEP == 0:
            data_exports.note_progress(export, done + number, num_files)
        # PDFs are compressed already.
        archive.writestr(_entry(f"invoices/{name}"), content, ZIP_STORED)
    data_exports.note_progress(export, num_files, num_files)


def all_tables(agency: Agency) -> list[Table]:
    """Every table of every app."""
    return [
        *accounts_exporting.tables(agency),
        *messaging_exporting.tables(agency),
        *billing_exporting.tables(agency),
    ]


def _write_table(archive: ZipFile, table: Table) -> None:
    """Both formats from one reading; the second one waits on disk, since a ZIP takes one file at a time."""
    with TemporaryFile() as waiting:
        as_json = io.TextIOWrapper(waiting, "utf-8", newline="\n")
        with archive.open(_entry(f"{table.name}.csv"), "w", force_zip64=True) as raw:
            as_csv = io.TextIOWrapper(raw, "utf-8-sig", newline="")
            _write_both(table, as_csv, as_json)
            as_csv.flush()
            as_csv.detach()
        as_json.flush()
        waiting.seek(0)
        with archive.open(_entry(f"{table.name}.json"), "w", force_zip64=True) as raw:
            shutil.copyfileobj(waiting, raw)
        as_json.detach()


def _write_both(table: Table, as_csv: IO[str], as_json: IO[str]) -> None:
    writer = csv.writer(as_csv, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.columns)
    separator = "[\n"
    for row in table.rows():
        writer.writerow([csv_cell(cell) for cell in row])
        as_json.write(separator + _json_object(table, row))
        separator = ",\n"
    as_json.write("[]\n" if separator == "[\n" else "\n]\n")


def _json_object(table: Table, row: Row) -> str:
    return json.dumps(
        dict(zip(table.columns, map(_json_value, row), strict=True)), ensure_ascii=False
    )


def _json_value(cell: Cell) -> str | int | None:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="seconds")
    return str(cell) if isinstance(cell, date | Decimal) else cell


def _readme(agency: Agency, tables: list[Table]) -> str:
    context: dict[str, Any] = {
        "agency": agency,
        "now": timezone.now(),
        "tables": tables,
        "states": Message.State.choices,
    }
    # Windows' own editor shows Polish letters right only with the mark in front.
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + render_to_string(
        "mps_portal/data_export_readme.txt", context
    ).replace("\n", "\r\n")


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    # Readable by their owner: Python's default is nobody.
    entry.external_attr = 0o600 << 16
    return entry


def file_name(export: DataExport) -> str:
    """MPS-7K3M9QW3-2026-11-22.zip"""
    return f"MPS-{export.agency.registration_code}-{timezone.localdate(export.finished_at)}.zip"
