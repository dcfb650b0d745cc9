"""The archive of all data: what is in it, how it is made by workers that may die, and who gets it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import data_exports, events
from accounts.models import (
    Agency,
    DataExport,
    DataExportPart,
    Event,
    EventKind,
    OutgoingMail,
    User,
)
from accounts.outbox import deliver
from accounts.tests.jobs import forget_jobs, queued_jobs
from accounts.tests.pages import browser, text_of
from accounts.tests.races import run_together
from billing import ledger
from billing.tests.payments import ACCOUNT, PDF, invoice_with_pdf
from messaging.models import DefaultSender, Message
from messaging.tests.book import client_of, messages_of, whole_client_of
from mps_portal import data_export, tasks

pytestmark = pytest.mark.django_db

PATH = "/ustawienia/dane/"
TABLES = {
    "agency",
    "people",
    "consents",
    "invitations",
    "events",
    "contacts",
    "contact_numbers",
    "contact_consents",
    "consent_wordings",
    "opted_out_numbers",
    "opt_out_history",
    "incoming_messages",
    "groups",
    "group_members",
    "vehicles",
    "policies",
    "instalments",
    "imports",
    "import_columns",
    "sender_names",
    "default_sender",
    "templates",
    "campaigns",
    "messages",
    "delivery_reports",
    "ledger",
    "payments",
    "invoices",
    "return_transfers",
}


def ready(agency: Agency, owner: User) -> DataExport:
    """An export that is made."""
    export = data_exports.ask(agency=agency, asked_by=owner)
    assert tasks.make_data_export(export.pk)
    export.refresh_from_db()
    return export


def archive_of(export: DataExport) -> ZipFile:
    parts = export.parts.filter(attempt=export.attempts).order_by("number")
    return ZipFile(io.BytesIO(b"".join(bytes(part.content) for part in parts)))


def csv_of(export: DataExport, name: str) -> list[dict[str, str]]:
    text = archive_of(export).read(f"{name}.csv").decode("utf-8")
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))


def json_of(export: DataExport, name: str) -> Any:
    return json.loads(archive_of(export).read(f"{name}.json"))


def imported_by(person: User) -> None:
    """An import that is over, and a column that was chosen by hand."""
    agency = person.agency
    assert agency is not None
    agency.contact_imports.create(
        started_by=person,
        file_name="klienci.csv",
        state="done",
        num_rows=3,
        num_created=2,
        num_refused=1,
        finished_at=timezone.now(),
    )
    agency.chosen_columns.create(header="kto", column="last_first")


def will_of(agency: Agency) -> None:
    """A wording, a reply that opts out, and a sender name of its own."""
    phone = agency.contacts.first().phone  # type: ignore[union-attr]
    agency.consent_wordings.create(text="Zgadzam się na oferty SMS-em.")
    agency.opted_out_numbers.create(phone=phone, channel="sms")
    agency.opt_out_steps.create(phone=phone, is_out=True, channel="sms", source="STOP")
    agency.incoming_messages.create(
        phone=phone, to="48500000000", text="STOP", is_opt_out=True, digest=str(agency.pk)
    )
    DefaultSender.objects.create(
        agency=agency, sender_name=agency.sender_names.create(name="ZolcUbezp")
    )


# --- what is in it --------------------------------------------------------------------------------


def test_every_table_comes_as_csv_and_json_and_invoices_as_pdf(agency: Agency, owner: User) -> None:
    invoice = invoice_with_pdf(agency)
    export = ready(agency, owner)
    names = set(archive_of(export).namelist())
    expected = {f"{name}.{ending}" for name in TABLES for ending in ("csv", "json")}
    assert names == expected | {"README.txt", f"invoices/{invoice.file_name}"}
    assert archive_of(export).read(f"invoices/{invoice.file_name}") == PDF
    assert archive_of(export).testzip() is None
    assert (export.num_done, export.num_files) == (len(names), len(names))


def test_a_message_has_number_text_status_times_and_cost(agency: Agency, owner: User) -> None:
    (message,) = messages_of(agency, "delivered")
    export = ready(agency, owner)
    (row,) = csv_of(export, "messages")
    local = timezone.localtime(message.created_at)
    assert row["phone"] == message.phone
    assert (row["text"], row["state"], row["cost"]) == ("Tekst delivered", "delivered", "0,29")
    assert (row["created_at"], row["sent_at"]) == (f"{local:%Y-%m-%d %H:%M:%S}", "")
    (same,) = json_of(export, "messages")
    assert (same["text"], same["cost"], same["sent_at"]) == ("Tekst delivered", "0.29", None)
    assert same["created_at"] == local.isoformat(timespec="seconds")
    assert same["campaign_id"] == message.campaign_id


def test_both_formats_have_the_same_rows(agency: Agency, owner: User) -> None:
    invoice_with_pdf(agency)
    client_of(agency, 1).policies.create(number="P 1", premium=12345)
    export = ready(agency, owner)
    for name in TABLES:
        assert len(csv_of(export, name)) == len(json_of(export, name))
    assert csv_of(export, "policies")[0]["premium"] == "123,45"
    assert csv_of(export, "vehicles")[0]["inspection_due"] == "2026-12-15"
    assert csv_of(export, "ledger")[0]["amount"] == "100,00"
    assert csv_of(export, "invoices")[0]["gross"] == "100,00"
    assert csv_of(export, "agency")[0]["name"] == "Ubezpieczenia Anna Żółć"
    assert [one["full_name"] for one in csv_of(export, "people")] == ["Anna Żółć"]


def test_a_client_comes_with_all_that_belongs_to_them(agency: Agency, owner: User) -> None:
    contact = whole_client_of(agency, 1, birthday="1970-02-03", notes="Dzwonić po 16")
    export = ready(agency, owner)
    (row,) = csv_of(export, "contacts")
    assert (row["birthday"], row["notes"]) == ("1970-02-03", "Dzwonić po 16")
    assert row["marketing_consent_at"] != row["opted_out_at"] == ""
    assert csv_of(export, "contact_numbers")[0]["number"] == "77 453 12 34"
    (consent,) = csv_of(export, "contact_consents")
    assert (consent["kind"], consent["is_given"], consent["source"]) == (
        "marketing",
        "1",
        "telefon",
    )
    group, member = csv_of(export, "groups")[0], csv_of(export, "group_members")[0]
    assert group["name"] == "Flota"
    assert member == {"group_id": group["id"], "contact_id": str(contact.pk)}
    (instalment,) = csv_of(export, "instalments")
    assert (instalment["due_on"], instalment["amount"]) == ("2026-12-15", "200,00")


def test_imports_come_with_what_became_of_them_and_the_columns_that_were_chosen(
    agency: Agency, owner: User
) -> None:
    imported_by(owner)
    export = ready(agency, owner)
    (row,) = csv_of(export, "imports")
    assert (row["file_name"], row["state"], row["started_by"]) == (
        "klienci.csv",
        "done",
        "Anna Żółć",
    )
    numbers = [row[f"num_{name}"] for name in ("rows", "created", "updated", "refused")]
    assert numbers == ["3", "2", "0", "1"]
    assert row["started_at"] <= row["finished_at"]
    assert csv_of(export, "import_columns") == [{"header": "kto", "column": "last_first"}]


def test_what_clients_replied_and_the_sender_names_come_along(agency: Agency, owner: User) -> None:
    contact = client_of(agency, 1)
    will_of(agency)
    export = ready(agency, owner)
    (wording,) = csv_of(export, "consent_wordings")
    assert wording["text"] == "Zgadzam się na oferty SMS-em."
    (number,) = csv_of(export, "opted_out_numbers")
    assert (number["phone"], number["channel"]) == (contact.phone, "sms")
    (step,) = csv_of(export, "opt_out_history")
    assert (step["phone"], step["is_out"], step["source"]) == (contact.phone, "1", "STOP")
    (reply,) = csv_of(export, "incoming_messages")
    assert (reply["text"], reply["is_opt_out"]) == ("STOP", "1")
    (name,) = csv_of(export, "sender_names")
    assert (name["name"], name["state"]) == ("ZolcUbezp", "draft")
    assert csv_of(export, "default_sender") == [{"name": "ZolcUbezp"}]


def test_nothing_of_others_is_in_it(
    agency: Agency, owner: User, other_agency: Agency, as_stranger: Client
) -> None:
    for one in (agency, other_agency):
        invoice_with_pdf(one)
        one.return_transfers.create(amount=1, account=ACCOUNT, reason="x", asked_by=owner)
        (message,) = messages_of(one, "delivered")
        message.reports.create(
            gateway="smsapi",
            provider_id=f"A{one.pk}",
            state="delivered",
            happened_at=timezone.now(),
            received_at=timezone.now(),
        )
        whole_client_of(one, 80)
        imported_by(one.people.get(role="owner"))
        will_of(one)
    export = ready(agency, owner)
    for name in TABLES - {"consents", "invitations"}:
        text = archive_of(export).read(f"{name}.csv").decode()
        assert "Łęcki" not in text
        assert len(csv_of(export, name)) == {"vehicles": 2, "contacts": 2, "events": 2}.get(
            name, 1
        ), name


def test_no_password_is_in_it(agency: Agency, owner: User) -> None:
    export = ready(agency, owner)
    everything = b"".join(archive_of(export).read(n) for n in archive_of(export).namelist())
    assert owner.password.encode() not in everything
    assert b"password" not in everything


def test_the_operators_people_are_unnamed(agency: Agency, owner: User, as_support: Client) -> None:
    zofia = User.objects.get(email="pomoc@mps.example")
    events.record(EventKind.MESSAGES_SEEN, agency=agency, person=zofia)
    ledger.credit(agency=agency, amount=10_00, reference="payment:1", actor=zofia)
    ledger.debit(agency=agency, amount=29, reference="campaign:1", actor=owner)
    export = ready(agency, owner)
    for name in ("events", "ledger"):
        assert {row["who"] for row in csv_of(export, name)} == {"MPS", "Anna Żółć"}
    everything = b"".join(archive_of(export).read(name) for name in archive_of(export).namelist())
    assert b"Zofia" not in everything


def test_a_clients_name_with_every_kind_of_character_comes_back(
    agency: Agency, owner: User
) -> None:
    name = 'Żółć; "Anna"\r\n=2'
    client_of(agency, 1, last_name=name)
    export = ready(agency, owner)
    assert csv_of(export, "contacts")[0]["last_name"] == name
    assert json_of(export, "contacts")[0]["last_name"] == name


@pytest.mark.parametrize(("language", "words"), [("pl", "Twoi klienci."), ("en", "Your clients.")])
def test_the_readme_speaks_the_agencys_language(
    language: str, words: str, agency: Agency, owner: User
) -> None:
    Agency.objects.update(language=language)
    readme = archive_of(ready(agency, owner)).read("README.txt").decode()
    assert words in readme
    for name in TABLES:
        assert f"{name}.csv" in readme


# --- how it is made -------------------------------------------------------------------------------


def test_asking_queues_a_job_and_notes_it(agency: Agency, as_owner: Client) -> None:
    page = as_owner.post(f"{PATH}przygotuj/", follow=True)
    export = DataExport.objects.get()
    assert [(job.func, job.args) for job in queued_jobs()] == [
        ("mps_portal.tasks.make_data_export", (export.pk,))
    ]
    assert "Waiting" in text_of(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    event = Event.objects.get()
    assert (event.kind, event.agency) == ("data_export_asked", agency)


def test_only_one_is_made_at_a_time(agency: Agency, as_owner: Client) -> None:
    as_owner.post(f"{PATH}przygotuj/")
    page = as_owner.post(f"{PATH}przygotuj/", follow=True)
    assert "An export is being made already." in text_of(page)
    assert DataExport.objects.count() == len(queued_jobs()) == Event.objects.count() == 1


def test_when_ready_the_page_stops_asking_and_a_mail_leads_to_it(
    agency: Agency, as_owner: Client, owner: User
) -> None:
    ready(agency, owner)
    page = as_owner.get(PATH)
    assert "Download (" in text_of(page)
    assert "hx-trigger" not in page.content.decode()
    assert deliver(OutgoingMail.objects.get().pk)
    (sent,) = mail.outbox
    assert sent.to == [owner.email]
    assert "http://testserver/ustawienia/dane/" in sent.body
    assert sent.attachments == []


def test_the_moving_part_comes_alone(agency: Agency, as_owner: Client, owner: User) -> None:
    data_exports.ask(agency=agency, asked_by=owner)
    part = as_owner.get(PATH, headers={"hx-request": "true"}).content.decode()
    assert part.strip().startswith('<div id="data-exports"')


def test_it_is_made_once_however_often_the_job_runs(agency: Agency, owner: User) -> None:
    export = ready(agency, owner)
    assert not tasks.make_data_export(export.pk)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_make_one_archive(agency: Agency, owner: User) -> None:
    export = data_exports.ask(agency=agency, asked_by=owner)
    made = run_together(6, lambda _number: tasks.make_data_export(export.pk))
    assert sorted(made) == [False] * 5 + [True]
    assert archive_of(DataExport.objects.get()).testzip() is None


def break_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(data_export, "_write_table", fail)


def test_what_a_dead_worker_left_is_made_again(
    agency: Agency, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = data_exports.ask(agency=agency, asked_by=owner)
    with monkeypatch.context() as patch:
        break_it(patch)
        with pytest.raises(OSError, match="disk full"):
            tasks.make_data_export(export.pk)
    forget_jobs()
    assert tasks.sweep_data_exports() == 0
    with time_machine.travel(timezone.now() + data_exports.LEASE + timedelta(seconds=1)):
        assert tasks.sweep_data_exports() == 1
        assert tasks.make_data_export(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("ready", 2)


def test_after_three_attempts_it_has_failed_and_can_be_tried_again(
    agency: Agency, owner: User, as_owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = data_exports.ask(agency=agency, asked_by=owner)
    break_it(monkeypatch)
    with time_machine.travel(timezone.now()) as clock:
        for _attempt in range(3):
            with pytest.raises(OSError, match="disk full"):
                tasks.make_data_export(export.pk)
            clock.shift(data_exports.LEASE + timedelta(seconds=1))
        assert not tasks.make_data_export(export.pk)
        assert tasks.sweep_data_exports() == 0
        text = text_of(browser(owner).get(PATH))
        assert "Failed" in text
        assert "Try again" in text
        browser(owner).post(f"{PATH}przygotuj/")
    assert DataExport.objects.filter(state="waiting").count() == 1


def test_a_worker_slower_than_its_lease_does_not_overwrite_the_next_ones(
    agency: Agency, owner: User
) -> None:
    export = data_exports.ask(agency=agency, asked_by=owner)
    slow = data_exports.claim(export.pk)
    assert slow is not None
    with time_machine.travel(timezone.now() + data_exports.LEASE + timedelta(seconds=1)):
        assert tasks.make_data_export(export.pk)
    assert not data_exports.store(slow, io.BytesIO(b"too late"))
    export.refresh_from_db()
    assert archive_of(export).testzip() is None
    assert set(DataExportPart.objects.values_list("attempt", flat=True)) == {2}


def test_one_that_was_erased_meanwhile_is_thrown_away(agency: Agency, owner: User) -> None:
    export = data_exports.ask(agency=agency, asked_by=owner)
    claimed = data_exports.claim(export.pk)
    assert claimed is not None
    DataExport.objects.update(state="failed")
    assert not data_exports.store(claimed, io.BytesIO(b"PK"))
    assert not DataExportPart.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_big_archive_lies_in_many_small_rows(
    agency: Agency, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_exports, "PART_SIZE", 100)
    export = ready(agency, owner)
    assert export.parts.count() == -(-export.size // 100)
    client = browser(owner)
    body = b"".join(client.get(f"{PATH}{export.pk}/pobierz/").streaming_content)
    assert len(body) == export.size
    assert ZipFile(io.BytesIO(body)).testzip() is None


# --- who gets it, and for how long ----------------------------------------------------------------


def test_an_owner_downloads_it_and_that_is_noted(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    export = ready(agency, owner)
    response = as_owner.get(f"{PATH}{export.pk}/pobierz/")
    body = b"".join(response.streaming_content)
    assert ZipFile(io.BytesIO(body)).testzip() is None
    day = timezone.localdate()
    assert response["Content-Disposition"] == f'attachment; filename="MPS-7K3M9QW3-{day}.zip"'
    assert response["Content-Length"] == str(len(body))
    assert response["Cache-Control"] == "private, no-store"
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["data_export_asked", "data_export_fetched"]


def test_after_a_day_it_is_deleted_and_the_link_says_so(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    export = ready(agency, owner)
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        client = browser(owner)
        page = client.get(f"{PATH}{export.pk}/pobierz/", follow=True)
        assert "This archive is deleted. Prepare a new one." in text_of(page)
        assert "Expired" in text_of(page)
        tasks.sweep_data_exports()
        assert not DataExportPart.objects.exists()
        # The mail that could not leave in all that time has nothing to tell any more.
        deliver(OutgoingMail.objects.get().pk)
    assert mail.outbox == []


def test_a_newer_one_replaces_the_older(agency: Agency, owner: User) -> None:
    first, second = ready(agency, owner), ready(agency, owner)
    first.refresh_from_db()
    assert (first.is_downloadable, second.is_downloadable) == (False, True)
    tasks.sweep_data_exports()
    assert set(DataExportPart.objects.values_list("export", flat=True)) == {second.pk}


def test_of_others_it_does_not_exist(agency: Agency, owner: User, as_stranger: Client) -> None:
    export = ready(agency, owner)
    assert as_stranger.get(f"{PATH}{export.pk}/pobierz/").status_code == 404
    assert "Download" not in text_of(as_stranger.get(PATH))


def test_one_that_is_not_ready_cannot_be_fetched(
    agency: Agency, owner: User, as_owner: Client
) -> None:
    export = data_exports.ask(agency=agency, asked_by=owner)
    assert as_owner.get(f"{PATH}{export.pk}/pobierz/").status_code == 404


@pytest.mark.parametrize("person", ["as_accountant", "as_support", "as_clerk"])
def test_others_may_not(
    person: str, agency: Agency, owner: User, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(person)
    export = ready(agency, owner)
    assert client.get(PATH).status_code == 403
    assert client.post(f"{PATH}przygotuj/").status_code == 403
    assert client.get(f"{PATH}{export.pk}/pobierz/").status_code == 403


def test_reading_takes_as_many_queries_whatever_the_number_of_messages(
    agency: Agency, owner: User, django_assert_max_num_queries: Any
) -> None:
    messages_of(agency, *(["delivered"] * 60))
    export = data_exports.ask(agency=agency, asked_by=owner)
    with django_assert_max_num_queries(72):
        tasks.make_data_export(export.pk)
    assert len(csv_of(DataExport.objects.get(), "messages")) == Message.objects.count() == 60


def test_its_pieces_are_read_one_by_one(agency: Agency, owner: User) -> None:
    export = ready(agency, owner)
    pieces = data_exports.fetch(export, fetched_by=owner)
    assert isinstance(pieces, Iterator)
