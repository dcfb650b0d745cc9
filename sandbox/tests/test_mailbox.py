from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
import requests

from sandbox.testing import SandboxProcess

PDF = b"%PDF-1.4 invoice"


def invoice_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "MPS <mps@example.com>"
    mail["To"] = "agent@example.com"
    mail["Subject"] = "Faktura za doładowanie"
    mail.set_content("Dzień dobry, faktura w załączeniu.")
    mail.add_alternative("<p>Dzień <b>dobry</b></p><script>alert(1)</script>", subtype="html")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="faktura żółta.pdf")
    return mail


def deliver(sandbox: SandboxProcess, mail: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port) as smtp:
        smtp.send_message(mail)


def test_a_mail_is_kept_with_text_html_and_attachment(sandbox: SandboxProcess) -> None:
    deliver(sandbox, invoice_mail())
    [mail] = sandbox.mail(to="agent@example.com")
    assert mail["subject"] == "Faktura za doładowanie"
    assert (mail["to"], mail["from"]) == ("agent@example.com", "mps@example.com")
    assert "faktura w załączeniu" in mail["text"]
    assert "<b>dobry</b>" in mail["html"]
    [file] = mail["attachments"]
    assert (file["name"], file["type"]) == ("faktura żółta.pdf", "application/pdf")
    assert file["size"] == len(PDF)


def test_mail_is_narrowed_by_recipient(sandbox: SandboxProcess) -> None:
    deliver(sandbox, invoice_mail())
    assert sandbox.mail(to="somebody@example.com") == []


def test_a_pdf_opens_in_place(sandbox: SandboxProcess) -> None:
    deliver(sandbox, invoice_mail())
    response = requests.get(sandbox.mail()[0]["attachments"][0]["url"], timeout=10)
    assert response.content == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline")


def test_an_html_attachment_is_saved_not_opened(sandbox: SandboxProcess) -> None:
    mail = invoice_mail()
    mail.add_attachment(b"<script>", maintype="text", subtype="html", filename="x.html")
    deliver(sandbox, mail)
    response = requests.get(sandbox.mail()[0]["attachments"][1]["url"], timeout=10)
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_the_page_shows_the_mail_and_frames_its_html(sandbox: SandboxProcess) -> None:
    deliver(sandbox, invoice_mail())
    number = sandbox.mail()[0]["id"]
    page = requests.get(f"{sandbox.url}/mail/{number}/", timeout=10)
    assert "Faktura za doładowanie" in page.text
    assert "alert(1)" not in page.text
    framed = requests.get(f"{sandbox.url}/mail/{number}/html/", timeout=10)
    assert "<b>dobry</b>" in framed.text
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy


def test_a_mail_server_that_is_down_answers_451(sandbox: SandboxProcess) -> None:
    sandbox.faults(smtp_down=True)
    with pytest.raises(smtplib.SMTPSenderRefused) as caught:
        deliver(sandbox, invoice_mail())
    assert caught.value.smtp_code == 451
    assert sandbox.mail() == []


def test_a_missing_mail_or_attachment_is_not_found(sandbox: SandboxProcess) -> None:
    deliver(sandbox, invoice_mail())
    number = sandbox.mail()[0]["id"]
    for path in (f"/mail/{number + 1}/", f"/mail/{number}/attachments/7/"):
        assert requests.get(sandbox.url + path, timeout=10).status_code == 404
