"""Statements from the browser: read by a worker, what they ask and are told, and what a dead worker leaves."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from accounts.tests.jobs import queued_jobs
from accounts.tests.pages import text_of
from billing import ledger, statement_import, statement_uploads
from billing.models import BankLine, CsvLayout, Statement, StatementFile, StatementUpload
from billing.statement_folder import import_folder
from billing.tasks import import_upload, sweep_uploads
from billing.tests.books import check_books
from billing.tests.statement_files import ACCOUNT, statement

State = StatementUpload.State
PATH = "/operator/wyciagi/"
WITH_BALANCE = f"""Rachunek {ACCOUNT};;;;
Kiedy;Ile;Za co;Kto;Stan
2026-11-19;29,00;KOD 7K3M-9QW3;ŻÓŁĆ;129,00
2026-11-20;-9,00;opłata;BANK;120,00
"""
LATER = f"""Rachunek {ACCOUNT};;;;
Kiedy;Ile;Za co;Kto;Stan
2026-11-21;58,00;KOD 7K3M-9QW3;ŻÓŁĆ;178,00
"""
WITHOUT_BALANCE = """Data,Kwota,Tytuł
2026-11-19,29.00,KOD 7K3M-9QW3
"""
COLUMNS = {
    "encoding": "utf-8",
    "column_0": "booked_on",
    "column_1": "amount",
    "column_2": "title",
    "column_3": "payer_name",
    "column_4": "balance",
}


def send(browser: Client, content: bytes, name: str = "wyciag.csv") -> StatementUpload:
    """Send a file and let the worker have it."""
    browser.post(PATH, {"file": SimpleUploadedFile(name, content)})
    upload = StatementUpload.objects.latest("id")
    import_upload(upload.pk)
    upload.refresh_from_db()
    return upload


def page(browser: Client, upload: StatementUpload, **headers: str) -> Any:
    return browser.get(f"{PATH}wczytanie/{upload.pk}/", headers=headers)


def answer(browser: Client, upload: StatementUpload, said: dict[str, str]) -> Any:
    response = browser.post(f"{PATH}wczytanie/{upload.pk}/odpowiedz/", said)
    import_upload(upload.pk)
    upload.refresh_from_db()
    return response


def test_a_table_is_asked_about_once_and_the_next_like_it_is_imported(
    agency: Agency, as_clerk: Client
) -> None:
    upload = send(as_clerk, WITH_BALANCE.encode())
    assert upload.state == State.ASKING
    asked = text_of(page(as_clerk, upload))
    assert "This bank's table is new to us." in asked
    assert "29,00 · -9,00" in asked
    assert "The file is of the account" not in asked
    assert not StatementFile.objects.exists()

    answer(as_clerk, upload, COLUMNS)
    assert upload.state == State.DONE
    assert ledger.balance_of(agency) == 29_00
    told = text_of(as_clerk.get(f"{PATH}wczytanie/{upload.pk}/", follow=True))
    assert "The statement is imported. 1 payment credited and invoiced." in told
    assert "Letters were read as UTF-8" in told

    assert send(as_clerk, LATER.encode()).state == State.DONE
    assert ledger.balance_of(agency) == 87_00
    check_books()


def test_a_table_that_is_known_is_imported_from_the_folder_too_until_it_is_forgotten(
    agency: Agency, as_clerk: Client, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(as_clerk, send(as_clerk, WITH_BALANCE.encode()), COLUMNS)
    monkeypatch.setattr("billing.statement_folder.SETTLED_AFTER", -1)
    (tmp_path / "a.csv").write_bytes(LATER.encode())
    import_folder(tmp_path)
    assert ledger.balance_of(agency) == 87_00
    assert "kiedy, ile, za co, kto, stan" in text_of(as_clerk.get(PATH))
    as_clerk.post(f"{PATH}uklady/{CsvLayout.objects.get().pk}/zapomnij/")
    (tmp_path / "b.csv").write_bytes(LATER.replace("58,00", "57,00").encode())
    import_folder(tmp_path)
    (reason,) = (tmp_path / "refused").glob("*.txt")
    assert "Na stronie Wyciągi wskażesz raz" in reason.read_text(encoding="utf-8")


def test_without_balances_and_account_the_person_gives_both_and_they_must_fit(
    agency: Agency, as_clerk: Client
) -> None:
    upload = send(as_clerk, WITHOUT_BALANCE.encode())
    said = {"encoding": "utf-8"} | {
        name: COLUMNS[name] for name in ("column_0", "column_1", "column_2")
    }
    refused = answer(as_clerk, upload, said)
    assert refused.status_code == 422
    text = text_of(refused)
    assert "The file does not say so: you have to." in text
    assert text.count("The file has no column of balances: copy it from the bank.") == 2

    answer(as_clerk, upload, {**said, "is_vouched": "on", "opening": "100,00", "closing": "130"})
    assert upload.state == State.ASKING
    asked = page(as_clerk, upload)
    assert "but the closing balance is 130,00" in text_of(asked)
    assert 'value="100,00"' in asked.content.decode()
    assert not StatementFile.objects.exists()

    answer(as_clerk, upload, {**said, "is_vouched": "on", "opening": "100,00", "closing": "129"})
    assert upload.state == State.DONE
    assert ledger.balance_of(agency) == 29_00

    # The columns are known by now; account and balances are said for each file anew.
    again = send(as_clerk, WITHOUT_BALANCE.replace("19", "20").encode())
    assert again.state == State.ASKING
    assert "The file does not name its account. Is it ours?" in text_of(page(as_clerk, again))
    check_books()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"column_0": ""}, "Choose the column of the day on which the bank booked."),
        ({"column_1": ""}, "Choose the column of the amount."),
        ({"column_2": ""}, "Choose the column of the title: it holds the code."),
        ({"column_3": "credit"}, "Amounts have a sign or columns of their own, not both."),
        ({"column_3": "balance"}, "Another column is this."),
        ({"column_3": "nonsense"}, "Select a valid choice."),
        ({"encoding": "utf-7"}, "Select a valid choice."),
        ({"column_4": "", "opening": "x"}, "Write the amount as 1 234,50."),
    ],
)
def test_answers_that_make_no_sense_are_told_and_nothing_is_read(
    said: dict[str, str], reason: str, as_clerk: Client
) -> None:
    upload = send(as_clerk, WITH_BALANCE.encode())
    response = answer(as_clerk, upload, {**COLUMNS, **said})
    assert response.status_code == 422
    assert reason in text_of(response)
    assert upload.state == State.ASKING
    assert not CsvLayout.objects.exists()


def test_columns_taken_wrongly_do_not_prove_and_are_not_remembered(as_clerk: Client) -> None:
    upload = send(as_clerk, WITH_BALANCE.encode())
    answer(as_clerk, upload, {**COLUMNS, "column_1": "balance", "column_4": "amount"})
    assert upload.state == State.ASKING
    assert "The balances in the file do not follow from its amounts" in text_of(
        page(as_clerk, upload)
    )
    assert not CsvLayout.objects.exists()
    assert not StatementFile.objects.exists()


def test_letters_in_doubt_are_shown_in_each_spelling_and_chosen_by_the_person(
    agency: Agency, as_clerk: Client
) -> None:
    # One Polish letter and one of another language.
    text = statement(
        ":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?00PRZELEW?20KOD 7K3M-9QW3?32MÜLLER ŁĄKA"
    )
    upload = send(as_clerk, text.encode("cp1250"))
    assert (upload.state, upload.reason) == (State.ASKING, "encoding")
    asked = text_of(page(as_clerk, upload))
    assert "Windows-1250" in asked
    assert "MÜLLER ŁĄKA" in asked
    answer(as_clerk, upload, {"encoding": "iso-8859-2"})
    assert Statement.objects.get().encoding == "iso-8859-2"
    assert BankLine.objects.get().payer_name != "MÜLLER ŁĄKA"
    assert ledger.balance_of(agency) == 58_00


def test_letters_beyond_doubt_are_not_asked_about(as_clerk: Client) -> None:
    text = statement(
        ":61:2603100310CN58,00NTRFNONREF//A1", ":86:020?00PRZELEW?20ZAŻÓŁĆ?32GĘŚLĄ – JAŹŃ"
    )
    assert send(as_clerk, text.encode("cp1250")).state == State.DONE
    assert BankLine.objects.get().payer_name == "GĘŚLĄ – JAŹŃ"
    assert Statement.objects.get().encoding_name == "Windows-1250"


def test_tables_in_an_archive_are_not_asked_about(as_clerk: Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("a.csv", WITH_BALANCE)
    upload = send(as_clerk, archive.getvalue(), "wyciagi.zip")
    assert upload.state == State.REFUSED
    assert "Import one like it on the page of statements" in text_of(page(as_clerk, upload))


def test_it_is_given_up_and_its_content_is_gone(as_clerk: Client) -> None:
    upload = send(as_clerk, WITH_BALANCE.encode())
    as_clerk.post(f"{PATH}wczytanie/{upload.pk}/porzuc/")
    upload.refresh_from_db()
    assert (upload.state, bytes(upload.content)) == (State.REFUSED, b"")
    assert "wyciag.csv" not in text_of(as_clerk.get(PATH))
    assert not answer(as_clerk, upload, COLUMNS).content
    assert not StatementFile.objects.exists()


def test_while_a_worker_has_it_the_page_asks_for_its_part_and_then_leads_on(
    agency: Agency, as_clerk: Client
) -> None:
    as_clerk.post(PATH, {"file": SimpleUploadedFile("a.sta", statement().encode())})
    upload = StatementUpload.objects.get()
    part = page(as_clerk, upload, hx_request="true")
    assert "every 1s" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "Is being read" in text_of(as_clerk.get(PATH))
    import_upload(upload.pk)
    done = page(as_clerk, upload, hx_request="true")
    assert done["HX-Redirect"] == f"{PATH}wczytanie/{upload.pk}/"


def test_a_script_that_sends_the_file_is_told_where_to_go(as_clerk: Client) -> None:
    file = SimpleUploadedFile("a.sta", statement().encode())
    response = as_clerk.post(PATH, {"file": file}, headers={"hx-request": "true"})
    upload = StatementUpload.objects.get()
    assert response["HX-Redirect"] == f"{PATH}wczytanie/{upload.pk}/"


def test_a_worker_that_died_after_booking_leaves_the_file_in_the_books(
    agency: Agency, billing_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = statement_uploads.start(statement().encode(), "a.sta", billing_clerk)
    with monkeypatch.context() as dying:
        dying.setattr(statement_uploads, "_finish", _die)
        with pytest.raises(KeyboardInterrupt):
            import_upload(upload.pk)
    import_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == State.BOOKING, "its lease is not over"
    StatementUpload.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    sweep_uploads()
    assert queued_jobs()[-1].args == (upload.pk,)
    import_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == State.DONE
    assert ledger.balance_of(agency) == 58_00
    check_books()


def test_a_worker_that_died_while_booking_leaves_nothing(
    agency: Agency, billing_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = statement_uploads.start(statement().encode(), "a.sta", billing_clerk)
    with monkeypatch.context() as dying:
        dying.setattr(statement_import, "match_lines", _die)
        with pytest.raises(KeyboardInterrupt):
            import_upload(upload.pk)
    assert not StatementFile.objects.exists()
    StatementUpload.objects.update(claimed_at=timezone.now() - timedelta(minutes=3))
    import_upload(upload.pk)
    assert ledger.balance_of(agency) == 58_00


def test_what_kills_workers_is_given_up_and_what_is_a_day_old_deleted(
    billing_clerk: User, as_clerk: Client
) -> None:
    upload = statement_uploads.start(statement().encode(), "a.sta", billing_clerk)
    StatementUpload.objects.update(
        attempts=3, claimed_at=timezone.now() - timedelta(minutes=3), language="en"
    )
    sweep_uploads()
    assert "manage.py importstatement" in text_of(page(as_clerk, upload))
    StatementUpload.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    sweep_uploads()
    assert not StatementUpload.objects.exists()


def test_others_see_no_uploads(as_clerk: Client, as_support: Client, as_owner: Client) -> None:
    upload = send(as_clerk, WITH_BALANCE.encode())
    assert page(as_support, upload).status_code == 403
    assert page(as_owner, upload).status_code == 403


def _die(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt
