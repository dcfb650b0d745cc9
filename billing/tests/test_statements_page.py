from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.jobs import enqueue
from accounts.models import Agency
from accounts.tests.jobs import take_jobs
from accounts.tests.pages import text_of
from billing import forms, ledger
from billing.models import StatementFile, StatementUpload
from billing.tasks import import_upload
from billing.tests.books import check_books, rows_in_the_books
from billing.tests.statement_files import LAYOUTS, sample, statement

PATH = "/operator/wyciagi/"
FOREIGN = "61109010140000071219812874"


def upload(browser: Client, content: bytes) -> Any:
    """Send a file, let the worker have it, and look at what became of it."""
    sent = send(browser, content)
    if sent.status_code != 302:
        return sent
    let_worker_import()
    return browser.get(sent["Location"], follow=True)


def let_worker_import() -> None:
    """Run the job of the newest upload; other jobs stay in the queue."""
    *others, job = take_jobs()
    for other in others:
        enqueue(other.func, *other.args)
    assert job.func == "billing.tasks.import_upload"
    import_upload(*job.args)


def send(browser: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("wyciag.sta", content, "application/octet-stream")
    return browser.post(PATH, {"file": file})


def test_a_statement_is_imported_and_its_lines_are_counted(
    agency: Agency, other_agency: Agency, as_clerk: Client
) -> None:
    response = upload(as_clerk, sample(LAYOUTS[0]))
    file = StatementFile.objects.get()
    assert response.redirect_chain == [(f"/operator/wyciagi/{file.pk}/", 302)]
    text = text_of(response)
    assert "The statement is imported. 7 payments credited and invoiced." in text
    assert "3 payments wait for your decision under Payments." in text
    assert "1 payment was taken back, since the bank reversed it." in text
    assert ledger.balance_of(agency) == 56400
    check_books()


def test_the_same_file_again_leads_to_its_first_import(as_clerk: Client) -> None:
    upload(as_clerk, statement().encode())
    before = rows_in_the_books()
    response = upload(as_clerk, statement().encode())
    file = StatementFile.objects.get()
    assert response.redirect_chain == [(f"/operator/wyciagi/{file.pk}/", 302)]
    assert "already. Nothing was credited again." in text_of(response)
    assert rows_in_the_books() == before


def test_known_lines_of_another_file_are_not_credited_again(
    agency: Agency, as_clerk: Client
) -> None:
    upload(as_clerk, statement().encode())
    text = text_of(upload(as_clerk, statement(end="-\r\n").encode()))
    assert "1 line was known from an earlier statement and was not credited again." in text
    assert "Every line of this file was known from earlier statements." in text
    later = text_of(as_clerk.get(f"/operator/wyciagi/{StatementFile.objects.latest('id').pk}/"))
    assert "Lines known before, not credited again 1" in later
    assert ledger.balance_of(agency) == 5800


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF file."),
        (b"PK\x03\x04 ...", "This is a spreadsheet or an archive"),
        (b"abc\0def", "This is not a text file."),
        (b"<?xml version='1.0'?><Document/>", "This XML file is not a CAMT.053 statement."),
        ("Dzień dobry".encode(), "This text is not a bank statement."),
        (statement().encode()[:90], "The file ends in the middle of a statement."),
        (statement(account=f"/PL{FOREIGN}").encode(), "The statement is of another account"),
        (statement(closing="C260310PLN99,00").encode(), "but the closing balance is 99,00."),
        (statement(closing=None).encode(), "The statement has no closing balance"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason_and_nothing_is_written(
    content: bytes, reason: str, as_clerk: Client
) -> None:
    response = upload(as_clerk, content)
    assert reason in text_of(response)
    assert 'type="file"' in response.content.decode()
    assert rows_in_the_books() == 0
    assert bytes(StatementUpload.objects.get().content) == b""


def test_a_file_beyond_the_limit_is_refused(
    as_clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MAX_STATEMENT_BYTES", 10)
    response = upload(as_clerk, statement().encode())
    assert response.status_code == 422
    assert "The file is larger than 20 MB." in text_of(response)


def test_without_a_file_the_form_asks_for_one(as_clerk: Client) -> None:
    response = as_clerk.post(PATH, {})
    assert response.status_code == 422
    assert "This field is required." in text_of(response)


def test_support_sees_the_files_and_may_not_import(as_clerk: Client, as_support: Client) -> None:
    upload(as_clerk, statement().encode())
    response = as_support.get(PATH)
    assert "wyciag.sta" in text_of(response)
    assert 'type="file"' not in response.content.decode()
    before = rows_in_the_books()
    assert upload(as_support, sample(LAYOUTS[0])).status_code == 403
    assert rows_in_the_books() == before


def test_the_list_counts_the_lines_of_each_file(agency: Agency, as_clerk: Client) -> None:
    upload(as_clerk, sample(LAYOUTS[0]))
    row = text_of(as_clerk.get(PATH)).partition("wyciag.sta ")[2].split()
    assert row[2:6] == ["Piotr", "Bank", "14", "6"]


def test_a_file_shows_what_became_of_each_line(agency: Agency, as_clerk: Client) -> None:
    upload(as_clerk, sample(LAYOUTS[0]))
    text = text_of(as_clerk.get(f"/operator/wyciagi/{StatementFile.objects.get().pk}/"))
    assert "Credited Ubezpieczenia Anna Żółć, FV/" in text
    assert "Waiting No known registration code in the title" in text
    assert "Not a payment Outgoing transfer or fee" in text
